import assert from "node:assert/strict";
import { performance } from "node:perf_hooks";
import { test } from "node:test";
import { Executor } from "../src/gpu/executor";
import { MockDevice, asDevice, settle } from "./mock_gpu";
import { StreamBuilder, inMemory, op, readEvents, u64 } from "./stream_builder";

const kEvent = {
  bufferReady: 1,
  bufferFailed: 2,
  pipelineReady: 3,
  pipelineFailed: 4,
  mapped: 5,
  mapFailed: 6,
  workDone: 7,
  error: 8,
  lost: 9,
};

function setUp(): {
  device: MockDevice;
  executor: Executor;
  run: (stream: StreamBuilder) => void;
  wakes: () => number;
} {
  const device = new MockDevice();
  let wakes = 0;
  const canvas = { texture: (width: number, height: number) => ({ width, height }) as unknown as GPUTexture };
  const executor = new Executor(asDevice(device), { canvas, onEvent: () => ++wakes });
  const run = (stream: StreamBuilder): void => {
    const words = stream.take();
    executor.execute(inMemory(words), 64, words.length);
  };
  return { device, executor, run, wakes: () => wakes };
}

function resources(): StreamBuilder {
  return new StreamBuilder()
    .say(op.createBuffer, 1, "rows", u64(1024), 140, 0, 0)
    .say(op.createShaderModule, 2, "shader", "code", 1)
    .say(op.createBindGroupLayout, 3, "layout", [[0, 4, 3, 1, u64(0), 0, 0, 0, 0, 0]])
    .say(op.createPipelineLayout, 4, "pipeline layout", [3])
    .say(op.createComputePipelineAsync, 5, "sum", 4, 2, "main", [])
    .say(op.createBindGroup, 6, "group", 3, [[0, 1, u64(0), u64(256), 0, 0]]);
}

/** A frame of `dispatches` dispatches in one pass; its ids begin at `first`. */
function frame(first: number, dispatches: number): StreamBuilder {
  const stream = new StreamBuilder()
    .say(op.createCommandEncoder, first, "frame")
    .say(op.beginComputePass, first, first + 1, "density", 0, 0, 0)
    .say(op.setPipeline, first + 1, 5);
  for (let i = 0; i < dispatches; ++i) {
    stream.say(op.setBindGroup, first + 1, 0, 6, [256 * i]).say(op.dispatchWorkgroups, first + 1, i + 1, 1, 1);
  }
  return stream
    .say(op.endPass, first + 1)
    .say(op.copyBufferToCanvas, first, 1, u64(0), 256, 1, 64, 4)
    .say(op.finish, first, first + 2)
    .say(op.submit, [first + 2]);
}

test("a frame says to WebGPU what the stream says", async () => {
  const { device, executor, run } = setUp();
  run(resources());
  await settle();
  assert.deepEqual(
    readEvents(executor.events.take()).map((event) => [event.opcode, event.words[0]]),
    [[kEvent.pipelineReady, 5]],
  );
  run(frame(10, 2));
  const [first, second] = device.named("setBindGroup").map((call) => call.args);
  const offsetOf = (args: unknown[]): number => (args[2] as Uint32Array)[args[3] as number]!;
  assert.deepEqual([first![0], offsetOf(first!), first![4]], [0, 0, 1]);
  assert.equal(offsetOf(second!), 256);
  assert.deepEqual(
    device.named("dispatchWorkgroups").map((call) => call.args[0]),
    [1, 2],
  );
  assert.deepEqual(device.named("submit")[0]!.args, [["command buffer"]]);
  const [source, target] = device.named("copyBufferToTexture")[0]!.args as [
    { bytesPerRow: number },
    { texture: object },
  ];
  assert.equal(source.bytesPerRow, 256);
  assert.deepEqual(target.texture, { width: 64, height: 4 });
  await settle();
  assert.equal(executor.events.sizeWords, 0);
});

