// How often does each of a million words occur? Four primitives in one frame, and the host learns only the answer.
//
//   keys -> sort -> runLengthEncode -> (word, how often) -> topK -> gather
//
// Each step's count is what the step before it wrote into GPU memory: nothing returns to the host in between, and the
// number of distinct words is never asked for.
import { Primitives } from "shoal/primitives";
import { countFromAddress, finish, makeBuffer, openDevice, readWords, say, start } from "../page";

const kTop = 5;

/** Some words are common, most are rare. */
function wordsOf(count: number): Uint32Array<ArrayBuffer> {
  let state = 1;
  return Uint32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor(1_000_000 / (((state >>> 8) % 1000) + 1));
  });
}

start(async () => {
  const count = countFromAddress(1_000_000);
  const device = await openDevice();
  const words = wordsOf(count);
  const keys = makeBuffer(device, words);
  const [sorted, distinct, lengths] = [makeBuffer(device, count), makeBuffer(device, count), makeBuffer(device, count)];
  const [distinctCount, topCount] = [makeBuffer(device, 4), makeBuffer(device, 4)];
  const [topLengths, topRows, topWords] = [makeBuffer(device, 8), makeBuffer(device, 8), makeBuffer(device, 8)];

  const primitives = await Primitives.open(device);
  await Promise.all([
    primitives.prepare("sort", {}),
    primitives.prepare("runLengthEncode", {}),
    primitives.prepare("topK", {}),
    primitives.prepare("gather", {}),
  ]);

  const frame = primitives.frame("most frequent words");
  frame.sort({ keys, count, sortedKeys: sorted });
  frame.runLengthEncode({ values: sorted, count, runValues: distinct, lengths, runCount: distinctCount });
  frame.topK({
    values: lengths,
    count: { buffer: distinctCount }, // a number that the host never sees
    k: kTop,
    result: topLengths,
    rows: topRows,
    resultCount: topCount,
  });
  frame.gather({ indices: topRows, count: { buffer: topCount }, values: distinct, result: topWords });
  frame.submit();

  const wanted = new Map<number, number>();
  for (const word of words) wanted.set(word, (wanted.get(word) ?? 0) + 1);
  const found = await readWords(device, topWords, kTop);
  const foundLengths = await readWords(device, topLengths, kTop);
  let isRight = true;
  found.forEach((word, i) => {
    say(`word ${word} occurs ${foundLengths[i]} times`);
    isRight &&= wanted.get(word) === foundLengths[i];
  });
  finish(isRight, `the ${kTop} most frequent of ${count} words`);
});
