import assert from "node:assert/strict";
import { test } from "node:test";
import { Executor } from "../src/gpu/executor";
import { MockDevice, asDevice, settle } from "./mock_gpu";
import { StreamBuilder, f64, inMemory, op, readEvents, u64 } from "./stream_builder";

const kError = 8;
const kWhole = u64(2 ** 64 - 2 ** 11); // the largest double below 2^64
const kAll = 0xffffffff;
const kNone = 0xffffffff;

function setUp(): { device: MockDevice; executor: Executor; run: (stream: StreamBuilder) => void } {
  const device = new MockDevice();
  const executor = new Executor(asDevice(device));
  const run = (stream: StreamBuilder): void => {
    const words = stream.take();
    executor.execute(inMemory(words), 64, words.length);
  };
  return { device, executor, run };
}

/** Texture 1 with view 2, module 3, pipeline 4 with depth and blending, buffer 5, sampler 6. */
function resources(): StreamBuilder {
  const face = [8, 1, 1, 1];
  return new StreamBuilder()
    .say(op.createTexture, 1, "picture", 2, 22, 17, 64, 32, 1, 1, 1, [])
    .say(op.createTextureView, 2, "view", 1, 0, 0, 0, 0, kAll, 0, kAll, 0)
    .say(op.createShaderModule, 3, "module", "code", 0)
    .say(
      op.createRenderPipeline,
      ...[4, "draw", 0, 3, "", [], [[u64(16), 1, [[31, u64(0), 2]]]], 4, 0, 1, 3, 0],
      [[48, 1, 2, ...face, ...face, 255, 255, -2 >>> 0, f64(0.5), f64(0)]],
      ...[1, kAll, 0],
      [[3, "shade", [], [[22, [[1, 5, 6, 1, 2, 1]], 15]]]],
    )
    .say(op.createBuffer, 5, "vertices", u64(256), 48, 0, 0)
    .say(op.createSampler, 6, "sampler", 1, 2, 3, 1, 2, 0, f64(0), f64(32), 0, 1);
}

test("descriptors say to WebGPU what the stream says", async () => {
  const { device, run } = setUp();
  run(resources());
  await settle();
  const descriptor = (name: string): Record<string, unknown> =>
    device.named(name)[0]!.args[0] as Record<string, unknown>;
  assert.deepEqual(
    [descriptor("createTexture")["format"], descriptor("createTexture")["size"]],
    ["rgba8unorm", { width: 64, height: 32, depthOrArrayLayers: 1 }],
  );
  const view = descriptor("createView");
  assert.deepEqual([view["format"], view["mipLevelCount"], view["dimension"]], [undefined, undefined, undefined]);
  assert.equal(descriptor("createSampler")["addressModeV"], "repeat");
  const pipeline = descriptor("createRenderPipeline");
  assert.equal(pipeline["layout"], "auto");
  assert.deepEqual((pipeline["vertex"] as { buffers: unknown }).buffers, [
    { arrayStride: 16, stepMode: "vertex", attributes: [{ format: "float32x4", offset: 0, shaderLocation: 2 }] },
  ]);
  const depth = pipeline["depthStencil"] as Record<string, unknown>;
  assert.deepEqual(
    [depth["format"], depth["depthCompare"], depth["depthBias"], depth["depthBiasSlopeScale"]],
    ["depth32float", "less", -2, 0.5],
  );
  assert.deepEqual((pipeline["fragment"] as { targets: unknown }).targets, [
    {
      format: "rgba8unorm",
      writeMask: 15,
      blend: {
        color: { operation: "add", srcFactor: "src-alpha", dstFactor: "one-minus-src-alpha" },
        alpha: { operation: "add", srcFactor: "one", dstFactor: "zero" },
      },
    },
  ]);
});

