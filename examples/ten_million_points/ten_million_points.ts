// Ten million points, filtered, binned and drawn anew in every frame, with a kernel of one's own among primitives.
//
// A frame is four steps. Each line of the table that the page prints is one of them, beside a plain copy on the same adapter:
// what a step must move, how long that takes at the copy's speed, and how long it took.
//
//   step             moves                   why it takes what it takes
//   bin the points   16 bytes a point        the kernel below: three floats in, one code out; bound by memory on a GPU
//   histogram        4 bytes a point         one atomic add a point into one of the picture's bins; bound by atomics, and
//                                            the faster the more points of a workgroup fall into the same few bins
//   brightest bin    4 bytes a bin           fold by maximum; 2 MB, so that launching it is what it costs
//   draw             4 bytes a bin           a fragment reads its bin and the brightest one
//
// Filtering is not a step: a point that the filter leaves out gets a code behind all bins, which the histogram does not
// count. Compacting first would write and read 8 bytes for each kept point to save 4 for each one left out; it pays where
// less than a third is kept and several steps follow.
import { Primitives } from "shoal/primitives";
import { countFromAddress, finish, makeBuffer, openDevice, readWords, say, start } from "../page";

const [kWidth, kHeight] = [800, 600];
const kBins = kWidth * kHeight;

// Two arms of a spiral from random numbers, and an age for each point.
const kShape = `
@group(0) @binding(0) var<storage, read> random: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> xs: array<f32>;
@group(0) @binding(2) var<storage, read_write> ys: array<f32>;
@group(0) @binding(3) var<storage, read_write> ages: array<f32>;
@compute @workgroup_size(256) fn main(@builtin(global_invocation_id) at: vec3u) {
  if at.x >= arrayLength(&random) { return; }
  let r = random[at.x];
  let along = sqrt(r.x);
  let angle = along * 9.0 + select(0.0, 3.14159265, r.y < 0.5) + (r.z - 0.5) * 1.2 * (1.2 - along);
  xs[at.x] = 0.5 + 0.48 * along * cos(angle);
  ys[at.x] = 0.5 + 0.48 * along * sin(angle);
  ages[at.x] = r.w;
}`;

// The kernel of one's own. A code is the number of a bin, or the number of bins for a point that is left out.
const kBin = `
const width = ${kWidth}u;
const height = ${kHeight}u;
struct Filter { oldest: f32, youngest: f32 }
@group(0) @binding(0) var<storage, read> xs: array<f32>;
@group(0) @binding(1) var<storage, read> ys: array<f32>;
@group(0) @binding(2) var<storage, read> ages: array<f32>;
@group(0) @binding(3) var<storage, read> filter_: Filter;
@group(0) @binding(4) var<storage, read_write> codes: array<u32>;
@compute @workgroup_size(256) fn main(@builtin(global_invocation_id) at: vec3u) {
  if at.x >= arrayLength(&codes) { return; }
  let age = ages[at.x];
  let column = u32(xs[at.x] * f32(width));
  let row = u32(ys[at.x] * f32(height));
  let is_in = age >= filter_.oldest && age < filter_.youngest && column < width && row < height;
  codes[at.x] = select(width * height, row * width + column, is_in);
}`;

const kCopy = `
@group(0) @binding(0) var<storage, read> source: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> copy: array<vec4u>;
@compute @workgroup_size(256) fn main(@builtin(global_invocation_id) at: vec3u) {
  if at.x < arrayLength(&copy) { copy[at.x] = source[at.x]; }
}`;

const kDraw = `
@group(0) @binding(0) var<storage, read> counts: array<u32>;
@group(0) @binding(1) var<storage, read> most: array<u32>;
@vertex fn corner(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  return vec4f(f32(i & 1u) * 4.0 - 1.0, f32(i >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}
@fragment fn shade(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let share = log(1.0 + f32(counts[u32(at.y) * ${kWidth}u + u32(at.x)])) / log(2.0 + f32(most[0]));
  return vec4f(share * share, share, sqrt(share) * 0.9, 1.0);
}`;

/** A kernel with its arrays: what is submitted is one dispatch over so many invocations. */
function kernel(device: GPUDevice, code: string, invocations: number, buffers: GPUBuffer[]): () => void {
  const compute = { module: device.createShaderModule({ code }) };
  const pipeline = device.createComputePipeline({ layout: "auto", compute });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  return () => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(Math.ceil(invocations / 256));
    pass.end();
    device.queue.submit([encoder.finish()]);
  };
}

