// The core as the worker sees it: src/web_api's exports behind typed calls. Bytes go in through one inbox inside the WASM
// memory; what comes out is read where it lies, before the next call.

import type { CoreConfig, UiCommand } from "./messages";

export interface FileRequest {
  id: number;
  file: number;
  offsetBytes: number;
  sizeBytes: number;
}

/** What one frame gave. The object is reused by the next one; offsets are into `memory`. */
export interface Frame {
  streamOffset: number;
  streamWords: number;
  requests: FileRequest[];
  /** The state as JSON, where it changed. */
  state: string | null;
  wantsFrame: boolean;
}

export interface Core {
  readonly memory: ArrayBuffer;
  /** Calls into the core so far. */
  readonly crossings: number;
  create(config: CoreConfig): void;
  command(command: UiCommand): void;
  frame(nowMs: number, events: Uint32Array): Frame;
  fileBytes(request: number, bytes: Uint8Array): void;
  fileFailed(request: number, message: string): void;
}

interface Exports {
  memory: WebAssembly.Memory;
  _initialize(): void;
  shoal_create(address: number, size: number): void;
  shoal_reserve(size: number): number;
  shoal_frame(nowMs: number, eventAddress: number, eventWords: number): number;
  shoal_command(address: number, size: number): void;
  shoal_file_bytes(request: number, address: number, size: number): void;
  shoal_file_failed(request: number, address: number, size: number): void;
}

/** Our own mistake: the core found something impossible and stopped. */
export class CorePanicError extends Error {}

const kTwoTo32 = 4294967296;
const kRequestWords = 6;
// Events of a usual frame fit from the start, so its only crossing is the frame itself.
const kFirstInboxBytes = 65536;
const decoder = new TextDecoder();
const encoder = new TextEncoder();

export async function loadCore(address: URL): Promise<Core> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`core.wasm is missing beside the page (the server answered ${response.status}).`);
  let memory: WebAssembly.Memory | null = null;
  const env = {
    shoal_panic(messageAddress: number, size: number): never {
      throw new CorePanicError(decoder.decode(new Uint8Array(memory!.buffer, messageAddress, size)));
    },
  };
  const { instance } = await WebAssembly.instantiate(await response.arrayBuffer(), { env });
  const exports = instance.exports as unknown as Exports;
  memory = exports.memory;
  exports._initialize();
  return new WasmCore(exports);
}

class WasmCore implements Core {
  crossings = 0;
  private bytes = new Uint8Array(0);
  private words = new Uint32Array(0);
  private inboxAddress = 0;
  private inboxBytes = 0;
  private readonly output: Frame = { streamOffset: 0, streamWords: 0, requests: [], state: null, wantsFrame: false };

  constructor(private readonly exports: Exports) {
    this.reserve(kFirstInboxBytes);
  }

  get memory(): ArrayBuffer {
    return this.exports.memory.buffer;
  }

  create(config: CoreConfig): void {
    const size = this.putText(JSON.stringify(config));
    ++this.crossings;
    this.exports.shoal_create(this.inboxAddress, size);
  }

  command(command: UiCommand): void {
    const size = this.putText(JSON.stringify(command));
    ++this.crossings;
    this.exports.shoal_command(this.inboxAddress, size);
  }

  frame(nowMs: number, events: Uint32Array): Frame {
    this.reserve(events.length * 4);
    this.look();
    this.words.set(events, this.inboxAddress >>> 2);
    ++this.crossings;
    const at = this.exports.shoal_frame(nowMs, this.inboxAddress, events.length) >>> 2;
    this.look();
    const { words, output } = this;
    output.streamOffset = words[at]!;
    output.streamWords = words[at + 1]!;
    output.requests.length = 0;
    for (let i = 0, request = words[at + 2]! >>> 2; i < words[at + 3]!; ++i, request += kRequestWords) {
      output.requests.push({
        id: words[request]!,
        file: words[request + 1]!,
        offsetBytes: words[request + 2]! + words[request + 3]! * kTwoTo32,
        sizeBytes: words[request + 4]! + words[request + 5]! * kTwoTo32,
      });
    }
    const stateSize = words[at + 5]!;
    output.state =
      stateSize === 0 ? null : decoder.decode(this.bytes.subarray(words[at + 4], words[at + 4]! + stateSize));
    output.wantsFrame = words[at + 6] !== 0;
    return output;
  }

  fileBytes(request: number, bytes: Uint8Array): void {
    this.put(bytes);
    ++this.crossings;
    this.exports.shoal_file_bytes(request, this.inboxAddress, bytes.length);
  }

  fileFailed(request: number, message: string): void {
    const size = this.putText(message);
    ++this.crossings;
    this.exports.shoal_file_failed(request, this.inboxAddress, size);
  }

  private putText(text: string): number {
    const bytes = encoder.encode(text);
    this.put(bytes);
    return bytes.length;
  }

  private put(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.look();
    this.bytes.set(bytes, this.inboxAddress);
  }

  private reserve(sizeBytes: number): void {
    if (sizeBytes <= this.inboxBytes) return;
    ++this.crossings;
    this.inboxAddress = this.exports.shoal_reserve(sizeBytes);
    this.inboxBytes = sizeBytes;
  }

  // Views of a memory that grew are empty: any call may have grown it.
  private look(): void {
    if (this.bytes.buffer === this.memory) return;
    this.bytes = new Uint8Array(this.memory);
    this.words = new Uint32Array(this.memory);
  }
}