/** A pass of encoder `first` into view 2; what is drawn comes from `say`. */
function frame(first: number, say: (stream: StreamBuilder, pass: number) => void): StreamBuilder {
  const stream = new StreamBuilder()
    .say(op.createCommandEncoder, first, "frame")
    .say(op.call, 1000, 500, 1)
    .say(
      op.beginRenderPass,
      ...[first, first + 1, "draw", [[2, kNone, 0, 2, 1, f64(0), f64(0.5), f64(0), f64(1)]], [], 0, 0, 0, 0],
    );
  say(stream, first + 1);
  return stream
    .say(op.endPass, first + 1)
    .say(op.finish, first, first + 2)
    .say(op.submit, [first + 2])
    .say(op.frameMark);
}

test("a render pass says to WebGPU what the stream says", async () => {
  const { device, executor, run } = setUp();
  run(resources());
  run(
    frame(10, (stream, pass) =>
      stream
        .say(op.pushDebugGroup, pass, "triangles")
        .say(op.setRenderPipeline, pass, 4)
        .say(op.setVertexBuffer, pass, 0, 5, u64(16), kWhole)
        .say(op.setIndexBuffer, pass, 5, 2, u64(0), u64(64))
        .say(op.setViewport, pass, f64(0), f64(0.5), f64(4), f64(4), f64(0), f64(1))
        .say(op.setBlendConstant, pass, f64(1), f64(0.25), f64(0), f64(1))
        .say(op.drawIndexed, pass, 6, 1, 0, -3 >>> 0, 0)
        .say(op.multiDrawIndirect, pass, 5, u64(32), 2)
        .say(op.popDebugGroup, pass),
    ),
  );
  await settle();
  assert.deepEqual(readEvents(executor.events.take()), []);
  const pass = device.named("beginRenderPass")[0]!.args[0] as { colorAttachments: Record<string, unknown>[] };
  assert.deepEqual(
    ["loadOp", "storeOp", "clearValue", "depthSlice"].map((name) => pass.colorAttachments[0]![name]),
    ["clear", "store", { r: 0, g: 0.5, b: 0, a: 1 }, undefined],
  );
  const said = (name: string): unknown[] => device.named(name).map((call) => call.args.slice(name === "draw" ? 0 : 1));
  assert.deepEqual(device.named("drawIndexed")[0]!.args, [6, 1, 0, -3, 0]);
  assert.deepEqual(said("drawIndirect"), [[32], [48]]);
  assert.deepEqual(device.named("setVertexBuffer")[0]!.args.slice(2), [16, undefined]);
  assert.deepEqual(device.named("setIndexBuffer")[0]!.args.slice(1), ["uint32", 0, 64]);
  assert.deepEqual(device.named("setBlendConstant")[0]!.args, [{ r: 1, g: 0.25, b: 0, a: 1 }]);
  assert.equal(device.named("submit").length, 1);
});

test("a bundle is made by its own encoder and executed by a pass", async () => {
  const { device, executor, run } = setUp();
  run(
    resources()
      .say(op.createRenderBundleEncoder, 20, "bundle", [22, 0], 48, 1, 0, 0)
      .say(op.setRenderPipeline, 20, 4)
      .say(op.draw, 20, 3, 1, 0, 0)
      .say(op.finishBundle, 20, 21),
  );
  run(frame(30, (stream, pass) => stream.say(op.executeBundles, pass, [21])));
  await settle();
  assert.deepEqual(readEvents(executor.events.take()), []);
  const [descriptor] = device.named("createRenderBundleEncoder")[0]!.args as [Record<string, unknown>];
  assert.deepEqual(
    [descriptor!["colorFormats"], descriptor!["depthStencilFormat"]],
    [["rgba8unorm", null], "depth32float"],
  );
  assert.deepEqual(device.named("executeBundles")[0]!.args, [["render bundle"]]);
});

test("a canvas serves a texture that no frame destroys", async () => {
  const { device, executor, run } = setUp();
  run(new StreamBuilder().say(op.configureCanvas, 1, "canvas", 27, 16, 8, 8, [], 1, 1));
  for (const texture of [2, 3]) {
    run(
      new StreamBuilder()
        .say(op.getCurrentTexture, 1, texture)
        .say(op.createTextureView, 10 + texture, "view", texture, 0, 0, 0, 0, kAll, 0, kAll, 0)
        .say(op.present, 1)
        .say(op.destroyTexture, texture),
    );
  }
  await settle();
  assert.deepEqual(readEvents(executor.events.take()), []);
  assert.equal(device.named("createTexture").length, 1);
  assert.equal(device.named("createView").length, 2);
  assert.equal(device.named("destroy").length, 0);
});

