// Calls every primitive in the page that loads it, as a program of somebody else would, and compares with the CPU.

import { Primitives } from "../src/primitives/primitives";
import type { Tier } from "../src/messages";
import { openDevice } from "../src/gpu/open_device";
import {
  pictures,
  quantilesOfGroups,
  sortsOfSegments,
  states,
  statisticsOfGroups,
  sumsOfFloats,
} from "./primitives_groups";
import { Kit, someWords, type Case } from "./primitives_kit";
import { deltas, hybrids, layouts, samples } from "./primitives_layouts";
import { bound, kNone, range, runStarts, scanned, segments, sortedRows, sum } from "./primitives_oracle";

/** `runs`: so many rows, and whether their count lies on the GPU. */
export type CheckPrimitives = (tier: Tier, runs: [rows: number, countOnGpu: boolean][]) => Promise<string[]>;
export type CheckErrors = () => Promise<string[]>;
export type CheckMistakes = () => Promise<(string | null)[]>;
export type MeasureCalls = (sanitize: boolean) => Promise<{ openMs: number; firstMs: number; callUs: number }>;

const scans: Case = async (kit, n) => {
  const list = someWords(n, 1000);
  const [values, result, total] = [kit.words(list), kit.results(n), kit.results(1)];
  const count = kit.count(n);
  await kit.run("scan", {}, (frame) => frame.scan({ values, count, result, total, inclusive: true }));
  await kit.expect("scan", result, scanned(list, true));
  await kit.expect("scan's total", total, [sum(list)]);
  await kit.run("fold", { op: "max" }, (frame) => frame.fold({ op: "max", values, count, result: total }));
  await kit.expect("fold", total, [Math.max(0, ...list)]);
  const monoid = {
    wgsl: `@group(1) @binding(0) var<storage, read> modulus: array<u32>;
      fn identity() -> u32 { return 0u; }
      fn combine(a: u32, b: u32) -> u32 { return (a + b) % modulus[0]; }`,
    buffers: [kit.words([97])],
  };
  const smallList = someWords(n, 97);
  const small = kit.words(smallList);
  await kit.run("fold", { monoid }, (frame) => frame.fold({ monoid, values: small, count, result: total }));
  await kit.expect("fold by a monoid", total, [sum(smallList) % 97]);
  await kit.run("scan", { monoid }, (frame) => frame.scan({ monoid, values: small, count, result }));
  await kit.expect(
    "scan by a monoid",
    result,
    scanned(smallList, false).map((value) => value % 97),
  );
  for (const name of ["argmin", "argmax"] as const) {
    await kit.run(name, {}, (frame) => frame[name]({ values, count, result: total }));
    const extreme = name === "argmin" ? Math.min(...list) : Math.max(...list);
    await kit.expect(name, total, [n === 0 ? kNone : list.indexOf(extreme)]);
  }
};

const selections: Case = async (kit, n) => {
  const list = someWords(n, 1000);
  const kept = range(n).filter((i) => list[i]! % 3 === 0);
  const others = range(n).filter((i) => list[i]! % 3 !== 0);
  const flags = kit.words(list.map((value) => (value % 3 === 0 ? 5 : 0)));
  const [values, result, rows, keptCount] = [kit.words(list), kit.results(n), kit.results(n), kit.results(1)];
  const count = kit.count(n);
  const keep = { flags };
  await kit.run("countIf", { keep }, (frame) => frame.countIf({ keep, count, result: keptCount }));
  await kit.expect("countIf", keptCount, [kept.length]);
  const options = { keep, hasRows: true };
  await kit.run("compact", options, (frame) => frame.compact({ ...options, values, count, result, rows, keptCount }));
  await kit.expect(
    "compact",
    result,
    kept.map((i) => list[i]!),
  );
  await kit.expect("compact's rows", rows, kept);
  await kit.expect("compact's count", keptCount, [kept.length]);
  await kit.run("partition", options, (frame) =>
    frame.partition({ ...options, values, count, result, rows, keptCount }),
  );
  await kit.expect("partition", rows, [...kept, ...others]);
  const program = {
    keep: {
      wgsl: `@group(1) @binding(0) var<storage, read> numbers: array<u32>;
        fn keep(row: u32) -> bool { return numbers[row] < 500u; }`,
      buffers: [values],
    },
  };
  await kit.run("countIf", program, (frame) => frame.countIf({ ...program, count, result: keptCount }));
  await kit.expect("countIf of a program", keptCount, [list.filter((value) => value < 500).length]);
};

