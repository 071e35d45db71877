// Pipelines that are emitted, what they are given, and what the CPU makes of that.

import { someWords } from "./primitives_kit";
import { bound, kPhiloxZero, morton, range, runStarts, scanned, segments, sortedRows, sum } from "./primitives_oracle";

export interface EmitCase {
  /** Also what the emitted thing is called. */
  name: string;
  pipeline: string;
  options?: string[];
  /** In C++ too; the others are only run in the browser. */
  isNative?: boolean;
  counts: number[];
  inputs: Record<string, Uint32Array<ArrayBuffer>>;
  /** The first words of each result, by its name in C++. */
  expected: Record<string, ArrayLike<number>>;
}

export const kCapacity = 6000;
const n = 5003;

const words = (values: ArrayLike<number>): Uint32Array<ArrayBuffer> => Uint32Array.from(values, (value) => value >>> 0);
const floats = (values: ArrayLike<number>): Uint32Array<ArrayBuffer> =>
  new Uint32Array(Float32Array.from(values).buffer);

const list = someWords(n, 300);
const large = list.map((value) => value * 9_000_000);
const flags = list.map((value) => (value % 3 === 0 ? 5 : 0));
const kept = range(n).filter((i) => flags[i] !== 0);
const others = range(n).filter((i) => flags[i] === 0);
const keys = range(n).map((i) => Math.floor(i / (1 + (i % 7))) >>> 3);
const starts = runStarts(keys);
const runs = segments(list, starts);
const ascending = large.toSorted((a, b) => a - b);
const numbers = large.map((value, i) => (i % 2 ? value : -value));
const offsets = range(11).map((i) => Math.floor((i * n) / 10));
const columns = range(10).map((i) => list.slice(offsets[i], offsets[i + 1]));
const counted = (of: number[], bins: number): number[] =>
  range(bins).map((bin) => of.filter((value) => value === bin).length);
const xs = someWords(n, 65536);
const ys = someWords(n, 65521);
const backwards = range(n).map((i) => n - 1 - i);
const quarters = numbers.map((value) => Math.fround(value / 4));
/** As sum_floats leaves it: an f64's two words, an f32, how many there were. Doubles hold these sums exactly. */
const sumOf = (of: number[]): number[] => {
  const total = of.reduce((a, b) => a + b, 0);
  return [...new Uint32Array(Float64Array.of(total).buffer), floats([total])[0]!, of.length];
};
const quantile = (share: number): number => ascending[Math.max(Math.ceil(share * n) - 1, 0)]!;
const groupsOf = range(16).map((group) => list.filter((value) => value % 16 === group));

/** WGSL that pipelines name as a file: rows below 100, and how many and which the largest is. */
export const kKeepWgsl = `@group(1) @binding(0) var<storage, read> thresholds: array<u32>;
fn keep(row: u32) -> bool { return thresholds[row] < 100u; }
`;
export const kStatesWgsl = `struct State { count: u32, most: u32 }
@group(1) @binding(0) var<storage, read> numbers: array<u32>;
fn identity() -> State { return State(0u, 0u); }
fn lift(row: u32) -> State { return State(1u, numbers[row]); }
fn combine(a: State, b: State) -> State { return State(a.count + b.count, max(a.most, b.most)); }
`;

/** Bins of a plane of 10 x 4, of points on it, in rows: what `of` makes of each bin's values. */
const painted = (of: (own: number[]) => number): number[] =>
  range(40).map((bin) => of(list.filter((_, i) => Math.floor(ys[i]! / 16384) * 10 + (i % 10) === bin)));

