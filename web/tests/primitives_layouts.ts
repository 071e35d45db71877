// Calls the primitives that lay words out anew, and compares with the CPU.

import { someWords, type Case } from "./primitives_kit";
import { kPhiloxZero, morton, range } from "./primitives_oracle";

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