test("a buffer that reports answers ready or failed", async () => {
  const { device, executor, run, wakes } = setUp();
  device.refuse = "too large";
  run(
    new StreamBuilder()
      .say(op.createBuffer, 1, "slab", u64(64), 140, 1, 0)
      .say(op.createBuffer, 2, "too large", u64(64), 140, 1, 0),
  );
  await settle();
  const events = readEvents(executor.events.take());
  assert.deepEqual(
    events.map((event) => [event.opcode, event.words[0]]),
    [
      [kEvent.bufferReady, 1],
      [kEvent.bufferFailed, 2],
    ],
  );
  assert.match(events[1]!.text, /too large is refused/);
  assert.equal(wakes(), 2);
});

test("what names an unknown or refused id is dropped whole, told once, and the next stream runs", async () => {
  const { device, executor, run } = setUp();
  run(resources());
  await settle();
  executor.events.take();
  run(
    new StreamBuilder()
      .say(op.createCommandEncoder, 20, "broken frame")
      .say(op.clearBuffer, 20, 99, u64(0), u64(16))
      .say(op.clearBuffer, 20, 98, u64(0), u64(16))
      .say(op.finish, 20, 21)
      .say(op.submit, [21])
      .say(op.mapAsync, 1, u64(0), u64(16), 5),
  );
  await settle();
  const events = readEvents(executor.events.take());
  assert.deepEqual(
    events.map((event) => event.opcode),
    [kEvent.error, kEvent.mapFailed],
  );
  assert.match(events[0]!.text, /broken frame/);
  assert.match(events[0]!.text, /no buffer 99/);
  assert.equal(device.named("submit").length, 0);
  run(frame(30, 1));
  assert.equal(device.named("submit").length, 1);

  device.refuse = "bad group";
  run(new StreamBuilder().say(op.createBindGroup, 6, "bad group", 3, [[0, 1, u64(0), u64(256), 0, 0]]));
  await settle();
  assert.match(readEvents(executor.events.take())[0]!.text, /bad group is refused/);
  run(frame(40, 1));
  assert.equal(device.named("submit").length, 1);
  assert.match(readEvents(executor.events.take())[0]!.text, /no bind group 6/);
});

test("a corrupt stream and a call that throws are events, not exceptions", () => {
  const { device, executor, run } = setUp();
  const words = frame(10, 1).take();
  words[0] = 99 | (words[0]! & ~255);
  executor.execute(inMemory(words), 64, words.length);
  assert.match(readEvents(executor.events.take())[0]!.text, /not the head of a command/);
  device.queue.writeBuffer = () => {
    throw new Error("beyond the end");
  };
  run(resources().say(op.writeBuffer, 1, u64(4096), new Uint8Array(4)).say(op.onSubmittedWorkDone, 3));
  assert.match(readEvents(executor.events.take())[0]!.text, /beyond the end/);
});

test("a shader that does not compile is told with line and column by its pipeline", async () => {
  const { executor, run } = setUp();
  run(
    new StreamBuilder()
      .say(op.createShaderModule, 2, "shader", "bad!", 0)
      .say(op.createPipelineLayout, 4, "pipeline layout", [])
      .say(op.createComputePipelineAsync, 5, "sum", 4, 2, "main", [])
      .say(op.createComputePipelineAsync, 6, "none", 4, 77, "main", []),
  );
  await settle();
  const events = readEvents(executor.events.take());
  assert.deepEqual(
    events.map((event) => [event.opcode, event.words[0]]),
    [
      [kEvent.pipelineFailed, 6],
      [kEvent.pipelineFailed, 5],
    ],
  );
  assert.match(events[0]!.text, /shader module 77/);
  assert.match(events[1]!.text, /3:5: odd token/);
});

