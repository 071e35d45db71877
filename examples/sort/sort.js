// A program of somebody else: sorts ten million keys, and says whether they are sorted.
import { Primitives } from "shoal/primitives";

const adapter = await navigator.gpu.requestAdapter();
const device = await adapter.requestDevice({
  requiredFeatures: ["subgroups"].filter((name) => adapter.features.has(name)),
});
const count = 10_000_000;
const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
const [keys, sortedKeys] = [1, 2].map(() => device.createBuffer({ size: count * 4, usage }));
device.queue.writeBuffer(
  keys,
  0,
  Uint32Array.from({ length: count }, () => Math.random() * 2 ** 32),
);

const primitives = await Primitives.open(device);
await primitives.prepare("sort", {});
const frame = primitives.frame();
frame.sort({ keys, count, sortedKeys });
frame.submit();

const copy = device.createBuffer({ size: count * 4, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
const encoder = device.createCommandEncoder();
encoder.copyBufferToBuffer(sortedKeys, 0, copy, 0, count * 4);
device.queue.submit([encoder.finish()]);
await copy.mapAsync(GPUMapMode.READ);
const sorted = new Uint32Array(copy.getMappedRange());
document.title = sorted.every((key, i) => i === 0 || sorted[i - 1] <= key) ? `sorted ${count} keys` : "not sorted";
