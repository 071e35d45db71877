// The page's worker, and a way for tests to read what lies in its device's buffers, by their labels.

import "../src/worker";

const kCopyDst = 0x08;
const kMapRead = 0x01;
const made = new Map<string, { device: GPUDevice; buffer: GPUBuffer }>();
const { createBuffer } = GPUDevice.prototype;

GPUDevice.prototype.createBuffer = function (descriptor) {
  const buffer = createBuffer.call(this, descriptor);
  if (descriptor.label !== undefined) made.set(descriptor.label, { device: this, buffer });
  return buffer;
};

export type ReadBuffer = (label: string, sizeBytes: number) => Promise<number[]>;

/** The first words of the buffer made last with this label. */
const readBuffer: ReadBuffer = async (label, sizeBytes) => {
  const found = made.get(label);
  if (!found) throw new Error(`No buffer is labelled '${label}'. There are ${[...made.keys()].join(", ")}.`);
  const { device, buffer } = found;
  const copy = createBuffer.call(device, { size: sizeBytes, usage: kCopyDst | kMapRead });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, copy, 0, sizeBytes);
  device.queue.submit([encoder.finish()]);
  await copy.mapAsync(kMapRead);
  const words = [...new Uint32Array(copy.getMappedRange())];
  copy.destroy();
  return words;
};
Object.assign(self, { readBuffer });