test("mapping gives the bytes, work that is done its serial", async () => {
  const { executor, run } = setUp();
  run(resources().say(op.mapAsync, 1, u64(8), u64(5), 4).say(op.onSubmittedWorkDone, 12));
  await settle();
  const events = readEvents(executor.events.take()).filter((event) => event.opcode !== kEvent.pipelineReady);
  const mapped = events.find((event) => event.opcode === kEvent.mapped)!;
  assert.deepEqual([...mapped.words.slice(0, 2)], [4, 5]);
  assert.deepEqual([...new Uint8Array(mapped.words.buffer).slice(8, 16)], [7, 7, 7, 7, 7, 0, 0, 0]);
  assert.equal(events.find((event) => event.opcode === kEvent.workDone)!.words[0], 12);
});

test("a map that no answer can carry fails", async () => {
  const { executor, run } = setUp();
  run(resources().say(op.mapAsync, 1, u64(0), u64(2 ** 26), 3));
  await settle();
  const failed = readEvents(executor.events.take()).find((event) => event.opcode === kEvent.mapFailed)!;
  assert.equal(failed.words[0], 3);
  assert.match(failed.text, /67108864 bytes are more than one answer carries/);
});

test("a buffer is destroyed only after the stream that may name it was submitted", () => {
  const { device, run } = setUp();
  run(
    resources()
      .say(op.createCommandEncoder, 20, "copy")
      .say(op.clearBuffer, 20, 1, u64(0), u64(16))
      .say(op.destroyBuffer, 1)
      .say(op.finish, 20, 21)
      .say(op.submit, [21]),
  );
  assert.deepEqual(
    device.calls.slice(-2).map((call) => call.name),
    ["submit", "destroy"],
  );
});

test("what is adopted is used and never destroyed, and the errors of its owner stay the owner's", async () => {
  const device = new MockDevice();
  const executor = new Executor(asDevice(device), { isAdopted: true });
  const theirs = asDevice(device).createBuffer({ label: "theirs", size: 64, usage: 140 });
  executor.adopt(70, theirs);
  const run = (stream: StreamBuilder): void => {
    const words = stream.take();
    executor.execute(inMemory(words), 64, words.length);
  };
  const clear = (): StreamBuilder =>
    new StreamBuilder().say(op.createCommandEncoder, 71, "clear").say(op.clearBuffer, 71, 70, u64(0), u64(64));
  run(clear().say(op.finish, 71, 72).say(op.submit, [72]));
  assert.equal(device.named("clearBuffer")[0]!.args[0], theirs);
  run(new StreamBuilder().say(op.createBuffer, 73, "ours", u64(64), 140, 0, 0));
  run(new StreamBuilder().say(op.destroyBuffer, 70));
  executor.destroyAll();
  assert.deepEqual(
    device.named("destroy").map((call) => call.args),
    [["ours"]],
  );
  device.dispatchEvent(Object.assign(new Event("uncapturederror"), { error: new Error("of somebody else") }));
  await settle();
  assert.equal(executor.events.sizeWords, 0);
  run(clear());
  await settle();
  assert.deepEqual(
    readEvents(executor.events.take()).map((event) => event.opcode),
    [kEvent.error],
  );
});

test("a lost device is told, and nothing is said to it any more", async () => {
  const { device, executor, run } = setUp();
  device.lose({ reason: "unknown", message: "The driver crashed." });
  await settle();
  const [event] = readEvents(executor.events.take());
  assert.equal(event!.opcode, kEvent.lost);
  assert.match(event!.text, /The driver crashed/);
  run(resources());
  assert.equal(device.calls.length, 0);
});

test("200 commands take under a millisecond and make nothing", async () => {
  const { device, executor, run } = setUp();
  run(resources());
  await settle();
  device.remember = false;
  const words = frame(10, 97).take();
  const memory = inMemory(words);
  for (let i = 0; i < 300; ++i) executor.execute(memory, 64, words.length);
  const kFrames = 200;
  const begin = performance.now();
  device.count = 0;
  for (let i = 0; i < kFrames; ++i) executor.execute(memory, 64, words.length);
  const ms = (performance.now() - begin) / kFrames;
  assert.equal(device.count / kFrames, 201);
  console.log(`# 200 commands: ${(ms * 1000).toFixed(0)} us of JavaScript`);
  assert.ok(ms < 1, `${ms} ms`);
});