const runsOfKeys: Case = async (kit, n) => {
  const keys = range(n).map((i) => Math.floor(i / (1 + (i % 7))) >>> 3);
  const starts = runStarts(keys);
  const lengths = segments(keys, starts).map((run) => run.length);
  const [values, result, more, resultCount] = [kit.words(keys), kit.results(n), kit.results(n), kit.results(1)];
  const count = kit.count(n);
  const first = starts.map((i) => keys[i]!);
  await kit.run("unique", {}, (frame) => frame.unique({ values, count, result, resultCount }));
  await kit.expect("unique", result, first);
  await kit.expect("unique's count", resultCount, [starts.length]);
  await kit.run("runLengthEncode", {}, (frame) =>
    frame.runLengthEncode({ values, count, runValues: result, lengths: more, runCount: resultCount }),
  );
  await kit.expect("runLengthEncode", more, lengths);
  const decoded = kit.results(n);
  const runCount = { buffer: kit.words([starts.length]) };
  await kit.run("runLengthDecode", {}, (frame) =>
    frame.runLengthDecode({ runValues: result, lengths: more, runCount, result: decoded, resultCount }),
  );
  await kit.expect("runLengthDecode", decoded, keys);

  const list = someWords(n, 100);
  const summands = kit.words(list);
  const cut = segments(list, starts);
  const heads = { runStarts: values };
  await kit.run("scanByKey", { heads }, (frame) => frame.scanByKey({ heads, values: summands, count, result }));
  await kit.expect(
    "scanByKey",
    result,
    cut.flatMap((segment) => scanned(segment, false)),
  );
  await kit.run("reduceByKey", { heads }, (frame) =>
    frame.reduceByKey({ heads, values: summands, count, result, starts: more, segmentCount: resultCount }),
  );
  await kit.expect("reduceByKey", result, cut.map(sum));
  await kit.expect("reduceByKey's starts", more, starts);
  const offsets = kit.words([...starts, n]);
  await kit.run("segmentedReduce", {}, (frame) =>
    frame.segmentedReduce({ values: summands, count, offsets, segmentCount: starts.length, result }),
  );
  await kit.expect("segmentedReduce", result, cut.map(sum));
};

