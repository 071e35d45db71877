// An operation of one's own: the componentwise maximum of bytes, four to a word.
//
// fold and scan take any associative operation as WGSL. Four maxima at the price of one is what no built-in operator
// gives. The same text serves fold (all four maxima) and an inclusive scan (the maxima so far).
import { Primitives } from "shoal/primitives";
import { countFromAddress, finish, makeBuffer, openDevice, readWords, start } from "../page";

// What the two functions must be: `identity` leaves every element as it is, and combine(combine(a, b), c) is
// combine(a, combine(b, c)). It need not commute: `a` always stands left of `b`.
const monoid = {
  wgsl: `
    fn identity() -> u32 { return 0u; }
    fn combine(a: u32, b: u32) -> u32 { return pack4xU8(max(unpack4xU8(a), unpack4xU8(b))); }`,
};

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

  const primitives = await Primitives.open(device);
  await Promise.all([primitives.prepare("scan", { monoid }), primitives.prepare("fold", { monoid })]);
  const frame = primitives.frame("maxima of bytes");
  frame.scan({ monoid, values, count, result: soFar, inclusive: true });
  frame.fold({ monoid, values, count, result: all });
  frame.submit();

  const scanned = await readWords(device, soFar, count);
  const [maximum] = await readWords(device, all, 1);
  let wanted = 0;
  const isRight = scanned.every((value, i) => value === (wanted = combine(wanted, colors[i]!)));
  finish(isRight && maximum === wanted, `the maxima of four bytes over ${count} words are ${maximum!.toString(16)}`);
});
