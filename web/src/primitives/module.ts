// primitives.wasm behind typed calls: it turns calls into command streams. README.md of src/web_api lists the exports.

import type { AdapterReport } from "../messages";
import { PrimitiveError } from "./call_writer";
import type { WasmSource } from "./primitives";

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  shoal_create(address: number, size: number): number;
  shoal_reserve(size: number): number;
  shoal_adopt(): number;
  shoal_release(buffer: number): void;
  shoal_prepare(primitive: number, address: number, words: number): number;
  shoal_begin(address: number, size: number): void;
  shoal_record(primitive: number, address: number, words: number): number;
  shoal_submit(): void;
  shoal_discard(): void;
  shoal_events(address: number, words: number): number;
  shoal_take(): void;
  shoal_sanitize(): number;
  shoal_judge(): number;
  shoal_histogram_edges(low: number, high: number, binCount: number): void;
  shoal_hybrid_runs(
    address: number,
    size: number,
    firstByte: number,
    width: number,
    firstElement: number,
    count: number,
  ): number;
  shoal_delta_blocks(address: number, size: number, firstByte: number, isWide: number): number;
}

const kDone = 1;
const kFailed = 2;
const kInboxBytes = 4096;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

async function compile(source: WasmSource): Promise<WebAssembly.Module> {
  if (source instanceof WebAssembly.Module) return source;
  if (source instanceof ArrayBuffer || ArrayBuffer.isView(source)) return WebAssembly.compile(source as BufferSource);
  const response = source instanceof Response ? source : await fetch(source);
  if (!response.ok) {
    throw new PrimitiveError(
      `${response.url} was not found (the server answered ${response.status}). Put primitives.wasm beside the script, ` +
        "or say with `wasm` where it is.",
    );
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

export class PrimitivesModule {
  private bytes = new Uint8Array(0);
  private view = new Uint32Array(0);
  private inbox = 0;
  private inboxBytes = 0;
  private output = 0;

  private constructor(private readonly exports: Exports) {}

  static async load(source: WasmSource, adapter: AdapterReport): Promise<PrimitivesModule> {
    let memory: WebAssembly.Memory | undefined;
    const env = {
      shoal_panic(address: number, size: number): never {
        throw new Error(decoder.decode(new Uint8Array(memory!.buffer, address, size)));
      },
    };
    const instance = await WebAssembly.instantiate(await compile(source), { env });
    const exports = instance.exports as unknown as Exports;
    memory = exports.memory;
    exports._initialize();
    const module = new PrimitivesModule(exports);
    const size = module.putText(JSON.stringify({ adapter }));
    module.output = exports.shoal_create(module.inbox, size) >>> 2;
    return module;
  }

  get memory(): ArrayBuffer {
    return this.exports.memory.buffer;
  }

  /** A number for a buffer of the caller's. */
  adopt(): number {
    return this.exports.shoal_adopt();
  }

  release(buffer: number): void {
    this.exports.shoal_release(buffer);
  }

  /** Whether the kernels of a call can be used. */
  prepare(primitive: number, words: Uint32Array): boolean {
    this.put(words);
    return this.answered(this.exports.shoal_prepare(primitive, this.inbox, words.length)) === kDone;
  }

  begin(label: string): void {
    const size = this.putText(label);
    this.exports.shoal_begin(this.inbox, size);
  }

  record(primitive: number, words: Uint32Array): void {
    this.put(words);
    this.answered(this.exports.shoal_record(primitive, this.inbox, words.length));
  }

  submit(): void {
    this.exports.shoal_submit();
  }

  discard(): void {
    this.exports.shoal_discard();
  }

  /** Hands over what the executor answered. */
  events(words: Uint32Array): void {
    this.put(words);
    this.answered(this.exports.shoal_events(this.inbox, words.length));
  }

  /** What was said since the last call, for the executor: byte offset and words. It holds until the next call. */
  take(): { offset: number; words: number } {
    this.exports.shoal_take();
    return { offset: this.outputWord(0), words: this.outputWord(1) };
  }

  /** Whether calls run under a sanitizer from now on. */
  sanitize(): boolean {
    return this.answered(this.exports.shoal_sanitize()) === kDone;
  }

  /** What was written outside of arrays since the last time, or nothing; undefined until it is known. */
  judge(): string | undefined {
    return this.answered(this.exports.shoal_judge()) === kDone ? this.outputText() : undefined;
  }

  histogramEdges(low: number, high: number, binCount: number): Float32Array<ArrayBuffer> {
    this.exports.shoal_histogram_edges(low, high, binCount);
    return new Float32Array(this.memory, this.outputWord(0), this.outputWord(1)).slice();
  }

  hybridRuns(
    bytes: Uint8Array,
    width: number,
    count: number,
    firstByte: number,
    firstElement: number,
  ): Uint32Array<ArrayBuffer> {
    this.putBytes(bytes);
    this.answered(this.exports.shoal_hybrid_runs(this.inbox, bytes.length, firstByte, width, firstElement, count));
    return new Uint32Array(this.memory, this.outputWord(0), this.outputWord(1)).slice();
  }

  deltaBlocks(bytes: Uint8Array, isWide: boolean, firstByte: number): Uint32Array<ArrayBuffer> {
    this.putBytes(bytes);
    this.answered(this.exports.shoal_delta_blocks(this.inbox, bytes.length, firstByte, isWide ? 1 : 0));
    return new Uint32Array(this.memory, this.outputWord(0), this.outputWord(1)).slice();
  }

  private answered(answer: number): number {
    if (answer !== kFailed) return answer;
    throw new PrimitiveError(this.outputText());
  }

  // C++ names become those of TypeScript.
  private outputText(): string {
    this.look();
    const at = this.outputWord(0);
    const text = decoder.decode(this.bytes.subarray(at, at + this.outputWord(1)));
    return text.replace(/\b[a-z]+(_[a-z]+)+\b/g, camel);
  }

  private outputWord(index: number): number {
    this.look();
    return this.view[this.output + index]!;
  }

  private putText(text: string): number {
    const bytes = encoder.encode(text);
    this.putBytes(bytes);
    return bytes.length;
  }

  private putBytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.look();
    this.bytes.set(bytes, this.inbox);
  }

  private put(words: Uint32Array): void {
    this.reserve(words.length * 4);
    this.look();
    this.view.set(words, this.inbox >>> 2);
  }

  private reserve(sizeBytes: number): void {
    if (sizeBytes <= this.inboxBytes) return;
    this.inboxBytes = Math.max(sizeBytes, kInboxBytes);
    this.inbox = this.exports.shoal_reserve(this.inboxBytes);
  }

  // Views of a memory that grew are empty: any call may have grown it.
  private look(): void {
    if (this.view.buffer === this.memory) return;
    this.bytes = new Uint8Array(this.memory);
    this.view = new Uint32Array(this.memory);
  }
}

function camel(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
