// The page's side of `shoal replay --browser` on a device that does nothing.

import assert from "node:assert/strict";
import { test } from "node:test";
import { base64Of } from "../src/base64";
import { TraceReplay } from "../src/replay/trace_replay";
import { MockDevice, asDevice } from "./mock_gpu";
import { StreamBuilder, op, readEvents, u64 } from "./stream_builder";

const kEvent = { pipelineReady: 3, pipelineFailed: 4, mapped: 5, error: 8 };
const kRead = 1 | 8;

interface Opened {
  device: MockDevice;
  replay: TraceReplay;
  missing: string[];
  say: (stream: StreamBuilder) => void;
  /** What is gathered by one of the three ways. */
  hear: (way: "gather" | "awaitEvents" | "settle") => Promise<ReturnType<typeof readEvents>>;
}

function put(replay: TraceReplay, bytes: Uint8Array, pieceBytes = 64): void {
  for (let at = 0; at < Math.max(bytes.length, 1); at += pieceBytes) {
    replay.put(bytes.length, at, base64Of(bytes.subarray(at, at + pieceBytes)));
  }
}

async function open(features: string[] = [], blobs: Uint8Array[] = []): Promise<Opened> {
  const device = new MockDevice();
  let asked: string[] = [];
  const adapter = {
    features: new Set(["timestamp-query", "depth32float-stencil8", "float32-blendable", "subgroups"]),
    limits: { maxBufferSize: 1 << 28 },
    info: { vendor: "nobody", architecture: "mock", description: "" },
    requestDevice: async ({ requiredFeatures }: { requiredFeatures: string[] }) => {
      asked = requiredFeatures;
      const made = { features: new Set(asked), limits: {}, adapterInfo: { isFallbackAdapter: true } };
      return Object.assign(asDevice(device), made);
    },
  };
  const replay = new TraceReplay({ requestAdapter: async () => adapter } as unknown as GPU);
  for (const blob of blobs) {
    put(replay, blob);
    replay.lend();
  }
  const opened = await replay.open(features);
  assert.deepEqual([opened.adapter, opened.isSoftware, opened.hasTimestamps], ["nobody mock", true, true]);
  assert.ok(asked.includes("subgroups"));
  return {
    device,
    replay,
    missing: opened.missing,
    say(stream) {
      put(replay, new Uint8Array(stream.take().buffer));
      replay.execute(opened.device);
    },
    async hear(way) {
      const size = await replay[way](opened.device);
      const text = size === 0 ? "" : replay.take(opened.device, 0);
      return readEvents(new Uint32Array(Uint8Array.from(atob(text), (byte) => byte.charCodeAt(0)).buffer));
    },
  };
}

test("a device has the features of the recorded one, and those that are not there are named", async () => {
  const { missing } = await open(["Depth32FloatStencil8", "Subgroup", "PushConstants"]);
  assert.deepEqual(missing, ["PushConstants"]);
});

test("streams come in pieces, name blobs by number, and what they read is taken", async () => {
  const blob = Uint8Array.from({ length: 300 }, (_, i) => i);
  const { device, say, hear } = await open([], [new Uint8Array(8), blob]);
  say(
    new StreamBuilder()
      .say(op.createBuffer, 1, "rows", u64(400), kRead, 0, 0)
      .say(op.writeBufferFromBlob, 1, u64(0), 2, u64(100), u64(200))
      .say(op.mapAsync, 1, u64(0), u64(400), 9),
  );
  const [, , data, start, size] = device.named("writeBuffer")[0]!.args as [unknown, number, Uint8Array, number, number];
  assert.deepEqual(data.subarray(start, start + size), blob.subarray(100, 300));
  const [mapped] = await hear("awaitEvents");
  assert.deepEqual([mapped!.opcode, mapped!.words[0], mapped!.words[1]], [kEvent.mapped, 9, 400]);
  assert.equal(new Uint8Array(mapped!.words.buffer)[20], 7);
  assert.deepEqual(await hear("gather"), []);
});

function dispatching(encoder: number, pipeline: number): StreamBuilder {
  return new StreamBuilder()
    .say(op.createCommandEncoder, encoder, `encoder ${encoder}`)
    .say(op.beginComputePass, encoder, encoder + 1, "pass", 0, 0, 0)
    .say(op.setPipeline, encoder + 1, pipeline)
    .say(op.dispatchWorkgroups, encoder + 1, encoder, 1, 1)
    .say(op.endPass, encoder + 1)
    .say(op.finish, encoder, encoder + 2);
}

test("an encoder that cannot be said whole is not submitted, is told once, and takes no other with it", async () => {
  const { device, say, hear } = await open();
  say(
    new StreamBuilder()
      .say(op.createShaderModule, 1, "shader", "code", 0)
      .say(op.createComputePipelineAsync, 2, "sum", 0, 1, "main", []),
  );
  assert.equal((await hear("awaitEvents"))[0]!.opcode, kEvent.pipelineReady);
  say(dispatching(10, 99));
  say(dispatching(20, 2));
  say(new StreamBuilder().say(op.submit, [12]).say(op.submit, [22]));
  assert.equal(device.named("submit").length, 1);
  const events = await hear("settle");
  assert.deepEqual(
    events.map(({ opcode }) => opcode),
    [kEvent.error],
  );
  assert.match(events[0]!.text, /encoder 10[^]*There is no compute pipeline 99/);
});

test("a module that is refused is told with its line, though nothing asks for it", async () => {
  const { say, hear } = await open();
  say(new StreamBuilder().say(op.createShaderModule, 1, "sum", "odd!", 0));
  const events = await hear("settle");
  assert.equal(events.length, 1);
  assert.match(events[0]!.text, /shader module 1 'sum'[^]*3:5: odd token/);
});

test("sizes that mean up to the end are", async () => {
  const { device, say, hear } = await open();
  const all = u64(2 ** 64 - 2 ** 11);
  say(
    new StreamBuilder()
      .say(op.createBuffer, 1, "rows", u64(16), 12, 0, 0)
      .say(op.createCommandEncoder, 2, "clear")
      .say(op.clearBuffer, 2, 1, u64(4), all),
  );
  assert.deepEqual(device.named("clearBuffer")[0]!.args.slice(1), [4, undefined]);
  assert.deepEqual(await hear("settle"), []);
});

test("a fault that nobody waits for is told with the next answer", async () => {
  const { replay, hear } = await open();
  replay.fault = "The page has no memory left.";
  await assert.rejects(hear("settle"), /no memory left/);
});