const orders: Case = async (kit, n) => {
  const list = someWords(n, 300).map((key) => key * 9_000_000);
  const order = sortedRows(list);
  const ascending = order.map((i) => list[i]!);
  const [keys, sortedKeys, values, sortedValues] = [
    kit.words(list),
    kit.results(n),
    kit.words(range(n)),
    kit.results(n),
  ];
  const count = kit.count(n);
  const pairs = { hasValues: true };
  await kit.run("sort", pairs, (frame) => frame.sort({ ...pairs, keys, count, sortedKeys, values, sortedValues }));
  await kit.expect("sort", sortedKeys, ascending);
  await kit.expect("sort's values", sortedValues, order);
  const numbers = list.map((value, i) => (i % 2 ? value : -value));
  const floatKeys = kit.floats(numbers);
  await kit.run("sort", { type: "f32" }, (frame) =>
    frame.sort({ type: "f32", keys: floatKeys, count, sortedKeys, descending: true }),
  );
  const falling = Float32Array.from(numbers).sort().reverse();
  await kit.expect("sort of floats", sortedKeys, new Uint32Array(falling.buffer));

  const sorted = kit.words(ascending);
  for (const name of ["lowerBound", "upperBound"] as const) {
    await kit.run(name, {}, (frame) => frame[name]({ sorted, sortedCount: n, keys, count, result: sortedKeys }));
    const upper = name === "upperBound";
    await kit.expect(
      name,
      sortedKeys,
      list.slice(0, 50).map((key) => bound(ascending, key, upper)),
    );
  }
  const half = n >> 1;
  const [a, b] = [ascending.slice(0, half), ascending.slice(half).map((key) => key + 7)];
  const [aKeys, bKeys] = [kit.words(a), kit.words(b)];
  await kit.run("merge", {}, (frame) =>
    frame.merge({ aKeys, bKeys, aCount: a.length, bCount: b.length, mergedKeys: sortedKeys }),
  );
  await kit.expect("merge", sortedKeys, Uint32Array.from([...a, ...b]).sort());
  const distinct = kit.results(1);
  await kit.run("countDistinct", {}, (frame) =>
    frame.countDistinct({ values: keys, count, sorted: sortedKeys, result: distinct }),
  );
  await kit.expect("countDistinct", distinct, [new Set(list).size]);
  const [k, largest, rows, resultCount] = [Math.min(n, 20), kit.results(20), kit.results(20), kit.results(1)];
  for (const name of ["topK", "bottomK"] as const) {
    await kit.run(name, {}, (frame) => frame[name]({ values: keys, count, k: 20, result: largest, rows, resultCount }));
    await kit.expect(name, rows, sortedRows(list, name === "topK").slice(0, k));
    await kit.expect(`${name}'s count`, resultCount, [k]);
  }
  const median = kit.results(2);
  await kit.run("quantiles", {}, (frame) =>
    frame.quantiles({
      values: keys,
      count,
      quantiles: [
        [1, 2],
        [99, 100],
      ],
      result: median,
    }),
  );
  const at = (share: number): number => ascending[Math.max(Math.ceil(share * n) - 1, 0)]!;
  if (n > 0) await kit.expect("quantiles", median, [at(0.5), at(0.99)]);
};

const bins: Case = async (kit, n) => {
  const list = someWords(n, 300);
  const [values, count, counts] = [kit.words(list), kit.count(n), kit.results(256)];
  const counted = (of: number[], binCount: number): number[] =>
    range(binCount).map((bin) => of.filter((value) => value === bin).length);
  await kit.run("histogram", {}, (frame) => frame.histogram({ values, count, counts }));
  await kit.expect("histogram", counts, counted(list, 256));
  const edgeList = kit.primitives.histogramEdges(0, 300, 10);
  const floats = { of: "floats", binCount: 10 } as const;
  const [floatValues, edges] = [kit.floats(list), kit.floats(edgeList)];
  await kit.run("histogram", floats, (frame) =>
    frame.histogram({ ...floats, values: floatValues, count, edges, low: 0, high: 300, counts }),
  );
  await kit.expect(
    "histogram of floats",
    counts,
    counted(
      list.map((value) => Math.floor(value / 30)),
      10,
    ),
  );
  const groupOptions = { groupCount: 16 };
  const codes = kit.words(list.map((value) => value % 16));
  const groups = kit.results(128);
  await kit.run("groupBy", groupOptions, (frame) => frame.groupBy({ ...groupOptions, codes, values, count, groups }));
  const of = (group: number): number[] => list.filter((value) => value % 16 === group);
  const told = await kit.read(groups);
  await kit.expect(
    "groupBy",
    kit.words(range(16).flatMap((group) => [told[group * 8]!, told[group * 8 + 3]!])),
    range(16).flatMap((group) => [of(group).length, sum(of(group))]),
  );
  const offsetList = range(11).map((i) => Math.floor((i * n) / 10));
  const [offsets, extremes, rows] = [kit.words(offsetList), kit.results(20), kit.results(40)];
  const m4 = { type: "u32", hasRows: true } as const;
  await kit.run("envelope", m4, (frame) =>
    frame.envelope({ ...m4, values, count, offsets, columnCount: 10, extremes, rows }),
  );
  const columns = range(10).map((i) => list.slice(offsetList[i], offsetList[i + 1]));
  const smallestAndLargest = columns.flatMap((column) =>
    column.length === 0 ? [0, 0] : [Math.min(...column), Math.max(...column)],
  );
  await kit.expect("envelope", extremes, smallestAndLargest);
  const firsts = columns.map((column, i) => (column.length === 0 ? kNone : offsetList[i]!));
  const toldRows = await kit.read(rows);
  await kit.expect("envelope's rows", kit.words(range(10).map((i) => toldRows[4 * i]!)), firsts);
  const wide = { type: "i64" } as const;
  const pairs = kit.words(list.flatMap((value) => [value, 0xffffffff]));
  const wideExtremes = kit.results(40);
  await kit.run("envelope", wide, (frame) =>
    frame.envelope({ ...wide, values: pairs, count, offsets, columnCount: 10, extremes: wideExtremes }),
  );
  const negative = columns.flatMap((column, i) =>
    smallestAndLargest.slice(2 * i, 2 * i + 2).flatMap((value) => (column.length === 0 ? [0, 0] : [value, 0xffffffff])),
  );
  await kit.expect("envelope of two words", wideExtremes, negative);
};

