// A program that has its own device, buffers and kernels, and borrows one primitive.
//
// The program fills a buffer with a kernel of its own, shoal keeps every third element of it, and the program reads the
// result with a copy of its own. All of it runs on one queue, one after the other.
import { Primitives } from "shoal/primitives";
import { countFromAddress, finish, start } from "../page";

/** The program's own kernel: squares[i] = i * i. */
function fillWithSquares(device: GPUDevice, squares: GPUBuffer, count: number): void {
  const module = device.createShaderModule({
    code: `
      @group(0) @binding(0) var<storage, read_write> squares: array<u32>;
      @compute @workgroup_size(256) fn main(@builtin(global_invocation_id) at: vec3u) {
        if (at.x < arrayLength(&squares)) { squares[at.x] = at.x * at.x; }
      }`,
  });
  const pipeline = device.createComputePipeline({ layout: "auto", compute: { module } });
  const entries = [{ binding: 0, resource: { buffer: squares } }];
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  const encoder = device.createCommandEncoder();
  const pass = encoder.beginComputePass();
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.dispatchWorkgroups(Math.ceil(count / 256));
  pass.end();
  device.queue.submit([encoder.finish()]);
}

start(async () => {
  const count = countFromAddress(1_000_000);
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter!.requestDevice();
  const [size, usage] = [Math.ceil(count / 4) * 16, GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC];
  const squares = device.createBuffer({ size, usage });
  const kept = device.createBuffer({ size, usage });
  const keptCount = device.createBuffer({ size: 16, usage });
  fillWithSquares(device, squares, count);

  // What is shoal's. Kept as long as the program runs, where there are frames; its kernels are compiled once.
  const primitives = await Primitives.open(device);
  const keep = { wgsl: "fn keep(row: u32) -> bool { return row % 3u == 0u; }" };
  await primitives.prepare("compact", { keep });
  const frame = primitives.frame("every third");
  frame.compact({ keep, count, values: squares, result: kept, keptCount });
  frame.submit();

  // The device and its buffers are the program's still.
  const copy = device.createBuffer({ size: size + 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(keptCount, 0, copy, 0, 16);
  encoder.copyBufferToBuffer(kept, 0, copy, 16, size);
  device.queue.submit([encoder.finish()]);
  await copy.mapAsync(GPUMapMode.READ);
  const [[found], words] = [new Uint32Array(copy.getMappedRange(0, 4)), new Uint32Array(copy.getMappedRange(16))];
  const isRight = words.subarray(0, found).every((square, i) => square === Math.imul(9 * i, i) >>> 0);
  finish(isRight && found === Math.ceil(count / 3), `kept ${found} of ${count} squares`);
  primitives.destroy();
});
