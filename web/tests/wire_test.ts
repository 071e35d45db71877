import assert from "node:assert/strict";
import { test } from "node:test";
import { executeCommands, type CommandHandler } from "../src/gpu/commands.gen";
import { CorruptStreamError, WireReader, WireWriter } from "../src/gpu/wire";
import { StreamBuilder, f64, inMemory, op, readEvents, u64 } from "./stream_builder";

/** Every command as [name, ...arguments], ranges copied. */
function decode(words: Uint32Array): unknown[][] {
  const seen: unknown[][] = [];
  const copy = (value: unknown): unknown => {
    if (value === null || typeof value !== "object") return value;
    if ("memory" in value) {
      const { memory, start, size } = value as { memory: Uint8Array; start: number; size: number };
      return [...memory.subarray(start, start + size)];
    }
    if ("words" in value) {
      const { words: all, start, count } = value as { words: Uint32Array; start: number; count: number };
      return [...all.subarray(start, start + count)];
    }
    return value;
  };
  const handler = new Proxy({} as CommandHandler, {
    get:
      (_, name) =>
      (...args: unknown[]) =>
        seen.push([name, ...args.map(copy)]),
  });
  const reader = new WireReader();
  reader.reset(inMemory(words), 64, words.length);
  executeCommands(reader, handler);
  return seen;
}

test("every sort of field is read back", () => {
  const words = new StreamBuilder()
    .say(op.createBuffer, 7, "größe", u64(2 ** 33 + 5), 140, 1, 0)
    .say(op.writeBuffer, 7, u64(4), new Uint8Array([1, 2, 3, 4, 5]))
    .say(op.createComputePipelineAsync, 9, "sum", 2, 3, "main", [["tile", f64(-0.5)]])
    .say(op.setBindGroup, 1, 0, 4, [256, 512])
    .take();
  assert.deepEqual(decode(words), [
    ["createBuffer", 7, "größe", 2 ** 33 + 5, 140, 1, 0],
    ["writeBuffer", 7, 4, [1, 2, 3, 4, 5]],
    ["createComputePipelineAsync", 9, "sum", 2, 3, "main", [{ name: "tile", value: -0.5 }]],
    ["setBindGroup", 1, 0, 4, [256, 512]],
  ]);
});

test("an event that a head cannot count is not written", () => {
  const writer = new WireWriter();
  writer.begin(5);
  writer.u32(1);
  writer.end();
  writer.begin(5);
  writer.bytes(new Uint8Array(2 ** 26));
  assert.throws(() => writer.end(), /more than 16777215 words/);
  assert.deepEqual([...writer.take()], [5 | (2 << 8), 1]);
});

test("labels that share a hash slot or a start stay apart", () => {
  const builder = new StreamBuilder();
  const labels = Array.from({ length: 2000 }, (_, i) => `pass ${i % 700}${"x".repeat(i % 80)}`);
  for (const label of labels) builder.say(op.createCommandEncoder, 1, label);
  const seen = decode(builder.take());
  assert.deepEqual(
    seen.map((command) => command[2]),
    labels,
  );
});

test("a stream cut anywhere is corrupt, and says so", () => {
  const words = new StreamBuilder().say(op.createShaderModule, 1, "label", "code", 1).take();
  for (let size = 1; size < words.length; ++size) {
    assert.throws(() => decode(words.slice(0, size)), CorruptStreamError, `${size} words`);
  }
  for (const [at, value] of [
    [0, 3 | (words.length << 8) | 0x100],
    [2, 400],
    [5, 0xffffffff],
    [0, 250 | (words.length << 8)],
    [0, 3],
  ] as const) {
    const broken = words.slice();
    broken[at] = value;
    assert.throws(() => decode(broken), CorruptStreamError, `word ${at} = ${value}`);
  }
});

test("the writer grows, pads with zeros and starts anew", () => {
  const writer = new WireWriter();
  for (let round = 0; round < 2; ++round) {
    writer.begin(5);
    writer.u32(42);
    writer.bytes(new Uint8Array(5000).fill(255));
    writer.bytes(new Uint8Array([1, 2, 3, 4, 5]));
    writer.end();
    const [event] = readEvents(writer.take());
    assert.equal(event!.opcode, 5);
    assert.equal(event!.words[0], 42);
    assert.equal(event!.words.at(-1), 5);
  }
  assert.equal(writer.sizeWords, 0);
});
