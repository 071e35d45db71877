// Small programs as pages have them, for the recorder's tests: recorded_page.html?compute runs one and says in the title
// what it came to. They know nothing of the recorder.

const kSide = 16;
// recorded_page.html?compute&close closes itself when it is done, and a little later.
const kLastMs = 300;

async function openDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu.requestAdapter();
  if (!adapter) throw new Error("There is no adapter.");
  return adapter.requestDevice({ label: "program" });
}

async function read(device: GPUDevice, source: GPUBuffer, size: number): Promise<Uint32Array> {
  const target = device.createBuffer({ label: "read", size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder({ label: "read" });
  encoder.copyBufferToBuffer(source, 0, target, 0, size);
  device.queue.submit([encoder.finish()]);
  await target.mapAsync(GPUMapMode.READ);
  const words = new Uint32Array(target.getMappedRange().slice(0));
  target.unmap();
  return words;
}

const kDouble = `
@group(0) @binding(0) var<storage, read_write> values: array<u32>;
@compute @workgroup_size(64) fn main(@builtin(global_invocation_id) id: vec3u) {
  values[id.x] = values[id.x] * 2 + 1;
}`;

/** Doubles 256 numbers a few times; every sequence is one that can be read but once. */
async function compute(device: GPUDevice): Promise<string> {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const values = device.createBuffer({ label: "values", size: 1024, usage });
  device.queue.writeBuffer(
    values,
    0,
    Uint32Array.from({ length: 256 }, (_, i) => i),
  );
  const module = device.createShaderModule({ label: "double", code: kDouble });
  const pipeline = await device.createComputePipelineAsync({ layout: "auto", compute: { module } });
  function* entries(): Generator<GPUBindGroupEntry> {
    yield { binding: 0, resource: { buffer: values } };
  }
  const group = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: entries() as unknown as GPUBindGroupEntry[],
  });
  for (let i = 0; i < 3; ++i) {
    const encoder = device.createCommandEncoder({ label: "compute" });
    const pass = encoder.beginComputePass({ label: "double" });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(4);
    pass.end();
    device.queue.submit([encoder.finish()].values() as unknown as GPUCommandBuffer[]);
  }
  await device.queue.onSubmittedWorkDone();
  return String((await read(device, values, 1024)).reduce((sum, value) => sum + value, 0));
}

const kTriangle = `
@group(0) @binding(0) var<uniform> place: vec4f;
@vertex fn vs(@location(0) at: vec2f) -> @builtin(position) vec4f { return vec4f(at + place.xy, 0, 1); }
@fragment fn fs() -> @location(0) vec4f { return vec4f(1, 0.2, 0.6, 1); }`;

function drawing(device: GPUDevice, format: GPUTextureFormat, canvas: HTMLCanvasElement | OffscreenCanvas) {
  const context = canvas.getContext("webgpu") as GPUCanvasContext;
  context.configure({ device, format, usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC });
  const vertices = device.createBuffer({ size: 24, usage: GPUBufferUsage.VERTEX, mappedAtCreation: true });
  new Float32Array(vertices.getMappedRange()).set([-1, -1, 1, -1, 0, 1]);
  vertices.unmap();
  const place = device.createBuffer({ size: 256, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  const module = device.createShaderModule({ code: kTriangle });
  const layout = device.createBindGroupLayout({
    entries: [{ binding: 0, visibility: GPUShaderStage.VERTEX, buffer: { hasDynamicOffset: true } }],
  });
  const pipeline = device.createRenderPipeline({
    layout: device.createPipelineLayout({ bindGroupLayouts: [layout] }),
    vertex: {
      module,
      buffers: [{ arrayStride: 8, attributes: [{ format: "float32x2", offset: 0, shaderLocation: 0 }] }],
    },
    fragment: { module, targets: [{ format }] },
  });
  const group = device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer: place, size: 16 } }] });
  return { context, vertices, place, pipeline, group };
}

type Scene = ReturnType<typeof drawing>;

function drawFrame(
  device: GPUDevice,
  scene: Scene,
  frame: number,
  draws: number,
  after?: (encoder: GPUCommandEncoder, shown: GPUTexture) => void,
): void {
  device.queue.writeBuffer(scene.place, 0, new Float32Array([(frame % 4) / 4, 0, 0, 0]));
  const shown = scene.context.getCurrentTexture();
  const encoder = device.createCommandEncoder({ label: "frame" });
  const pass = encoder.beginRenderPass({
    label: "triangles",
    colorAttachments: [{ view: shown.createView(), loadOp: "clear", storeOp: "store", clearValue: [0, 0, 0, 1] }],
  });
  pass.setPipeline(scene.pipeline);
  pass.setVertexBuffer(0, scene.vertices);
  for (let i = 0; i < draws; ++i) {
    pass.setBindGroup(0, scene.group, [0]);
    pass.draw(3);
  }
  pass.end();
  after?.(encoder, shown);
  device.queue.submit([encoder.finish()]);
}