/** The picture: three corners, and a fragment for each bin. */
function picture(device: GPUDevice, counts: GPUBuffer, brightest: GPUBuffer): () => void {
  const context = document.querySelector("canvas")!.getContext("webgpu")!;
  const format = navigator.gpu.getPreferredCanvasFormat();
  context.configure({ device, format });
  const module = device.createShaderModule({ code: kDraw });
  const pipeline = device.createRenderPipeline({
    layout: "auto",
    vertex: { module },
    fragment: { module, targets: [{ format }] },
  });
  const entries = [counts, brightest].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  return () => {
    const encoder = device.createCommandEncoder();
    const view = context.getCurrentTexture().createView();
    const pass = encoder.beginRenderPass({ colorAttachments: [{ view, loadOp: "clear", storeOp: "store" }] });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.draw(3);
    pass.end();
    device.queue.submit([encoder.finish()]);
  };
}

/** Milliseconds that the work of a step takes, of several in a row so that waiting does not count. */
async function measure(device: GPUDevice, step: () => void): Promise<number> {
  step();
  await device.queue.onSubmittedWorkDone();
  const [begin, times] = [performance.now(), 5];
  for (let i = 0; i < times; ++i) step();
  await device.queue.onSubmittedWorkDone();
  return (performance.now() - begin) / times;
}

start(async () => {
  const points = Math.ceil(countFromAddress(10_000_000) / 4) * 4;
  const device = await openDevice();
  const random = makeBuffer(device, points * 4);
  const [xs, ys, ages] = [makeBuffer(device, points), makeBuffer(device, points), makeBuffer(device, points)];
  const [codes, counts, brightest] = [makeBuffer(device, points), makeBuffer(device, kBins), makeBuffer(device, 4)];
  const filter = makeBuffer(device, 4);

  const primitives = await Primitives.open(device);
  const bins = { of: "codes", binCount: kBins } as const;
  await Promise.all([
    primitives.prepare("randomNumbers", {}),
    primitives.prepare("histogram", bins),
    primitives.prepare("fold", { op: "max" }),
  ]);

  const begin = primitives.frame("points");
  begin.randomNumbers({ seed: 1, floats: true, count: points * 4, result: random });
  begin.submit();
  kernel(device, kShape, points, [random, xs, ys, ages])();
  random.destroy();
  primitives.release(random);

  const bin = kernel(device, kBin, points, [xs, ys, ages, filter, codes]);
  const histogram = (): void => {
    const frame = primitives.frame("histogram");
    frame.histogram({ ...bins, values: codes, count: points, counts });
    frame.submit();
  };
  const fold = (): void => {
    const frame = primitives.frame("brightest bin");
    frame.fold({ op: "max", values: counts, count: kBins, result: brightest });
    frame.submit();
  };
  const draw = picture(device, counts, brightest);
  // What the host says a frame: eight bytes. A window of ages that moves on.
  const window_ = new Float32Array(2);
  const look = (share: number): void => {
    window_.set([0.7 * share, 0.7 * share + 0.3]);
    device.queue.writeBuffer(filter, 0, window_);
  };

  look(0.5);
  const copy = kernel(device, kCopy, points / 4, [xs, codes]);
  const bytesPerMs = (points * 8) / (await measure(device, copy));
  say("step                MB  at best ms  measured ms");
  for (const [name, bytes, step] of [
    ["plain copy", points * 8, copy],
    ["bin the points", points * 16, bin],
    ["histogram", points * 4, histogram],
    ["brightest bin", kBins * 4, fold],
    ["draw", kBins * 4, draw],
  ] as const) {
    const row = [(bytes / 1e6).toFixed(2), (bytes / bytesPerMs).toFixed(3), (await measure(device, step)).toFixed(3)];
    say(`${name.padEnd(14)}${row.map((cell) => cell.padStart(12)).join("")}`);
  }

  // A few frames, each of which does all of it.
  const frames = 30;
  const first = performance.now();
  for (let i = 0; i < frames; ++i) {
    look(i / frames);
    for (const step of [bin, histogram, fold, draw]) step();
    await new Promise(requestAnimationFrame);
  }
  await device.queue.onSubmittedWorkDone();
  say(`${frames} frames in ${(performance.now() - first).toFixed(0)} ms`);

  // The last one once more on the CPU.
  const [x, y, age] = (await Promise.all([xs, ys, ages].map((array) => readWords(device, array, points)))).map(
    (words) => new Float32Array(words.buffer),
  ) as [Float32Array, Float32Array, Float32Array];
  const wanted = new Uint32Array(kBins);
  for (let i = 0; i < points; ++i) {
    if (age[i]! < window_[0]! || age[i]! >= window_[1]!) continue;
    const [column, row] = [Math.trunc(Math.fround(x[i]! * kWidth)), Math.trunc(Math.fround(y[i]! * kHeight))];
    ++wanted[row * kWidth + column]!;
  }
  const counted = await readWords(device, counts, kBins);
  const kept = counted.reduce((sum, count) => sum + count, 0);
  finish(
    counted.every((count, i) => count === wanted[i]),
    `${kept} of ${points} points drawn`,
  );

  // On and on, for whoever looks.
  for (let share = 0; ; share = (share + 0.005) % 1) {
    look(share);
    for (const step of [bin, histogram, fold, draw]) step();
    await new Promise(requestAnimationFrame);
  }
});
