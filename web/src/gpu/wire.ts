// How commands and events lie in 32-bit words; the layout is described at the head of
// src/gpu/schema/commands.schema.

const utf8Decoder = new TextDecoder();
const utf8Encoder = new TextEncoder();

/** Reads a command stream in place. One reader is reset and reused for every frame: nothing is allocated. */
export class WireReader {
  private memory = new Uint8Array(0);
  private view = new Uint32Array(0);
  private floats = new DataView(new ArrayBuffer(0));
  private at = 0;
  private next = 0;
  private last = 0;

  /** `buffer` is the WASM memory; `offset` in bytes, a multiple of 4. */
  reset(buffer: ArrayBuffer, offset: number, sizeWords: number): void {
    if (this.view.buffer !== buffer || this.view.length * 4 !== buffer.byteLength) {
      this.memory = new Uint8Array(buffer);
      this.view = new Uint32Array(buffer, 0, buffer.byteLength >>> 2);
      this.floats = new DataView(buffer);
    }
    this.at = this.next = offset >>> 2;
    this.last = this.at + sizeWords;
  }

  atEnd(): boolean {
    return this.next >= this.last;
  }

  begin(): number {
    const head = this.view[this.next]!;
    const size = head >>> 8;
    if (size === 0 || this.next + size > this.last) throw new RangeError(`The command at word ${this.next} is cut off.`);
    this.at = this.next + 1;
    this.next += size;
    return head & 0xff;
  }

  end(): void {
    if (this.at !== this.next) throw new RangeError(`The command before word ${this.next} has a length that does not fit its fields.`);
  }

  unknown(sort: string): never {
    throw new RangeError(`The word before ${this.at} is not the head of a ${sort}.`);
  }

  u32(): number {
    return this.view[this.at++]!;
  }

  u64(): number {
    const low = this.view[this.at++]!;
    return low + this.view[this.at++]! * 4294967296;
  }

  f64(): number {
    this.at += 2;
    return this.floats.getFloat64((this.at - 2) * 4, true);
  }

  bytes(): Uint8Array {
    const size = this.view[this.at++]!;
    const start = this.at * 4;
    this.at += (size + 3) >>> 2;
    return this.memory.subarray(start, start + size);
  }

  string(): string {
    return utf8Decoder.decode(this.bytes());
  }

  words(): Uint32Array {
    const count = this.view[this.at++]!;
    this.at += count;
    return this.view.subarray(this.at - count, this.at);
  }

  list<T>(read: (reader: WireReader) => T): T[] {
    const count = this.view[this.at++]!;
    const items: T[] = [];
    for (let i = 0; i < count; ++i) items.push(read(this));
    return items;
  }
}

/** Appends events; `take` hands them over and starts anew. */
export class WireWriter {
  private bytesHeld = new Uint8Array(1024);
  private view = new Uint32Array(this.bytesHeld.buffer);
  private used = 0;
  private head = 0;

  begin(opcode: number): void {
    this.head = this.used;
    this.u32(opcode);
  }

  end(): void {
    this.view[this.head] = this.view[this.head]! | ((this.used - this.head) << 8);
  }

  u32(value: number): void {
    this.grow(1);
    this.view[this.used++] = value;
  }

  bytes(value: Uint8Array): void {
    const sizeWords = (value.length + 3) >>> 2;
    this.grow(1 + sizeWords);
    this.view[this.used++] = value.length;
    if (sizeWords > 0) this.view[this.used + sizeWords - 1] = 0;
    this.bytesHeld.set(value, this.used * 4);
    this.used += sizeWords;
  }

  string(value: string): void {
    this.bytes(utf8Encoder.encode(value));
  }

  get sizeWords(): number {
    return this.used;
  }

  /** The words since the last take; valid until the next write. */
  take(): Uint32Array {
    const taken = this.view.subarray(0, this.used);
    this.used = 0;
    return taken;
  }

  private grow(words: number): void {
    if (this.used + words <= this.view.length) return;
    const larger = new Uint8Array(Math.max(this.bytesHeld.length * 2, (this.used + words) * 4));
    larger.set(this.bytesHeld);
    this.bytesHeld = larger;
    this.view = new Uint32Array(larger.buffer);
  }
}