const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));

/** Ten frames on a canvas that changes its size; the last is read. */
async function draw(device: GPUDevice): Promise<string> {
  const canvas = document.querySelector("canvas")!;
  const scene = drawing(device, navigator.gpu.getPreferredCanvasFormat(), canvas);
  const bytesPerRow = 256;
  const out = device.createBuffer({
    size: bytesPerRow * kSide,
    usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
  });
  const frames = 10;
  await new Promise<void>((resolve) => {
    let frame = 0;
    const step = (): void => {
      if (frame === 5) canvas.width = canvas.height = kSide;
      drawFrame(device, scene, frame, 2, (encoder, texture) => {
        if (frame < frames - 1) return;
        encoder.copyTextureToBuffer({ texture }, { buffer: out, bytesPerRow }, [kSide, kSide]);
      });
      if (++frame < frames) requestAnimationFrame(step);
      else resolve();
    };
    requestAnimationFrame(step);
  });
  await out.mapAsync(GPUMapMode.READ);
  const sum = new Uint8Array(out.getMappedRange()).reduce((total, byte) => total + byte, 0);
  out.unmap();
  await nextFrame();
  return String(sum);
}

/** Mapped at creation, mapped to write, read in parts and out of order, destroyed while mapped. */
async function mapped(device: GPUDevice): Promise<string> {
  const size = 4096;
  const values = device.createBuffer({
    size,
    usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    mappedAtCreation: true,
  });
  new Uint32Array(values.getMappedRange(0, 2048)).fill(7);
  new Uint32Array(values.getMappedRange(2048)).fill(9);
  values.unmap();
  const upload = device.createBuffer({ size, usage: GPUBufferUsage.MAP_WRITE | GPUBufferUsage.COPY_SRC });
  await upload.mapAsync(GPUMapMode.WRITE, 1024, 512);
  new Uint32Array(upload.getMappedRange(1024, 512)).fill(3);
  upload.unmap();
  const out = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(values, 0, out, 0, size);
  encoder.copyBufferToBuffer(upload, 1024, out, 512, 512);
  device.queue.submit([encoder.finish()]);
  await out.mapAsync(GPUMapMode.READ);
  let sum = 0;
  for (const offset of [3072, 512]) {
    for (const value of new Uint32Array(out.getMappedRange(offset, 512))) sum += value;
  }
  out.unmap();
  await out.mapAsync(GPUMapMode.READ, 0, 8);
  out.destroy();
  return String(sum);
}

/** What is wrong is heard, and the page goes on. */
async function errors(device: GPUDevice): Promise<string> {
  const heard: string[] = [];
  device.addEventListener("uncapturederror", (event) => {
    event.preventDefault();
    heard.push("uncaptured");
  });
  device.createBuffer({ label: "wrong", size: 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.MAP_WRITE });
  device.pushErrorScope("validation");
  device.createSampler({ lodMinClamp: -1 });
  if (await device.popErrorScope()) heard.push("scoped");
  const module = device.createShaderModule({ code: "not WGSL" });
  await device.createComputePipelineAsync({ layout: "auto", compute: { module } }).catch(() => heard.push("pipeline"));
  const buffer = device.createBuffer({ size: 4, usage: GPUBufferUsage.COPY_DST });
  await buffer.mapAsync(GPUMapMode.READ).catch(() => heard.push("map"));
  try {
    device.createBuffer({ size: 4 } as GPUBufferDescriptor);
  } catch (error) {
    heard.push((error as Error).name);
  }
  try {
    // @ts-expect-error: of the wrong kind
    device.queue.submit([{}]);
  } catch (error) {
    heard.push((error as Error).name);
  }
  const result = await compute(device);
  device.destroy();
  heard.push((await device.lost).reason);
  return `${heard.join(" ")} ${result}`;
}

