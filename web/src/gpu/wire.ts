// How commands and events lie in 32-bit words; the layout is described at the head of
// src/gpu/schema/commands.schema.

const utf8Decoder = new TextDecoder();
const utf8Encoder = new TextEncoder();
const kTwoTo32 = 4294967296;

// A head says in 24 bits how long its item is.
const kMostItemWords = 2 ** 24 - 1;
/** What one item is given to carry at most; src/gpu/wire.h has the same. */
export const kMostPayloadBytes = 32 << 20;

/** A stream that breaks its own format; nothing after the break can be read. */
export class CorruptStreamError extends Error {}

/** Words of the stream where they lie: WebGPU's calls take start and length, so no view is made. */
export interface WordRange {
  words: Uint32Array<ArrayBuffer>;
  start: number;
  count: number;
}

/** Bytes of the stream where they lie. */
export interface ByteRange {
  memory: Uint8Array<ArrayBuffer>;
  start: number;
  size: number;
}

// Written so that a size of almost 2^32, which only a corrupt stream has, does not wrap around.
function wordsOf(sizeBytes: number): number {
  return (sizeBytes >>> 2) + ((sizeBytes & 3) === 0 ? 0 : 1);
}

const kCachedStringWords = 16;
const kCachedStrings = 256;

// A frame names the same passes as the frame before it. Decoding a label costs a microsecond and a string;
// comparing its words with those decoded last costs neither.
class StringCache {
  private readonly words = new Uint32Array(kCachedStrings * kCachedStringWords);
  private readonly sizes = new Int32Array(kCachedStrings).fill(-1);
  private readonly texts = new Array<string>(kCachedStrings).fill("");

  find(view: Uint32Array, at: number, memory: Uint8Array, size: number): string {
    const sizeWords = wordsOf(size);
    if (sizeWords > kCachedStringWords) return utf8Decoder.decode(memory.subarray(at * 4, at * 4 + size));
    let hash = size;
    for (let i = 0; i < sizeWords; ++i) hash = Math.imul(hash ^ view[at + i]!, 0x9e3779b1);
    const slot = hash >>> 24;
    const start = slot * kCachedStringWords;
    let same = this.sizes[slot] === size;
    for (let i = 0; same && i < sizeWords; ++i) same = this.words[start + i] === view[at + i];
    if (!same) {
      for (let i = 0; i < sizeWords; ++i) this.words[start + i] = view[at + i]!;
      this.sizes[slot] = size;
      this.texts[slot] = utf8Decoder.decode(memory.subarray(at * 4, at * 4 + size));
    }
    return this.texts[slot]!;
  }
}

/**
 * Reads a command stream in place. One reader is reset and reused for every frame: nothing is allocated. The ranges it
 * hands out are its own and hold until the next one is read; a command has at most one of each.
 */
export class WireReader {
  private memory = new Uint8Array(0);
  private view = new Uint32Array(0);
  private floats = new DataView(new ArrayBuffer(0));
  private readonly strings = new StringCache();
  private readonly wordRange: WordRange = { words: this.view, start: 0, count: 0 };
  private readonly byteRange: ByteRange = { memory: this.memory, start: 0, size: 0 };
  private begun = 0;
  private at = 0;
  private next = 0;
  private last = 0;

  /** `buffer` is the WASM memory; `offset` in bytes, a multiple of 4. */
  reset(buffer: ArrayBuffer, offset: number, sizeWords: number): void {
    // A memory that grew is another buffer, and the views of the old one are empty.
    if (this.view.buffer !== buffer) {
      this.memory = this.byteRange.memory = new Uint8Array(buffer);
      this.view = this.wordRange.words = new Uint32Array(buffer, 0, buffer.byteLength >>> 2);
      this.floats = new DataView(buffer);
    }
    this.at = this.next = offset >>> 2;
    this.last = this.at + sizeWords;
  }

  atEnd(): boolean {
    return this.next >= this.last;
  }

  /** The opcode of the next command. Afterwards the reader can go on with the one after it, whatever was read. */
  begin(): number {
    const head = this.view[this.next]!;
    const size = head >>> 8;
    if (size === 0 || this.next + size > this.last) {
      throw new CorruptStreamError(`The command at word ${this.next} is cut off.`);
    }
    this.begun = this.at = this.next + 1;
    this.next += size;
    return head & 0xff;
  }

  /** The first word behind the head of the item in hand; of a command that encodes, its encoder or pass. */
  firstWord(): number {
    return this.view[this.begun] ?? 0;
  }

