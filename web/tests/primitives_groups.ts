// Calls the primitives that sort, sum or fold segments, groups, bins or all, and compares with the CPU.

import type { Case } from "./primitives_kit";
import { someWords } from "./primitives_kit";
import { groupStatistics } from "../src/primitives/primitives";
import { kNone, range, sortedRows } from "./primitives_oracle";

/** Where segments of a list begin, and its end. */
function someOffsets(n: number): number[] {
  return [...range(Math.ceil(n / 37)).map((i) => i * 37), n];
}

export const sortsOfSegments: Case = async (kit, n) => {
  const list = someWords(n, 300).map((key) => key * 9_000_000);
  const offsetList = someOffsets(n);
  const segmentCount = offsetList.length - 1;
  const order = range(segmentCount).flatMap((i) => {
    const [begin, end] = [offsetList[i]!, offsetList[i + 1]!];
    return sortedRows(list.slice(begin, end), true).map((row) => begin + row);
  });
  const [keys, values, offsets] = [kit.words(list), kit.words(range(n)), kit.words(offsetList)];
  const [sortedKeys, sortedValues, count] = [kit.results(n), kit.results(n), kit.count(n)];
  for (const hasValues of [false, true]) {
    const moved = hasValues ? { values, sortedValues } : {};
    await kit.run("segmentedSort", { hasValues }, (frame) =>
      frame.segmentedSort({
        hasValues,
        keys,
        count,
        offsets,
        segmentCount,
        sortedKeys,
        descending: true,
        ...moved,
      }),
    );
    await kit.expect(
      "segmentedSort",
      sortedKeys,
      order.map((i) => list[i]!),
    );
  }
  await kit.expect("segmentedSort's values", sortedValues, order);
};

export const statisticsOfGroups: Case = async (kit, n) => {
  const list = someWords(n, 3000).map((value) => (value - 1500) / 16);
  const codeList = someWords(n, 20);
  const [codes, values, count, groups] = [kit.words(codeList), kit.floats(list), kit.count(n), kit.results(16 * 13)];
  const options = { type: "f32", groupCount: 16 } as const;
  await kit.run("groupBy", options, (frame) => frame.groupBy({ ...options, codes, values, count, groups }));
  const floats = await kit.read(groups);
  const integerOptions = { type: "i32", groupCount: 16 } as const;
  const integers = kit.words(list.map((value) => (value * 16) >>> 0));
  await kit.run("groupBy", integerOptions, (frame) =>
    frame.groupBy({ ...integerOptions, codes, values: integers, count, groups }),
  );
  const whole = await kit.read(groups);
  // The same times 2^33, so that both words of each count.
  const wideOptions = { type: "i64", groupCount: 16 } as const;
  const wideList = kit.words(list.flatMap((value) => [0, (value * 32) >>> 0]));
  await kit.run("groupBy", wideOptions, (frame) =>
    frame.groupBy({ ...wideOptions, codes, values: wideList, count, groups }),
  );
  const wide = await kit.read(groups);
  for (const group of range(16)) {
    const own = list.filter((_, i) => codeList[i] === group);
    const sum = own.reduce((a, b) => a + b, 0);
    const squares = own.reduce((a, b) => a + b * b, 0);
    const isEmpty = own.length === 0;
    const wanted = [
      own.length,
      sum,
      isEmpty ? 0 : sum / own.length,
      isEmpty ? 0 : squares / own.length - (sum / own.length) ** 2,
      isEmpty ? NaN : Math.min(...own),
      isEmpty ? NaN : Math.max(...own),
    ];
    const of = groupStatistics(floats, group, "f32");
    const got = [of.count, of.sum, of.mean, of.variance, of.smallest, of.largest];
    if (got.some((value, i) => Math.abs(value - wanted[i]!) > 1e-6)) {
      kit.complaints.push(`groupBy of floats: group ${group} has ${got.join(", ")}, not ${wanted.join(", ")}`);
    }
    const ofWhole = groupStatistics(whole, group, "i32");
    const ofWide = groupStatistics(wide, group, "i64");
    const scaled = [ofWide.sum, ofWide.smallest, ofWide.largest].map((value) => value / 2 ** 33);
    if (
      scaled.some((value, i) => value !== [ofWhole.sum, ofWhole.smallest, ofWhole.largest][i]) ||
      Math.abs(ofWide.variance / 2 ** 66 - ofWhole.variance) > 1e-6
    ) {
      kit.complaints.push(`groupBy of i64: group ${group} is ${scaled.join(", ")}, unlike i32`);
    }
    if (ofWhole.sum !== sum * 16 || Math.abs(ofWhole.variance - 256 * of.variance) > 1e-3) {
      kit.complaints.push(`groupBy of i32: group ${group} has the sum ${ofWhole.sum}, not ${sum * 16}`);
    }
  }
};

export const quantilesOfGroups: Case = async (kit, n) => {
  const list = someWords(n, 5000);
  const codeList = list.map((value) => (value * 7) % 12);
  const [codes, values, count] = [kit.words(codeList), kit.words(list), kit.count(n)];
  const [result, sorted] = [kit.results(20), kit.results(n)];
  await kit.run("groupedQuantiles", {}, (frame) =>
    frame.groupedQuantiles({
      codes,
      values,
      count,
      groupCount: 10,
      quantiles: [
        [1, 2],
        [9, 10],
      ],
      result,
      sorted,
    }),
  );
  const wanted = range(10).flatMap((group) => {
    const own = list.filter((_, i) => codeList[i] === group).sort((a, b) => a - b);
    return [0.5, 0.9].map((share) => own[Math.max(Math.ceil(share * own.length) - 1, 0)] ?? 0);
  });
  await kit.expect("groupedQuantiles", result, wanted);
};

