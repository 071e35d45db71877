// Calls the primitives that take segments or groups apart, and compares with the CPU.

import type { Case } from "./primitives_kit";
import { someWords } from "./primitives_kit";
import { range, sortedRows } from "./primitives_oracle";

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