const kPrimitives = 40;

const checkPrimitives: CheckPrimitives = async (tier, runs) => {
  const { device } = await openDevice(navigator.gpu, tier);
  const complaints: string[] = [];
  device.addEventListener("uncapturederror", (event) => complaints.push(event.error.message));
  const primitives = await Primitives.open(device, { onError: (error) => complaints.push(error.message) });
  for (const [rows, countOnGpu] of runs) {
    const kit = new Kit(device, primitives, countOnGpu);
    for (const each of [
      scans,
      selections,
      runsOfKeys,
      orders,
      bins,
      layouts,
      hybrids,
      samples,
      deltas,
      sortsOfSegments,
      statisticsOfGroups,
      quantilesOfGroups,
      states,
      sumsOfFloats,
      pictures,
    ]) {
      await each(kit, rows);
    }
    if (kit.called.size !== kPrimitives) kit.complaints.push(`${kit.called.size} primitives were called.`);
    const where = `${rows} rows, count ${countOnGpu ? "on the GPU" : "known"}`;
    complaints.push(...kit.complaints.map((complaint) => `${where}: ${complaint}`));
  }
  primitives.destroy();
  // The device and its buffers are the caller's still.
  const after = new Kit(device, primitives, false);
  await after.expect("a buffer after all", after.words([1, 2, 3, 4]), [1, 2, 3, 4]);
  device.destroy();
  return [...complaints, ...after.complaints];
};

const kOneWord = `fn identity() -> State { return State(); } fn lift(row: u32) -> State { return State(); }
  fn combine(a: State, b: State) -> State { return a; }`;