export const states: Case = async (kit, n) => {
  const list = someWords(n, 1000);
  const [values, count, result] = [kit.words(list), kit.count(n), kit.results(4)];
  const program = {
    wgsl: `@group(1) @binding(0) var<storage, read> values: array<u32>;
      struct State { count: u32, least: u32, most: u32, last: u32 }
      fn identity() -> State { return State(0u, 0xffffffffu, 0u, 0u); }
      fn lift(row: u32) -> State { return State(1u, values[row], values[row], values[row]); }
      fn combine(a: State, b: State) -> State {
        return State(a.count + b.count, min(a.least, b.least), max(a.most, b.most), select(b.last, a.last, b.count == 0u));
      }`,
    buffers: [values],
  };
  const options = { program, stateWords: 4 };
  await kit.run("foldStates", options, (frame) => frame.foldStates({ ...options, count, mostRows: n, result }));
  await kit.expect("foldStates", result, [n, Math.min(kNone, ...list), Math.max(0, ...list), list.at(-1) ?? 0]);
  const [each, total] = [kit.results(n * 4), kit.results(4)];
  await kit.run("scanStates", options, (frame) => frame.scanStates({ ...options, count, result: each, total }));
  await kit.expect("scanStates' total", total, [n, Math.min(kNone, ...list), Math.max(0, ...list), list.at(-1) ?? 0]);
  let before = [0, kNone, 0, 0];
  const wanted = list.flatMap((value, i) => {
    const given = before;
    before = [i + 1, Math.min(before[1]!, value), Math.max(before[2]!, value), value];
    return given;
  });
  await kit.expect("scanStates", each, wanted);
};

export const sumsOfFloats: Case = async (kit, n) => {
  const list = someWords(n, 100_000).map((value, i) => (i % 2 ? 1 : -1) * Math.fround(value * 1e6));
  const [values, count, result] = [kit.floats(list), kit.count(n), kit.results(4)];
  await kit.run("sumFloats", {}, (frame) => frame.sumFloats({ values, count, result }));
  // Integers below 2^53, so that their sum in doubles is exact.
  const total = list.reduce((a, b) => a + b, 0);
  const [low, high] = new Uint32Array(new Float64Array([total]).buffer);
  const [single] = new Uint32Array(new Float32Array([total]).buffer);
  await kit.expect("sumFloats", result, [low!, high!, single!, n]);
};

export const pictures: Case = async (kit, n) => {
  const [xList, yList, list] = [someWords(n, 120), someWords(n, 90), someWords(n, 5000)];
  const [xs, ys, values, count] = [kit.floats(xList), kit.floats(yList), kit.floats(list), kit.count(n)];
  const plane = { xs, ys, count, columns: 10, rows: 8, xHigh: 100, yHigh: 80 };
  const bins = range(80).map((bin) =>
    list.filter((_, i) => {
      const [x, y] = [xList[i]!, yList[i]!];
      // The last bins hold the upper ends too.
      const [column, row] = [
        Math.min(Math.floor(x / 10), x > 100 ? 99 : 9),
        Math.min(Math.floor(y / 10), y > 80 ? 99 : 7),
      ];
      return column < 10 && row < 8 && row * 10 + column === bin;
    }),
  );
  const asFloats = (numbers: number[]): Uint32Array =>
    new Uint32Array(Float32Array.from(numbers).buffer).map((bits) => (bits === 0xffc00000 ? 0x7fc00000 : bits));
  const total = (own: number[]): number => own.reduce((a, b) => a + b, 0);
  const wanted = {
    counts: bins.map((own) => own.length),
    sums: asFloats(bins.map(total)),
    smallest: asFloats(bins.map((own) => (own.length > 0 ? Math.min(...own) : NaN))),
    largest: asFloats(bins.map((own) => (own.length > 0 ? Math.max(...own) : NaN))),
    means: asFloats(bins.map((own) => (own.length > 0 ? total(own) / own.length : NaN))),
  };
  for (const [of, elements] of Object.entries(wanted) as [keyof typeof wanted, ArrayLike<number>][]) {
    const [result, counts] = [kit.results(80), kit.results(80)];
    const more = of === "counts" ? {} : { values, counts };
    await kit.run("pointDensity", { of }, (frame) => frame.pointDensity({ of, ...plane, ...more, result }));
    await kit.expect(`pointDensity of ${of}`, result, elements);
    if (of !== "counts") await kit.expect(`pointDensity's counts beside ${of}`, counts, wanted.counts);
  }
  const result = kit.results(160);
  const ofWhole = { of: "sums", type: "i32" } as const;
  const whole = kit.words(list.map((value) => -value >>> 0));
  await kit.run("pointDensity", ofWhole, (frame) =>
    frame.pointDensity({ ...ofWhole, ...plane, values: whole, result }),
  );
  const parts = bins.flatMap((own) => [-total(own) >>> 0, total(own) > 0 ? kNone : 0]);
  await kit.expect("pointDensity of integers", result, parts);
  const ofTwoWords = { of: "smallest", type: "i64" } as const;
  // All have one upper word.
  const pairs = kit.words(list.flatMap((value) => [value, kNone]));
  await kit.run("pointDensity", ofTwoWords, (frame) =>
    frame.pointDensity({ ...ofTwoWords, ...plane, values: pairs, result }),
  );
  const smallest = bins.flatMap((own) => (own.length > 0 ? [Math.min(...own), kNone] : [kNone, 0x7fffffff]));
  await kit.expect("pointDensity of integers of two words", result, smallest);
};
