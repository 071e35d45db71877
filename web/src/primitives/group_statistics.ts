// What groupBy's words say of a group: the numbers that they make only together.

import type { ElementType } from "./call_writer";

export interface GroupStatistics {
  /** Rows, of floats those of NaN and infinities included. */
  count: number;
  /** Of a group of none 0, or NaN where values are floats. Of 64-bit integers the nearest number; the words have all bits. */
  smallest: number;
  largest: number;
  /** Exact until it is rounded to a number. */
  sum: number;
  /** Of a group of none 0. */
  mean: number;
  /** That of the whole population; of a group of none 0. */
  variance: number;
}

/** An integer of some words, the lowest first. */
function integer(words: ArrayLike<number>, first: number, count: number): bigint {
  let value = 0n;
  for (let i = count; i-- > 0;) value = (value << 32n) | BigInt(words[first + i]!);
  return value;
}

/** From sums in units of 2^sumExponent, and squares in those of 2^squaresExponent. */
function ofSums(count: number, sum: bigint, squares: bigint, sumExponent: number, squaresExponent: number) {
  if (count === 0) return { sum: 0, mean: 0, variance: 0 };
  // The squares' unit is the coarser one.
  const finer = BigInt(squaresExponent - 2 * sumExponent);
  const scaled = ((BigInt(count) * squares) << finer) - sum * sum;
  const total = Number(sum) * 2 ** sumExponent;
  const spread = scaled < 0n ? 0 : Number(scaled);
  return { sum: total, mean: total / count, variance: (spread / count / count) * 2 ** (2 * sumExponent) };
}

function ofFloats(words: Uint32Array, first: number): GroupStatistics {
  const [smallest, largest] = new Float32Array(words.slice(first + 1, first + 3).buffer);
  const [count, nans, infinities, top] = [words[first]!, words[first + 3]!, words[first + 4]!, words[first + 5]!];
  const extremes = { count, smallest: smallest!, largest: largest! };
  if (nans > 0 || infinities > 0) {
    const sum = nans > 0 || infinities === 3 ? NaN : infinities === 1 ? Infinity : -Infinity;
    return { ...extremes, sum, mean: sum, variance: NaN };
  }
  const sum = BigInt.asIntN(96, integer(words, first + 6, 3));
  return { ...extremes, ...ofSums(count, sum, integer(words, first + 9, 3), top - 189, 2 * top - 316) };
}

function ofWideIntegers(words: Uint32Array, first: number, isSigned: boolean): GroupStatistics {
  const count = words[first]!;
  const signed = (bits: number, value: bigint) => (isSigned ? BigInt.asIntN(bits, value) : value);
  const extreme = (low: number, high: number) =>
    Number(signed(64, (BigInt(words[first + high]!) << 32n) | BigInt(words[first + low]!)));
  const sum = signed(96, integer(words, first + 3, 3));
  const extremes = { count, smallest: extreme(6, 1), largest: extreme(7, 2) };
  return { ...extremes, ...ofSums(count, sum, integer(words, first + 8, 5), 0, 0) };
}

/** Of one group, from the words that `groupBy` wrote. */
export function groupStatistics(words: Uint32Array, group: number, type: ElementType): GroupStatistics {
  if (type === "f32") return ofFloats(words, 12 * group);
  if (type === "u64" || type === "i64") return ofWideIntegers(words, 13 * group, type === "i64");
  const first = 8 * group;
  const count = words[first]!;
  const isSigned = type === "i32";
  const [smallest, largest] = isSigned
    ? [words[first + 1]! | 0, words[first + 2]! | 0]
    : [words[first + 1]!, words[first + 2]!];
  const bits = integer(words, first + 3, 2);
  const sum = isSigned ? BigInt.asIntN(64, bits) : bits;
  return { count, smallest, largest, ...ofSums(count, sum, integer(words, first + 5, 3), 0, 0) };
}
