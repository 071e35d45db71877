// Writes commands as the core's recorder does, by opcode and fields, so that the executor can be tested without it.

import { WireWriter } from "../src/gpu/wire";

export type Field = number | string | Uint8Array | U64 | F64 | readonly Field[] | readonly Field[][];
export class U64 {
  constructor(readonly value: number) {}
}
export class F64 {
  constructor(readonly value: number) {}
}
export const u64 = (value: number): U64 => new U64(value);
export const f64 = (value: number): F64 => new F64(value);

/** Opcodes of commands.schema. */
export const op = {
  createBuffer: 1,
  destroyBuffer: 2,
  createShaderModule: 3,
  createBindGroupLayout: 4,
  createPipelineLayout: 5,
  createComputePipelineAsync: 6,
  createBindGroup: 7,
  createQuerySet: 8,
  writeBuffer: 20,
  writeBufferFromBlob: 21,
  submit: 22,
  onSubmittedWorkDone: 23,
  mapAsync: 24,
  unmap: 25,
  createCommandEncoder: 40,
  copyBufferToBuffer: 41,
  clearBuffer: 42,
  resolveQuerySet: 43,
  copyBufferToCanvas: 44,
  beginComputePass: 45,
  setPipeline: 46,
  setBindGroup: 47,
  dispatchWorkgroups: 48,
  dispatchWorkgroupsIndirect: 49,
  endPass: 50,
  finish: 51,
  createTexture: 12,
  createTextureView: 13,
  createSampler: 14,
  createRenderPipeline: 16,
  createRenderPipelineAsync: 17,
  getBindGroupLayout: 18,
  createRenderBundleEncoder: 19,
  writeTexture: 26,
  writeTextureFromBlob: 27,
  mapAsyncWrite: 28,
  writeMapped: 29,
  destroyTexture: 31,
  release: 38,
  copyTextureToBuffer: 61,
  beginRenderPass: 63,
  setRenderPipeline: 64,
  setVertexBuffer: 65,
  setIndexBuffer: 66,
  draw: 67,
  drawIndexed: 68,
  multiDrawIndirect: 71,
  setViewport: 73,
  setBlendConstant: 75,
  executeBundles: 79,
  finishBundle: 80,
  pushDebugGroup: 81,
  popDebugGroup: 82,
  writeTimestamp: 84,
  configureCanvas: 110,
  getCurrentTexture: 112,
  present: 113,
  frameMark: 120,
  call: 122,
} as const;

export class StreamBuilder {
  private readonly writer = new WireWriter();

  say(opcode: number, ...fields: Field[]): this {
    this.writer.begin(opcode);
    for (const field of fields) this.put(field);
    this.writer.end();
    return this;
  }

  take(): Uint32Array {
    return this.writer.take().slice();
  }

  private put(field: Field): void {
    const { writer } = this;
    if (typeof field === "number") writer.u32(field);
    else if (typeof field === "string") writer.string(field);
    else if (field instanceof Uint8Array) writer.bytes(field);
    else if (field instanceof U64) {
      writer.u64(field.value);
    } else if (field instanceof F64) {
      for (const word of new Uint32Array(new Float64Array([field.value]).buffer)) writer.u32(word);
    } else {
      writer.u32(field.length);
      for (const item of field) {
        if (Array.isArray(item)) for (const part of item as Field[]) this.put(part);
        else this.put(item as Field);
      }
    }
  }
}

/** A stream as it would lie in the WASM memory, at `offset`. */
export function inMemory(words: Uint32Array, offset = 64): ArrayBuffer {
  const memory = new ArrayBuffer(offset + words.byteLength);
  new Uint32Array(memory, offset).set(words);
  return memory;
}

/** The events as [opcode, payload bytes]. */
export function readEvents(words: Uint32Array): { opcode: number; words: Uint32Array; text: string }[] {
  const events = [];
  for (let at = 0; at < words.length;) {
    const head = words[at]!;
    const payload = words.slice(at + 1, at + (head >>> 8));
    events.push({ opcode: head & 255, words: payload, text: new TextDecoder().decode(payload) });
    at += head >>> 8;
  }
  return events;
}