/** Pictures of every kind that a canvas draws. */
async function images(device: GPUDevice): Promise<string> {
  const picture = new ImageData(4, 4);
  for (let i = 0; i < 64; ++i) picture.data[i] = i % 4 === 3 ? 255 : i * 4;
  const bitmap = await createImageBitmap(picture);
  const usage = GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC;
  const texture = device.createTexture({ label: "picture", size: [4, 4], format: "rgba8unorm", usage });
  const swapped = device.createTexture({ label: "swapped", size: [4, 4], format: "bgra8unorm", usage });
  device.queue.copyExternalImageToTexture({ source: bitmap }, { texture }, [4, 4]);
  device.queue.copyExternalImageToTexture({ source: picture, flipY: true }, { texture: swapped }, [4, 4]);
  device.queue.copyExternalImageToTexture(
    { source: bitmap, origin: [2, 1] },
    { texture, origin: { x: 1, y: 2 } },
    [2, 2],
  );
  const out = device.createBuffer({ size: 2048, usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyTextureToBuffer({ texture }, { buffer: out, bytesPerRow: 256 }, [4, 4]);
  encoder.copyTextureToBuffer({ texture: swapped }, { buffer: out, offset: 1024, bytesPerRow: 256 }, [4, 4]);
  device.queue.submit([encoder.finish()]);
  const words = await read(device, out, 2048);
  return String(words.reduce((hash, word) => Math.imul(hash ^ word, 0x9e3779b1) >>> 0, 1));
}

// (module (import "env" "log" (func (param i32))) (table (export "table") 1 funcref)
//   (func (export "run") (param i32) (call 0 (local.get 0))) (func (export "twice") ...calls log twice))
const kModule = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 1, 127, 0, 2, 11, 1, 3, 101, 110, 118, 3, 108, 111, 103, 0, 0, 3, 2, 1, 0,
  4, 4, 1, 112, 0, 1, 7, 15, 2, 3, 114, 117, 110, 0, 1, 5, 116, 97, 98, 108, 101, 1, 0, 10, 12, 1, 10, 0, 32, 0, 16, 0,
  32, 0, 16, 0, 11,
]);

/** A module that calls back, and whose export goes into a table, which takes only functions of WebAssembly. */
async function wasm(device: GPUDevice): Promise<string> {
  let sum = 0;
  const imports = { env: { log: (value: number) => (sum += value) } };
  const { instance } = await WebAssembly.instantiate(kModule, imports);
  const { run, table } = instance.exports as { run(value: number): void; table: WebAssembly.Table };
  table.set(0, run);
  Object.assign(globalThis, { kept: instance.exports });
  const isSame = table.get(0) === run && instance.exports["run"] === run;
  const again = new WebAssembly.Instance(new WebAssembly.Module(kModule), { env: { log: run } });
  (again.exports["run"] as (value: number) => void)(1);
  for (let frame = 0; frame < 3; ++frame) {
    await nextFrame();
    for (let i = 0; i < 10; ++i) run(i);
    device.queue.submit([device.createCommandEncoder().finish()]);
  }
  await new Promise<void>((resolve) => {
    requestAnimationFrame(() => {
      run(100);
      device.queue.submit([device.createCommandEncoder().finish()]);
      requestAnimationFrame(() => resolve());
    });
  });
  return `${sum} ${isSame} ${Object.isFrozen(instance.exports)} ${run.name} ${run.length}`;
}

