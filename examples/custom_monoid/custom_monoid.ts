// Operations of one's own: the componentwise maximum of bytes, four to a word, and the best stretch so far, a struct.
//
// fold and scan take any associative operation on words as WGSL. Four maxima at the price of one is what no built-in
// operator gives. The same text serves fold (all four maxima) and an inclusive scan (the maxima so far).
// scanStates takes operations on structs: what has to be known of two neighbouring parts to know it of both.
import { Primitives } from "shoal/primitives";
import { countFromAddress, finish, makeBuffer, openDevice, readWords, start } from "../page";

// What the two functions must be: `identity` leaves every element as it is, and combine(combine(a, b), c) is
// combine(a, combine(b, c)). It need not commute: `a` always stands left of `b`.
const monoid = {
  wgsl: `
    fn identity() -> u32 { return 0u; }
    fn combine(a: u32, b: u32) -> u32 { return pack4xU8(max(unpack4xU8(a), unpack4xU8(b))); }`,
};

// The largest sum of neighbours: it lies in the left part, in the right one, or over where they meet. `stateWords`: what WGSL
// gives a State in an array.
const bestStretch = (colors: GPUBuffer) => ({
  stateWords: 4,
  program: {
    wgsl: `
      @group(1) @binding(0) var<storage, read> colors: array<u32>;
      struct State { sum: i32, from_begin: i32, to_end: i32, best: i32 }
      fn identity() -> State { return State(0, 0, 0, 0); }
      fn lift(row: u32) -> State {
        let value = i32(colors[row] & 255u) - 128;
        return State(value, max(value, 0), max(value, 0), max(value, 0));
      }
      fn combine(a: State, b: State) -> State {
        return State(a.sum + b.sum, max(a.from_begin, a.sum + b.from_begin), max(b.to_end, a.to_end + b.sum),
                     max(max(a.best, b.best), a.to_end + b.from_begin));
      }`,
    buffers: [colors],
  },
});

function combine(a: number, b: number): number {
  let result = 0;
  for (let shift = 0; shift < 32; shift += 8) {
    result |= Math.max((a >>> shift) & 255, (b >>> shift) & 255) << shift;
  }
  return result >>> 0;
}

start(async () => {
  const count = countFromAddress(1_000_000);
  const device = await openDevice();
  let state = 7;
  const colors = Uint32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state & 0x7f3f1fff;
  });
  const values = makeBuffer(device, colors);
  const [soFar, all] = [makeBuffer(device, count), makeBuffer(device, 4)];
  const [states, stretch] = [makeBuffer(device, count * 4), bestStretch(values)];

  const primitives = await Primitives.open(device);
  await Promise.all([
    primitives.prepare("scan", { monoid }),
    primitives.prepare("fold", { monoid }),
    primitives.prepare("scanStates", stretch),
  ]);
  const frame = primitives.frame("maxima of bytes");
  frame.scan({ monoid, values, count, result: soFar, inclusive: true });
  frame.fold({ monoid, values, count, result: all });
  frame.scanStates({ ...stretch, count, result: states, inclusive: true });
  frame.submit();

  const scanned = await readWords(device, soFar, count);
  const [maximum] = await readWords(device, all, 1);
  let wanted = 0;
  const areRight = scanned.every((value, i) => value === (wanted = combine(wanted, colors[i]!)));
  const words = await readWords(device, states, count * 4);
  let [toEnd, best] = [0, 0];
  const isBest = colors.every((color, i) => {
    toEnd = Math.max(toEnd + (color & 255) - 128, 0);
    best = Math.max(best, toEnd);
    return words[4 * i + 3] === best;
  });
  const told = `the maxima of four bytes over ${count} words are ${maximum!.toString(16)}, and the best sum is ${best}`;
  finish(areRight && maximum === wanted && isBest, told);
});