test("textures are written from streams and blobs, buffers while they are mapped", async () => {
  const { device, executor, run } = setUp();
  executor.lend(7, new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]));
  const place = [1, 0, 2, 3, 0, 1];
  run(
    resources()
      .say(op.writeTexture, ...place, u64(0), 4, kNone, 1, 1, 1, new Uint8Array([9, 9, 9, 9]))
      .say(op.writeTextureFromBlob, ...place, u64(0), kNone, kNone, 1, 1, 1, 7, u64(4), u64(4))
      .say(op.createBuffer, 8, "mapped", u64(16), 8, 0, 1)
      .say(op.writeMapped, 8, u64(8), new Uint8Array([5, 6, 7, 8])),
  );
  await settle();
  assert.deepEqual(readEvents(executor.events.take()), []);
  const [first, second] = device.named("writeTexture").map((call) => call.args);
  assert.deepEqual([...(first![1] as Uint8Array)], [9, 9, 9, 9]);
  assert.deepEqual((first![0] as { origin: object }).origin, { x: 2, y: 3, z: 0 });
  assert.deepEqual([...(second![1] as Uint8Array)], [5, 6, 7, 8]);
  run(new StreamBuilder().say(op.writeTextureFromBlob, ...place, u64(0), 4, 1, 1, 1, 1, 7, u64(6), u64(4)));
  assert.match(readEvents(executor.events.take())[0]!.text, /Blob 7 has 8 bytes, too few/);
});

test("what cannot be carried out is dropped whole and told", async () => {
  const { device, executor, run } = setUp();
  run(resources());
  await settle();
  const refusals: [(stream: StreamBuilder, pass: number) => void, RegExp][] = [
    [(stream, pass) => stream.say(op.setRenderPipeline, pass, 99), /no render pipeline 99/],
    [(stream, pass) => stream.say(op.setIndexBuffer, pass, 5, 9, u64(0), u64(4)), /enum means nothing/],
    [(stream, pass) => stream.say(op.executeBundles, pass, [98]), /no render bundle 98/],
    [(stream, pass) => stream.say(op.multiDrawIndirect, pass, 5, u64(0), 4e9), /too few for its indirect/],
    [(stream, pass) => stream.say(op.writeTimestamp, pass, 1, 0), /wgpu-native's/],
  ];
  for (const [index, [say, message]] of refusals.entries()) {
    run(frame(100 + 10 * index, say));
    const events = readEvents(executor.events.take());
    assert.deepEqual(
      events.map((event) => event.opcode),
      [kError],
    );
    assert.match(events[0]!.text, message);
  }
  assert.equal(device.named("submit").length, 0);
  run(new StreamBuilder().say(op.release, 10, 4, 0));
  run(frame(500, (stream, pass) => stream.say(op.setRenderPipeline, pass, 4)));
  assert.match(readEvents(executor.events.take())[0]!.text, /no render pipeline 4/);
});

test("a render pipeline that fails is told with line and column", async () => {
  const { executor, run } = setUp();
  run(
    new StreamBuilder()
      .say(op.createShaderModule, 3, "module", "bad!", 0)
      .say(op.createRenderPipelineAsync, 4, "draw", 0, 3, "main", [], [], 4, 0, 0, 0, 0, [], 1, kAll, 0, [])
      .say(op.createRenderPipelineAsync, 5, "none", 0, 77, "main", [], [], 4, 0, 0, 0, 0, [], 1, kAll, 0, []),
  );
  await settle();
  const texts = readEvents(executor.events.take()).map((event) => event.text);
  assert.match(texts[0]!, /no shader module 77/);
  assert.match(texts[1]!, /3:5: odd token/);
});