/** Bundles, queries and what else a pass can be told; views and bind groups are made anew for each frame. */
async function bundles(device: GPUDevice): Promise<string> {
  const format = "rgba8unorm";
  const scene = drawing(device, format, new OffscreenCanvas(kSide, kSide));
  const bundleEncoder = device.createRenderBundleEncoder({ label: "bundle", colorFormats: [format] });
  bundleEncoder.setPipeline(scene.pipeline);
  bundleEncoder.setVertexBuffer(0, scene.vertices);
  bundleEncoder.setBindGroup(0, scene.group, new Uint32Array([5, 0, 5]), 1, 1);
  bundleEncoder.draw(3, 1);
  const bundle = bundleEncoder.finish();
  const target = device.createTexture({
    label: "target",
    size: { width: kSide, height: kSide },
    format,
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const queries = device.createQuerySet({ type: "occlusion", count: 2 });
  const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const resolved = device.createBuffer({ size: 16, usage });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginRenderPass({
    colorAttachments: [{ view: target.createView(), loadOp: "clear", storeOp: "store" }],
    occlusionQuerySet: queries,
  });
  pass.setViewport(0, 0, kSide, kSide, 0, 1);
  pass.setScissorRect(0, 0, kSide, kSide / 2);
  pass.executeBundles(new Set([bundle]));
  pass.beginOcclusionQuery(0);
  pass.setPipeline(scene.pipeline);
  pass.setVertexBuffer(0, scene.vertices);
  pass.setBindGroup(0, scene.group, [0]);
  pass.draw(3);
  pass.endOcclusionQuery();
  pass.end();
  encoder.resolveQuerySet(queries, 0, 2, resolved, 0);
  const out = device.createBuffer({ size: 256 * kSide, usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST });
  encoder.copyTextureToBuffer({ texture: target }, { buffer: out, bytesPerRow: 256 }, [kSide, kSide]);
  device.queue.submit([encoder.finish()]);
  const words = await read(device, out, 256 * kSide);
  return String(words.reduce((hash, word) => Math.imul(hash ^ word, 0x9e3779b1) >>> 0, 1));
}

/** Frames of `calls` calls each; says the median milliseconds of a frame from its first call until its work is done. */
async function measureFrames(
  device: GPUDevice,
  count: number,
  calls: number,
): Promise<{ encodeMs: number; frameMs: number }> {
  const scene = drawing(device, "rgba8unorm", new OffscreenCanvas(kSide, kSide));
  const encode: number[] = [];
  const whole: number[] = [];
  for (let frame = 0; frame < count; ++frame) {
    await nextFrame();
    const start = performance.now();
    drawFrame(device, scene, frame, calls / 2);
    encode.push(performance.now() - start);
    await device.queue.onSubmittedWorkDone();
    whole.push(performance.now() - start);
  }
  const median = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1]!;
  return { encodeMs: median(encode), frameMs: median(whole) };
}

/** Frames on a canvas that was the page's, drawn by a worker; the last is read. */
async function offscreen(device: GPUDevice): Promise<string> {
  const canvas = (await sent) as OffscreenCanvas;
  const scene = drawing(device, navigator.gpu.getPreferredCanvasFormat(), canvas);
  const bytesPerRow = 256;
  const out = device.createBuffer({
    size: bytesPerRow * kSide,
    usage: GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
  });
  for (let frame = 0; frame < 5; ++frame) {
    await nextFrame();
    drawFrame(device, scene, frame, 2, (encoder, texture) => {
      encoder.copyTextureToBuffer({ texture }, { buffer: out, bytesPerRow }, [kSide, kSide]);
    });
  }
  const words = await read(device, out, bytesPerRow * kSide);
  return String(words.reduce((hash, word) => Math.imul(hash ^ word, 0x9e3779b1) >>> 0, 1));
}

/** Draws three frames and fails. */
async function failing(device: GPUDevice): Promise<string> {
  const scene = drawing(device, "rgba8unorm", new OffscreenCanvas(kSide, kSide));
  for (let frame = 0; frame < 3; ++frame) {
    await nextFrame();
    drawFrame(device, scene, frame, 2);
  }
  await nextFrame();
  setTimeout(() => {
    throw new Error("There is nothing left to draw.");
  });
  return "";
}

/** Draws until somebody ends it, or its device. */
async function endless(device: GPUDevice): Promise<string> {
  const scene = drawing(device, "rgba8unorm", new OffscreenCanvas(kSide, kSide));
  let isLost = false;
  void device.lost.then(() => (isLost = true));
  for (let frame = 0; !isLost; ++frame) {
    await nextFrame();
    drawFrame(device, scene, frame, 2);
  }
  return "lost";
}

/** Draws one frame, then its script does not come back. */
async function stuck(device: GPUDevice): Promise<string> {
  drawFrame(device, drawing(device, "rgba8unorm", new OffscreenCanvas(kSide, kSide)), 0, 2);
  await device.queue.onSubmittedWorkDone();
  for (;;);
}

/** A program in a worker, which is gone as soon as it has its result. */
async function inWorker(program: string, name: string, canvas?: HTMLCanvasElement): Promise<string> {
  const started = new Worker(`recorded_page.js?${program}`, { name });
  const given = canvas?.transferControlToOffscreen();
  if (given) started.postMessage(given, [given]);
  const result = await new Promise((resolve) => (started.onmessage = ({ data }) => resolve(data)));
  started.terminate();
  return result as string;
}

// What the page sends to its worker.
const sent = new Promise((resolve) => {
  if (typeof document === "undefined") addEventListener("message", ({ data }) => resolve(data), { once: true });
});

const programs: Record<string, (device: GPUDevice) => Promise<string>> = {
  compute,
  draw,
  mapped,
  errors,
  images,
  wasm,
  bundles,
  offscreen,
  failing,
  endless,
  stuck,
  frames: async (device) => JSON.stringify(await measureFrames(device, 60, 1000)),
};

const workers: Record<string, () => Promise<string>> = {
  worker: () => inWorker("compute", "computing"),
  canvas_worker: () => inWorker("offscreen", "drawing", document.querySelector("canvas")!),
};

async function main(): Promise<void> {
  const [name = "", ends] = location.search.slice(1).split("&");
  const result = await (workers[name]?.() ?? programs[name]?.(await openDevice()));
  if (typeof document === "undefined") return postMessage(result);
  document.title = result ?? "";
  if (ends) setTimeout(close, kLastMs);
}

void main().catch((error: unknown) => {
  if (typeof document !== "undefined") document.title = `failed: ${String(error)}`;
});
