// What every example does on its page: open a device, say something, tell whether it came out right.

/** A device with what makes primitives fast, where the adapter has it. */
export async function openDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("This browser has no WebGPU, or finds no graphics adapter for it.");
  const wanted: GPUFeatureName[] = ["subgroups"];
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return adapter.requestDevice({
    requiredFeatures: wanted.filter((name) => adapter.features.has(name)),
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
}

/** How many elements: `?count=` of the address, else as many as the example is about. */
export function countFromAddress(otherwise: number): number {
  return Number(new URLSearchParams(location.search).get("count") ?? otherwise);
}

export function say(text: string): void {
  document.querySelector("pre")!.append(`${text}\n`);
}

/** The end of an example: its title says whether the GPU gave what the CPU gives. */
export function finish(isRight: boolean, text: string): void {
  say(`${isRight ? "right" : "wrong"}: ${text}`);
  document.title = isRight ? "right" : "wrong";
}

/** A buffer of words, a multiple of 16 bytes large. */
export function makeBuffer(device: GPUDevice, content: Uint32Array<ArrayBuffer> | number): GPUBuffer {
  const words = typeof content === "number" ? content : content.length;
  const size = Math.ceil(words / 4) * 16;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({ size, usage });
  if (typeof content !== "number") device.queue.writeBuffer(buffer, 0, content);
  return buffer;
}

/** The content of a buffer, behind all work that was submitted. */
export async function readWords(
  device: GPUDevice,
  source: GPUBuffer,
  words: number,
): Promise<Uint32Array<ArrayBuffer>> {
  const size = words * 4;
  const copy = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(source, 0, copy, 0, size);
  device.queue.submit([encoder.finish()]);
  await copy.mapAsync(GPUMapMode.READ);
  const read = new Uint32Array(copy.getMappedRange().slice(0));
  copy.destroy();
  return read;
}

/** Runs an example; what it throws is shown. */
export function start(example: () => Promise<void>): void {
  example().catch((error: unknown) => {
    say(String(error));
    document.title = "wrong";
  });
}