  end(): void {
    if (this.at !== this.next) {
      throw new CorruptStreamError(`The command before word ${this.next} has a length that does not fit its fields.`);
    }
  }

  unknown(sort: string): never {
    throw new CorruptStreamError(`The word before ${this.at} is not the head of a ${sort}.`);
  }

  u32(): number {
    return this.view[this.at++]!;
  }

  i32(): number {
    return this.view[this.at++]! | 0;
  }

  u64(): number {
    const low = this.view[this.at++]!;
    return low + this.view[this.at++]! * kTwoTo32;
  }

  f64(): number {
    this.at += 2;
    return this.floats.getFloat64((this.at - 2) * 4, true);
  }

  bytes(): ByteRange {
    this.byteRange.size = this.view[this.at++]!;
    this.byteRange.start = this.at * 4;
    this.take(wordsOf(this.byteRange.size));
    return this.byteRange;
  }

  string(): string {
    const size = this.view[this.at++]!;
    const at = this.at;
    this.take(wordsOf(size));
    return this.strings.find(this.view, at, this.memory, size);
  }

  words(): WordRange {
    this.wordRange.count = this.view[this.at++]!;
    this.wordRange.start = this.at;
    this.take(this.wordRange.count);
    return this.wordRange;
  }

  list<T>(read: (reader: WireReader) => T): T[] {
    const count = this.view[this.at++]!;
    const items: T[] = [];
    for (let i = 0; i < count && this.at < this.next; ++i) items.push(read(this));
    return items;
  }

  private take(sizeWords: number): void {
    this.at += sizeWords;
    if (this.at > this.next) this.end();
  }
}

/** Appends items; `take` hands them over and starts anew. */
export class WireWriter {
  private memory = new Uint8Array(1024);
  private view = new Uint32Array(this.memory.buffer);
  private floats = new DataView(this.memory.buffer);
  private used = 0;
  private head = 0;

  begin(opcode: number): void {
    this.head = this.used;
    this.u32(opcode);
  }

  end(): void {
    if (this.used - this.head > kMostItemWords) {
      this.used = this.head;
      throw new RangeError(`An item of more than ${kMostItemWords} words cannot be told.`);
    }
    this.view[this.head] = this.view[this.head]! | ((this.used - this.head) << 8);
  }

  u32(value: number): void {
    this.grow(1);
    this.view[this.used++] = value;
  }

  /** 2^64 and above are 2^64 - 1, which no number is. */
  u64(value: number): void {
    const isAll = value >= kTwoTo32 * kTwoTo32;
    this.u32(isAll ? kTwoTo32 - 1 : value % kTwoTo32);
    this.u32(isAll ? kTwoTo32 - 1 : Math.floor(value / kTwoTo32));
  }

  i32(value: number): void {
    this.u32(value);
  }

  f64(value: number): void {
    this.grow(2);
    this.floats.setFloat64(this.used * 4, value, true);
    this.used += 2;
  }

  words(value: ArrayLike<number>): void {
    this.u32(value.length);
    for (let i = 0; i < value.length; ++i) this.u32(value[i]!);
  }

  list<T>(items: readonly T[], write: (writer: WireWriter, item: T) => void): void {
    this.u32(items.length);
    for (const item of items) write(this, item);
  }

  bytes(value: Uint8Array): void {
    const sizeWords = wordsOf(value.length);
    this.grow(1 + sizeWords);
    this.view[this.used++] = value.length;
    if (sizeWords > 0) this.view[this.used + sizeWords - 1] = 0;
    this.memory.set(value, this.used * 4);
    this.used += sizeWords;
  }

  string(value: string): void {
    if (value === "") this.u32(0);
    else this.bytes(utf8Encoder.encode(value));
  }

  get sizeWords(): number {
    return this.used;
  }

  /** Forgets what came after the first `sizeWords`. */
  cut(sizeWords: number): void {
    this.used = sizeWords;
  }

  /** The words since the last take; valid until the next write. */
  take(): Uint32Array {
    const taken = this.view.subarray(0, this.used);
    this.used = 0;
    return taken;
  }

  private grow(words: number): void {
    if (this.used + words <= this.view.length) return;
    const larger = new Uint8Array(Math.max(this.memory.length * 2, (this.used + words) * 4));
    larger.set(this.memory);
    this.memory = larger;
    this.view = new Uint32Array(larger.buffer);
    this.floats = new DataView(larger.buffer);
  }
}
