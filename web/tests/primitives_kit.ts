// What the tests of primitives in a page share: a device with primitives of its own, arrays up and down, comparison.

import {
  Primitives,
  type Count,
  type Frame,
  type PrimitiveName,
  type PrimitiveOptions,
} from "../src/primitives/primitives";
import { range } from "./primitives_oracle";

const kStorage = 128;
const kCopyDst = 8;
const kCopySrc = 4;

export class Kit {
  readonly complaints: string[] = [];
  readonly called = new Set<string>();

  constructor(
    readonly device: GPUDevice,
    readonly primitives: Primitives,
    private readonly countOnGpu: boolean,
  ) {}

  words(values: ArrayLike<number>): GPUBuffer {
    const words = new Uint32Array(Math.ceil(Math.max(values.length, 1) / 4) * 4);
    words.set(values);
    return this.put(words);
  }

  floats(values: ArrayLike<number>): GPUBuffer {
    return this.words(new Uint32Array(new Float32Array(values).buffer));
  }

  results(count: number): GPUBuffer {
    return this.words(new Uint32Array(count + 4).fill(0xa5a5a5a5));
  }

  count(n: number): Count {
    return this.countOnGpu ? { buffer: this.words([7, n, 9, 9]), offset: 4 } : n;
  }

  async run<Name extends PrimitiveName>(
    name: Name,
    options: PrimitiveOptions[Name],
    record: (frame: Frame) => void,
  ): Promise<void> {
    this.called.add(name);
    await this.primitives.prepare(name, options);
    const frame = this.primitives.frame(name);
    record(frame);
    frame.submit();
  }

  async expect(what: string, buffer: GPUBuffer, wanted: ArrayLike<number>): Promise<void> {
    const got = (await this.read(buffer)).subarray(0, wanted.length);
    const at = Array.from(wanted).findIndex((value, i) => got[i] !== value >>> 0);
    if (at >= 0) this.complaints.push(`${what}: word ${at} is ${got[at]}, not ${wanted[at]! >>> 0}`);
  }

  async read(buffer: GPUBuffer): Promise<Uint32Array> {
    const copy = this.device.createBuffer({ size: buffer.size, usage: 1 | kCopyDst });
    const encoder = this.device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size);
    this.device.queue.submit([encoder.finish()]);
    await copy.mapAsync(1);
    const words = new Uint32Array(copy.getMappedRange().slice(0));
    copy.destroy();
    return words;
  }

  private put(words: Uint32Array<ArrayBuffer>): GPUBuffer {
    const buffer = this.device.createBuffer({ size: words.byteLength, usage: kStorage | kCopyDst | kCopySrc });
    this.device.queue.writeBuffer(buffer, 0, words);
    return buffer;
  }
}

/** Calls some primitives on so many rows. */
export type Case = (kit: Kit, n: number) => Promise<void>;

/** Numbers that repeat, with a seed of their own. */
export function someWords(n: number, below: number): number[] {
  let state = 12345;
  return range(n).map(() => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) % below);
}
