// Calls the primitives that lay words out anew, and compares with the CPU.

import { someWords, type Case } from "./primitives_kit";
import { kPhiloxZero, morton, range, sortedRows } from "./primitives_oracle";

export const layouts: Case = async (kit, n) => {
  const [xList, yList] = [someWords(n, 65536), someWords(n, 65521)];
  const [xs, ys, codes, x, y] = [kit.words(xList), kit.words(yList), kit.results(n), kit.results(n), kit.results(n)];
  const count = kit.count(n);
  await kit.run("mortonEncode", {}, (frame) => frame.mortonEncode({ xs, ys, count, codes }));
  await kit.expect(
    "mortonEncode",
    codes,
    xList.map((value, i) => morton(value, yList[i]!)),
  );
  await kit.run("mortonDecode", {}, (frame) => frame.mortonDecode({ xs: x, ys: y, count, codes }));
  await kit.expect("mortonDecode", y, yList);
  const zList = someWords(n, 1000).reverse();
  const [low, zs, z] = [xList.map((value) => value % 1024), kit.words(zList), kit.results(n)];
  const deep = { hasZ: true };
  const [lowXs, lowYs] = [kit.words(low), kit.words(low)];
  await kit.run("mortonEncode", deep, (frame) =>
    frame.mortonEncode({ ...deep, xs: lowXs, ys: lowYs, zs, count, codes }),
  );
  await kit.expect(
    "mortonEncode of three",
    codes,
    low.map((value, i) => morton(value, value, zList[i]!)),
  );
  await kit.run("mortonDecode", deep, (frame) => frame.mortonDecode({ ...deep, xs: x, ys: y, zs: z, count, codes }));
  await kit.expect("mortonDecode of three", z, zList);
  await kit.run("randomNumbers", {}, (frame) => frame.randomNumbers({ count, result: codes }));
  await kit.expect("randomNumbers", codes, n < 4 ? kPhiloxZero.slice(0, n) : kPhiloxZero);
  const packed = kit.words(
    xList.filter((_, i) => i % 2 === 0).map((value, i) => (value | ((xList[2 * i + 1] ?? 0) << 16)) >>> 0),
  );
  await kit.run("unpack", {}, (frame) => frame.unpack({ packed, bits: 16, count, result: x }));
  await kit.expect("unpack", x, xList);
  const places = range(n).map((i) => n - 1 - i);
  const indices = kit.words(places);
  await kit.run("gather", {}, (frame) => frame.gather({ indices, count, values: xs, result: x }));
  await kit.expect(
    "gather",
    x,
    places.map((i) => xList[i]!),
  );
  await kit.run("scatter", {}, (frame) => frame.scatter({ indices, count, values: ys, result: y }));
  await kit.expect(
    "scatter",
    y,
    places.map((i) => yList[i]!),
  );
};

/** Numbers of 8 bits as Parquet writes them: of each hundred the first 60 are one repeated. */
function hybridBytes(list: number[]): Uint8Array {
  const bytes: number[] = [];
  for (let begin = 0; begin < list.length; begin += 100) {
    const part = list.slice(begin, begin + 100);
    const repeated = Math.min(60, part.length);
    bytes.push(repeated * 2, part[0]!);
    const packed = part.slice(60);
    const groups = Math.ceil(packed.length / 8);
    if (groups > 0) bytes.push(groups * 2 + 1, ...packed, ...new Array<number>(groups * 8 - packed.length).fill(0));
  }
  return Uint8Array.from(bytes);
}

export const hybrids: Case = async (kit, n) => {
  const any = someWords(n, 256);
  const list = any.map((value, i) => (i % 100 < 60 ? any[i - (i % 100)]! : value));
  const written = hybridBytes(list);
  const table = kit.primitives.hybridRuns(written, 8, n);
  const bytes = kit.words(
    new Uint32Array(new Uint8Array([...written, 0, 0, 0, 0]).buffer.slice(0, (written.length + 4) & ~3)),
  );
  const [runs, count, result] = [kit.words(table), kit.count(n), kit.results(n)];
  const runCount = table.length / 3 || 1;
  await kit.run("hybridDecode", {}, (frame) => frame.hybridDecode({ runs, runCount, bytes, count, result }));
  await kit.expect("hybridDecode", result, list);
};

export const samples: Case = async (kit, n) => {
  const [words, rows, resultCount, count] = [
    kit.results(n),
    kit.results(Math.max(n, 100)),
    kit.results(1),
    kit.count(n),
  ];
  const bits = kit.results(Math.ceil(n / 32));
  const random = { seed: 42, stream: 1, count };
  await kit.run("randomNumbers", {}, (frame) => frame.randomNumbers({ ...random, result: words }));
  const list = Array.from(await kit.read(words)).slice(0, n);
  const k = Math.min(100, n);
  await kit.run("sampleRows", {}, (frame) => frame.sampleRows({ ...random, k: 100, words, rows, resultCount }));
  await kit.expect(
    "sampleRows",
    rows,
    sortedRows(list)
      .slice(0, k)
      .sort((a, b) => a - b),
  );
  await kit.expect("sampleRows' count", resultCount, [k]);
  await kit.run("bernoulliRows", {}, (frame) =>
    frame.bernoulliRows({ ...random, chance: 0.25, bits, rows, resultCount }),
  );
  const drawn = range(n).filter((row) => list[row]! < 2 ** 30);
  await kit.expect("bernoulliRows", rows, drawn);
  await kit.expect("bernoulliRows' count", resultCount, [drawn.length]);
};

/** Differences of 8 bits from 0 on, in blocks of 128 that are one miniblock. */
function deltaBytes(list: number[]): Uint8Array {
  const number = (value: number): number[] => (value < 128 ? [value] : [(value % 128) + 128, ...number(value >>> 7)]);
  const bytes = [...number(128), 1, ...number(list.length), ...number((list[0] ?? 0) * 2)];
  for (let first = 1; first < list.length; first += 128) {
    bytes.push(
      0,
      8,
      ...range(128).map((k) => (list[first + k] ?? list[first + k - 1] ?? 0) - (list[first + k - 1] ?? 0)),
    );
  }
  return Uint8Array.from(bytes);
}

export const deltas: Case = async (kit, n) => {
  let number = 70;
  const list = someWords(n, 200).map((delta) => (number += delta));
  const written = deltaBytes(list);
  const padded = new Uint32Array(new Uint8Array([...written, 0, 0, 0, 0]).buffer.slice(0, (written.length + 4) & ~3));
  const bytes = kit.words(padded);
  for (const type of ["i32", "u64"] as const) {
    const { runCount, ...table } = kit.primitives.deltaBlocks(written, type);
    if (table.count !== n) kit.complaints.push(`deltaBlocks found ${table.count} numbers`);
    const [runs, least, count] = [kit.words(table.runs), kit.words(table.least), kit.count(n)];
    const words = type === "i32" ? 1 : 2;
    const [differences, result] = [kit.results(n * words), kit.results(n * words)];
    await kit.run("deltaDecode", { type }, (frame) =>
      frame.deltaDecode({ type, runs, least, runCount, bytes, count, result, deltas: differences }),
    );
    await kit.expect(`deltaDecode of ${type}`, result, words === 1 ? list : list.flatMap((value) => [value, 0]));
  }
};