/** What is said of uses that cannot be, each in one sentence. */
const checkErrors: CheckErrors = async () => {
  const { device } = await openDevice(navigator.gpu, "full");
  const told: string[] = [];
  const primitives = await Primitives.open(device, { onError: (error) => told.push(error.message) });
  const kit = new Kit(device, primitives, false);
  const [keys, sortedKeys] = [kit.words(range(100)), kit.results(100)];
  const said = (what: () => void): string => {
    try {
      what();
      return "nothing";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const messages = [said(() => primitives.frame().sort({ keys, count: 100, sortedKeys }))];
  await primitives.prepare("sort", {});
  const frame = primitives.frame();
  messages.push(
    said(() => frame.sort({ keys, count: 1000, sortedKeys })),
    said(() => frame.sort({ keys, count: 100, sortedKeys: keys })),
    said(() => frame.sort({ keys: undefined as unknown as GPUBuffer, count: 100, sortedKeys })),
    said(() => frame.sort({ keys, count: -1, sortedKeys })),
    said(() => frame.sort({ type: "f64" as "f32", keys, count: 100, sortedKeys })),
  );
  frame.submit();
  messages.push(
    said(() => frame.submit()),
    said(() => primitives.hybridRuns(new Uint8Array([2]), 8, 5)),
  );
  const broken = { monoid: { wgsl: "fn identity() -> u32 { return nothing; }" } };
  messages.push(
    await primitives.prepare("fold", broken).then(
      () => "nothing",
      (error: Error) => error.message,
    ),
  );
  const large = {
    program: { wgsl: `${kOneWord} struct State { words: array<u32, 9> }` },
    stateWords: 8,
  };
  messages.push(
    await primitives.prepare("foldStates", large).then(
      () => "nothing",
      (error: Error) => error.message,
    ),
  );
  // A destroyed buffer is refused when the work is submitted, and the frame after it is sound.
  const gone = kit.words(range(100));
  const bad = primitives.frame();
  gone.destroy();
  bad.sort({ keys: gone, count: 100, sortedKeys });
  bad.submit();
  await device.queue.onSubmittedWorkDone();
  await new Promise((resolve) => setTimeout(resolve, 50));
  messages.push(told.length > 0 ? "a destroyed buffer was told of" : "nothing");
  primitives.release(gone);
  const sound = primitives.frame();
  sound.sort({ keys, count: 100, sortedKeys });
  sound.submit();
  await kit.expect("sort after an error", sortedKeys, range(100));
  device.destroy();
  return [...messages, ...kit.complaints];
};

/** What a sanitizer says of sound frames, and of one whose WGSL writes behind an array of the call. */
const checkMistakes: CheckMistakes = async () => {
  const { device } = await openDevice(navigator.gpu, "full");
  const primitives = await Primitives.open(device, { sanitize: true });
  const kit = new Kit(device, primitives, true);
  const said = [await primitives.mistake()];
  await scans(kit, 5001);
  said.push(await primitives.mistake());
  const program = {
    wgsl: `struct State { words: array<u32, 4> }
      fn identity() -> State { return State(); }
      fn combine(a: State, b: State) -> State { return State(); }
      fn lift(row: u32) -> State {
        if row == 5u { result[9u].words[0] = 7u; }
        return State();
      }`,
  };
  const result = kit.results(4);
  await kit.run("foldStates", { program, stateWords: 4 }, (frame) =>
    frame.foldStates({ program, stateWords: 4, count: 10, result }),
  );
  said.push(await primitives.mistake(), await primitives.mistake());
  await kit.expect("foldStates", result, [0, 0, 0, 0, 0xa5a5a5a5]);
  const others = await Primitives.open(device);
  said.push(await others.mistake().catch((error: Error) => error.message));
  device.destroy();
  return [...said, ...kit.complaints];
};

/** What a steady frame creates, as calls of the device, and what a call costs. */
const measureCalls: MeasureCalls = async (sanitize) => {
  const { device } = await openDevice(navigator.gpu, "full");
  const begin = performance.now();
  const primitives = await Primitives.open(device, { sanitize });
  const opened = performance.now();
  const kit = new Kit(device, primitives, false);
  const [values, result] = [kit.words(range(1000)), kit.results(1000)];
  const frame = (): void => {
    const one = primitives.frame("scan");
    one.scan({ values, count: 1000, result });
    one.submit();
  };
  await primitives.prepare("scan", {});
  // What a sanitizer's memory replaced when it grew is made once more in the next frame.
  for (let i = 0; i < (sanitize ? 2 : 1); ++i) frame();
  const first = performance.now();
  for (let i = 0; i < 50; ++i) frame();
  await device.queue.onSubmittedWorkDone();
  const made: string[] = [];
  const target = device as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const name of ["createBuffer", "createBindGroup", "createComputePipelineAsync", "createShaderModule"]) {
    target[name] = () => made.push(name);
  }
  const write = device.queue.writeBuffer.bind(device.queue);
  device.queue.writeBuffer = (...args: Parameters<typeof write>) => (made.push("writeBuffer"), write(...args));
  const before = performance.now();
  for (let i = 0; i < 200; ++i) frame();
  const callUs = ((performance.now() - before) * 1000) / 200;
  if (made.length > 0) throw new Error(`A steady frame called ${made.join(", ")}.`);
  await device.queue.onSubmittedWorkDone();
  device.destroy();
  return { openMs: opened - begin, firstMs: first - opened, callUs };
};

Object.assign(window, { checkPrimitives, checkErrors, checkMistakes, measureCalls });
