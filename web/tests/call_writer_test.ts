// The words of a call, and what is said of arguments that are of no type that a call takes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { CallWriter, type BufferPart } from "../src/primitives/call_writer";
import { writeOptions } from "../src/primitives/calls.gen";

const buffer = (size: number): GPUBuffer => ({ size, mapAsync: () => Promise.resolve() }) as unknown as GPUBuffer;
const ids = new Map<GPUBuffer, number>();
const idOf = (of: GPUBuffer): number => ids.get(of) ?? ids.set(of, ids.size + 1).get(of)!;

function written(write: (writer: CallWriter) => void): number[] {
  const writer = new CallWriter(idOf).begin("sort", false);
  write(writer);
  return [...writer.words()];
}

function refused(write: (writer: CallWriter) => void): string {
  try {
    written(write);
    return "nothing";
  } catch (error) {
    return (error as Error).message;
  }
}

test("buffers, parts of them and counts become numbers, offsets and sizes", () => {
  const keys = buffer(2 ** 33);
  const id = idOf(keys);
  assert.deepEqual(
    written((writer) => writer.part("keys", keys, false)),
    [id, 0, 0, 0, 2],
  );
  const part = { buffer: keys, offset: 2 ** 32 + 256, size: 16 };
  assert.deepEqual(
    written((writer) => writer.part("keys", part, false)),
    [id, 256, 1, 16, 0],
  );
  const rest = { buffer: keys, offset: 2 ** 33 - 256 };
  assert.deepEqual(
    written((writer) => writer.part("keys", rest, false)),
    [id, 2 ** 32 - 256, 1, 256, 0],
  );
  assert.deepEqual(
    written((writer) => writer.part("values", undefined, true)),
    [0, 0, 0, 0, 0],
  );
  assert.deepEqual(
    written((writer) => writer.count("count", 5)),
    [0, 5],
  );
  const count = { buffer: keys, offset: 4 };
  assert.deepEqual(
    written((writer) => writer.count("count", count)),
    [1, id, 4, 0, 4, 0],
  );
});

test("numbers keep all their bits", () => {
  assert.deepEqual(
    written((writer) => writer.u64("seed", 0x123456789abcdef0n)),
    [0x9abcdef0, 0x12345678],
  );
  assert.deepEqual(
    written((writer) => writer.u64("seed", 2 ** 40)),
    [0, 256],
  );
  assert.deepEqual(
    written((writer) => writer.f32("low", -1)),
    [0xbf800000],
  );
  const many = Array.from({ length: 300 }, (_, i) => [i, 300] as const);
  assert.equal(written((writer) => writer.quantiles("quantiles", many)).length, 601);
});

test("WGSL of the caller's goes along, padded to words, with its arrays", () => {
  const array = buffer(64);
  const monoid = { wgsl: "fn é", buffers: [array] };
  const words = written((writer) => writer.monoid("monoid", monoid));
  assert.deepEqual(
    words,
    [5, 0xc3206e66 | 0, 0xa9, 1, idOf(array), 0, 0, 64, 0].map((word) => word >>> 0),
  );
  const options = new CallWriter(idOf).begin("compact", true);
  writeOptions.compact(options, { keep: { runEnds: array, type: "u64" }, hasRows: true });
  assert.deepEqual([...options.words().subarray(0, 4)], [3, 3, 0, 1]);
});

test("what is of no type that a call takes is refused by name, with a remedy", () => {
  const keys = buffer(64);
  const part = (value: unknown) => (writer: CallWriter) => writer.part("keys", value as BufferPart, false);
  const cases: [(writer: CallWriter) => void, string][] = [
    [part(undefined), "`keys` of sort is undefined. Give a GPUBuffer, or { buffer, offset, size } in bytes."],
    [part(new Uint32Array(4)), "`keys` of sort is an object of type Uint32Array. Give a GPUBuffer"],
    [part({ buffer: keys, offset: -1 }), "`keys.offset` of sort is -1."],
    [part({ buffer: keys, offset: 0, size: 1.5 }), "`keys.size` of sort is 1.5."],
    [part({ buffer: keys, offset: 32, size: 64 }), "`keys` of sort ends at byte 96 of a buffer of 64 bytes."],
    [(writer) => writer.count("count", 2 ** 32), "`count` of sort is 4294967296. Give a whole number"],
    [(writer) => writer.count("count", NaN), "`count` of sort is NaN."],
    [(writer) => writer.u32("k", "5"), '`k` of sort is "5". Give a whole number'],
    [(writer) => writer.u64("seed", -1n), "`seed` of sort is -1."],
    [(writer) => writer.bool("descending", 1), "`descending` of sort is 1. Give true or false."],
    [(writer) => writer.f32("low", "0"), '`low` of sort is "0". Give a number.'],
    [
      (writer) => writer.rows("keep", { flag: keys }),
      "`keep` of sort is an object of type Object. Give an object with",
    ],
    [(writer) => writer.rows("keep", { wgsl: 5 }), "`keep.wgsl` of sort is 5. Give WGSL as a string."],
    [(writer) => writer.quantiles("quantiles", [[1]]), "`quantiles` of sort is an object of type Array."],
  ];
  for (const [write, message] of cases) assert.ok(refused(write).startsWith(message), refused(write));
});