/** The paths are those of files with these texts. */
export function emitCases(keep: string, states: string): EmitCase[] {
  return [
    {
      name: "scan",
      pipeline: "scan inclusive total=all",
      isNative: true,
      counts: [n],
      inputs: { values: words(list) },
      expected: { result: scanned(list, true), all: [sum(list)] },
    },
    {
      name: "scan_of_nothing",
      pipeline: "scan total=all",
      counts: [0],
      inputs: { values: words(list) },
      expected: { result: [0, 0], all: [0] },
    },
    {
      name: "fold",
      pipeline: "fold op=max",
      isNative: true,
      counts: [n],
      inputs: { values: words(list) },
      expected: { result: [Math.max(...list)] },
    },
    {
      name: "fold_states",
      pipeline: `fold_states program=@${states}`,
      counts: [n],
      inputs: { numbers: words(list) },
      expected: { result: [n, Math.max(...list)] },
    },
    {
      name: "scan_states",
      pipeline: `scan_states program=@${states} inclusive`,
      counts: [n],
      inputs: { numbers: words(list) },
      expected: { result: list.flatMap((_, i) => [i + 1, Math.max(...list.slice(0, i + 1))]) },
    },
    {
      name: "point_density",
      pipeline: "point_density of=means counts=how_many columns=10 rows=4 x_high=10 y_high=65536",
      isNative: true,
      counts: [n],
      inputs: { xs: floats(range(n).map((i) => i % 10)), ys: floats(ys), values: floats(list) },
      expected: {
        result: floats(painted((own) => sum(own) / own.length)),
        how_many: painted((own) => own.length),
      },
    },
    {
      name: "sum_floats",
      pipeline: "sum_floats",
      isNative: true,
      counts: [n],
      inputs: { values: floats(quarters) },
      expected: { result: sumOf(quarters) },
    },
    {
      name: "sum_of_kept",
      pipeline: "compact keep=flags type=f32 | sum_floats result=total",
      isNative: true,
      counts: [n],
      inputs: { flags: words(flags), values: floats(quarters) },
      expected: { total: sumOf(kept.map((i) => quarters[i]!)), kept_count: [kept.length] },
    },
    {
      name: "argmin",
      pipeline: "argmin type=f32",
      counts: [n],
      inputs: { values: floats(numbers) },
      expected: { result: [numbers.indexOf(Math.min(...numbers))] },
    },
    {
      name: "count_if",
      pipeline: `count_if keep=@${keep}`,
      isNative: true,
      counts: [n],
      inputs: { thresholds: words(list) },
      expected: { result: [list.filter((value) => value < 100).length] },
    },
    {
      name: "compact",
      pipeline: "compact keep=flags has_rows",
      isNative: true,
      counts: [n],
      inputs: { flags: words(flags), values: words(list) },
      expected: { result: kept.map((i) => list[i]!), rows: kept, kept_count: [kept.length] },
    },
    {
      name: "partition",
      pipeline: "partition keep=bits has_rows",
      counts: [n],
      inputs: {
        bits: words(
          range(Math.ceil(n / 32)).map((word) =>
            range(32).reduce((bits, k) => bits | (flags[word * 32 + k] ? 1 << k : 0), 0),
          ),
        ),
        values: words(list),
      },
      expected: { rows: [...kept, ...others], kept_count: [kept.length] },
    },
    {
      name: "unique",
      pipeline: "unique",
      isNative: true,
      counts: [n],
      inputs: { values: words(keys) },
      expected: { result: starts.map((i) => keys[i]!), result_count: [starts.length] },
    },
    {
      name: "run_lengths",
      pipeline: "run_length_encode lengths=how_often | run_length_decode lengths=how_often",
      options: ["--subgroups", "4"],
      counts: [n],
      inputs: { values: words(keys) },
      expected: {
        how_often: runs.map((run) => run.length),
        run_count: [starts.length],
        result: keys,
        result_count: [n],
      },
    },
    {
      name: "scan_by_key",
      pipeline: "scan_by_key heads=run_starts",
      counts: [n],
      inputs: { keys: words(keys), values: words(list) },
      expected: { result: runs.flatMap((run) => scanned(run, false)) },
    },
    {
      name: "reduce_by_key",
      pipeline: "reduce_by_key heads=run_starts:keys",
      counts: [n],
      inputs: { keys: words(keys), values: words(list) },
      expected: { result: runs.map(sum), starts, segment_count: [starts.length] },
    },
    {
      name: "segmented_reduce",
      pipeline: "segmented_reduce",
      isNative: true,
      counts: [n, starts.length],
      inputs: { values: words(list), offsets: words([...starts, n]) },
      expected: { result: runs.map(sum) },
    },
    {
      name: "sort_pairs",
      pipeline: "sort values=rows",
      options: ["--subgroups", "4"],
      isNative: true,
      counts: [n],
      inputs: { keys: words(large), rows: words(range(n)) },
      expected: { sorted_keys: ascending, sorted_values: sortedRows(large) },
    },
    {
      name: "sort_floats",
      pipeline: "sort descending",
      options: ["--type", "f32", "--subgroups", "4"],
      isNative: true,
      counts: [n],
      inputs: { keys: floats(numbers) },
      expected: { sorted_keys: floats(numbers.toSorted((a, b) => b - a)) },
    },
    {
      name: "merge",
      pipeline: "merge a_count=2000 b_count=3003",
      counts: [],
      inputs: { a_keys: words(ascending.slice(0, 2000)), b_keys: words(ascending.slice(2000)) },
      expected: { merged_keys: ascending },
    },
    {
      name: "lower_bound",
      pipeline: `lower_bound sorted_count=${n}`,
      counts: [50],
      inputs: { sorted: words(ascending), keys: words(large) },
      expected: { result: large.slice(0, 50).map((key) => bound(ascending, key, false)) },
    },
    {
      name: "histogram",
      pipeline: "histogram bin_count=300 | scan",
      isNative: true,
      counts: [n],
      inputs: { values: words(list) },
      expected: { counts: counted(list, 300), result: scanned(counted(list, 300), false) },
    },
    {
      name: "histogram_of_floats",
      pipeline: "histogram of=floats bin_count=10 low=0 high=300",
      counts: [n],
      inputs: { values: floats(list), edges: floats(range(11).map((i) => i * 30)) },
      expected: {
        counts: counted(
          list.map((value) => Math.floor(value / 30)),
          10,
        ),
      },
    },
    {
      name: "quantiles",
      pipeline: "quantiles quantiles=1/2,99/100",
      options: ["--subgroups", "4"],
      isNative: true,
      counts: [n],
      inputs: { values: words(large) },
      expected: { result: [quantile(0.5), quantile(0.99)] },
    },
    {
      name: "top_k",
      pipeline: "top_k k=20",
      options: ["--subgroups", "4"],
      isNative: true,
      counts: [n],
      inputs: { values: words(large) },
      expected: { rows: sortedRows(large, true).slice(0, 20), result_count: [20] },
    },
    {
      name: "count_distinct",
      pipeline: "count_distinct",
      options: ["--subgroups", "4"],
      counts: [n],
      inputs: { values: words(large) },
      expected: { result: [new Set(large).size] },
    },
    {
      name: "group_by",
      pipeline: "group_by group_count=16",
      isNative: true,
      counts: [n],
      inputs: { codes: words(list.map((value) => value % 16)), values: words(list) },
      expected: {
        groups: groupsOf.flatMap((of) => {
          const squares = of.reduce((a, b) => a + b * b, 0);
          return [of.length, Math.min(...of), Math.max(...of), sum(of), 0, squares, 0, 0];
        }),
      },
    },
    {
      name: "grouped_quantiles",
      pipeline: "grouped_quantiles group_count=16 quantiles=1/2,1/1",
      options: ["--subgroups", "4"],
      counts: [n],
      inputs: { codes: words(list.map((value) => value % 16)), values: words(list) },
      expected: {
        result: groupsOf.flatMap((of) => {
          const sorted = of.toSorted((a, b) => a - b);
          return [sorted[Math.ceil(of.length / 2) - 1]!, sorted.at(-1)!];
        }),
      },
    },
    {
      name: "segmented_sort",
      pipeline: "segmented_sort descending",
      options: ["--subgroups", "4"],
      counts: [n, starts.length],
      inputs: { keys: words(list), offsets: words([...starts, n]) },
      expected: { sorted_keys: runs.flatMap((run) => run.toSorted((a, b) => b - a)) },
    },
    {
      name: "hybrid_decode",
      pipeline: "hybrid_decode run_count=2",
      counts: [n],
      // 3 numbers of 16 bits that lie in the bytes, then one value.
      inputs: { runs: words([0, 16, 0, 3, 0, 77]), bytes: words([xs[0]! | (xs[1]! << 16), xs[2]!]) },
      expected: { result: [...xs.slice(0, 3), ...range(n - 3).map(() => 77)] },
    },
    {
      name: "delta_decode",
      pipeline: "delta_decode run_count=3",
      counts: [n],
      // 10, then 4 differences of 8 bits from -2 on, then 3 each.
      inputs: {
        runs: words([0, 0, 0, 1, 8, 0, 5, 0, 0]),
        least: words([10, 0, -2, -1, 3, 0]),
        bytes: words([0x04030201]),
      },
      expected: { result: [10, 9, 9, 10, 12, ...range(n - 5).map((i) => 15 + 3 * i)] },
    },
    {
      name: "envelope",
      pipeline: "envelope type=u32 column_count=10",
      counts: [n],
      inputs: { values: words(list), offsets: words(offsets) },
      expected: { extremes: columns.flatMap((column) => [Math.min(...column), Math.max(...column)]) },
    },
    {
      name: "there_and_back",
      pipeline: "morton_encode zs=heights wide | morton_decode xs=xs_again ys=ys_again zs=zs_again wide",
      counts: [n],
      inputs: { xs: words(xs), ys: words(ys), heights: words(list) },
      expected: { xs_again: xs, ys_again: ys, zs_again: list },
    },
    {
      name: "morton_encode",
      pipeline: "morton_encode",
      counts: [n],
      inputs: { xs: words(xs), ys: words(ys) },
      expected: { codes: xs.map((x, i) => morton(x, ys[i]!)) },
    },
    {
      name: "random_numbers",
      pipeline: "random_numbers",
      counts: [4],
      inputs: {},
      expected: { result: kPhiloxZero },
    },
    {
      name: "sample_rows",
      pipeline: "sample_rows k=5003",
      counts: [n],
      inputs: {},
      expected: { rows: range(n), result_count: [n] },
    },
    {
      name: "bernoulli_rows",
      pipeline: "bernoulli_rows chance=1",
      counts: [n],
      inputs: {},
      expected: { rows: range(n), result_count: [n] },
    },
    {
      name: "unpack",
      pipeline: "unpack bits=16",
      counts: [n],
      inputs: { packed: words(range(Math.ceil(n / 2)).map((i) => xs[2 * i]! | ((xs[2 * i + 1] ?? 0) << 16))) },
      expected: { result: xs },
    },
    {
      name: "gather_scatter",
      pipeline: "gather indices=places values=xs | scatter indices=places values=xs result=again",
      counts: [n],
      inputs: { places: words(backwards), xs: words(xs) },
      expected: { result: backwards.map((i) => xs[i]!), again: backwards.map((i) => xs[i]!) },
    },
    {
      name: "sort_unique",
      pipeline: "compact keep=flags | sort | unique",
      isNative: true,
      counts: [n],
      inputs: { flags: words(flags), values: words(list) },
      expected: {
        sorted_keys: kept.map((i) => list[i]!).toSorted((a, b) => a - b),
        unique_result: [...new Set(kept.map((i) => list[i]!))].toSorted((a, b) => a - b),
        result_count: [new Set(kept.map((i) => list[i]!)).size],
      },
    },
  ];
}
