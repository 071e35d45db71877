// What each primitive gives, worked out plainly on the CPU.

export const kNone = 0xffffffff;

export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
export const sum = (values: number[]): number => values.reduce((a, b) => (a + b) >>> 0, 0);

export function runStarts(keys: number[]): number[] {
  return range(keys.length).filter((i) => i === 0 || keys[i] !== keys[i - 1]);
}

/** The segments that `starts` cut a list into. */
export function segments(values: number[], starts: number[]): number[][] {
  return starts.map((start, i) => values.slice(start, starts[i + 1] ?? values.length));
}

export function scanned(values: number[], inclusive: boolean): number[] {
  let before = 0;
  return values.map((value) => {
    const through = (before + value) >>> 0;
    const given = inclusive ? through : before;
    before = through;
    return given;
  });
}

/** Rows in the order of their keys, equal ones as they stood. */
export function sortedRows(keys: number[], descending = false): number[] {
  return range(keys.length).sort((a, b) => (descending ? keys[b]! - keys[a]! : keys[a]! - keys[b]!) || a - b);
}

export function bound(sorted: number[], key: number, upper: boolean): number {
  const place = sorted.findIndex((value) => (upper ? value > key : value >= key));
  return place < 0 ? sorted.length : place;
}

/** The bits of two or three coordinates in turn, the first lowest. */
export function morton(...point: number[]): number {
  let code = 0;
  for (let bit = 0; bit < Math.floor(32 / point.length); ++bit) {
    point.forEach((value, i) => (code |= ((value >>> bit) & 1) << (point.length * bit + i)));
  }
  return code >>> 0;
}

/** The first four words of Philox 4x32-10 with seed 0, stream 0, position 0 (Random123's known answers). */
export const kPhiloxZero = [0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8];
