// Writes the arguments of one call as words, and judges what only JavaScript can get wrong: types. Everything else is
// judged where the call is carried out, by the same code as natively.

/** 64-bit integers are two words, low first. */
export type ElementType = "u32" | "i32" | "f32" | "u64" | "i64";
/** Integers wrap around; a minimum or maximum leaves NaN out. */
export type Operator = "sum" | "min" | "max";
export type HistogramOf = "codes" | "bytes" | "floats";
export type DensityOf = "counts" | "sums" | "smallest" | "largest" | "means";

/**
 * A buffer, or a part of one: `offset` in bytes is a multiple of the device's `minStorageBufferOffsetAlignment` (256), and
 * `size` in bytes a multiple of 16. It needs the usage STORAGE.
 */
export type BufferPart = GPUBuffer | { buffer: GPUBuffer; offset?: number | undefined; size?: number | undefined };

/** A number, or one u32 in a buffer with the usage STORAGE, which is read when the work runs; `offset` in bytes. */
export type Count = number | { buffer: GPUBuffer; offset?: number | undefined };

/** An associative operation, which need not commute. */
export interface Monoid {
  /**
   * WGSL that declares `fn identity() -> Word` and `fn combine(a: Word, b: Word) -> Word`, where Word is u32, or vec2u for
   * 64-bit elements: the bits of the element. `a` stands left of `b`.
   */
  wgsl: string;
  /** Arrays that the text declares as `@group(1) @binding(0) var<storage, read>`, 1, 2 and so on. */
  buffers?: readonly BufferPart[] | undefined;
}

/** Which rows are kept, or begin a segment. */
export type RowTest =
  /** A word a row, which is kept where it is not 0. */
  | { flags: BufferPart }
  /** A bit a row, the lowest of a word first. */
  | { bits: BufferPart }
  /** Keys: the first row of each run of equal neighbours, compared bit by bit. */
  | { runStarts: BufferPart; type?: ElementType | undefined }
  /** The last row of each run. */
  | { runEnds: BufferPart; type?: ElementType | undefined }
  /** WGSL that declares `fn keep(row: u32) -> bool`; its arrays as a monoid's. */
  | { wgsl: string; buffers?: readonly BufferPart[] | undefined };

/** An argument or a use that cannot be; the message names it, with its value and the remedy. */
export class PrimitiveError extends Error {
  override name = "PrimitiveError";
}

const kElements: readonly string[] = ["u32", "i32", "f32", "u64", "i64"];
const kOperators: readonly string[] = ["sum", "min", "max"];
const kHistogramsOf: readonly string[] = ["codes", "bytes", "floats"];
const kDensitiesOf: readonly string[] = ["counts", "sums", "smallest", "largest", "means"];
const kRowTests = ["flags", "bits", "runStarts", "runEnds", "wgsl"] as const;
const kTwoTo32 = 4294967296;
const encoder = new TextEncoder();

export class CallWriter {
  private memory = new ArrayBuffer(1024);
  private view = new Uint32Array(this.memory);
  private floats = new Float32Array(this.memory);
  private used = 0;
  private primitive = "";
  private isPreparing = false;

  /** `idOf` gives each buffer its number. */
  constructor(private readonly idOf: (buffer: GPUBuffer) => number) {}

  /** `isPreparing`: arrays and counts may be missing, and are not looked at. */
  begin(primitive: string, isPreparing: boolean): this {
    this.used = 0;
    this.primitive = primitive;
    this.isPreparing = isPreparing;
    return this;
  }

  /** What was written; valid until the next write. */
  words(): Uint32Array {
    return this.view.subarray(0, this.used);
  }

  element(name: string, value: unknown): void {
    this.oneOf(name, value, kElements);
  }

  operator(name: string, value: unknown): void {
    this.oneOf(name, value, kOperators);
  }

  histogramOf(name: string, value: unknown): void {
    this.oneOf(name, value, kHistogramsOf);
  }

  densityOf(name: string, value: unknown): void {
    this.oneOf(name, value, kDensitiesOf);
  }

  bool(name: string, value: unknown): void {
    if (typeof value !== "boolean") this.refuse(name, value, "Give true or false.");
    this.put(value ? 1 : 0);
  }

  u32(name: string, value: unknown): void {
    if (value === undefined && this.isPreparing) return this.put(0);
    if (!isWhole(value, 2 ** 32)) this.refuse(name, value, "Give a whole number from 0 to 4294967295.");
    this.put(value);
  }

  u64(name: string, value: unknown): void {
    const isBig = typeof value === "bigint" && value >= 0n && value < 1n << 64n;
    if (!isBig && !isWhole(value, 2 ** 53)) this.refuse(name, value, "Give a whole number or a bigint below 2^64.");
    const whole = BigInt(value as number | bigint);
    this.put(Number(whole & 0xffffffffn));
    this.put(Number(whole >> 32n));
  }

  f32(name: string, value: unknown): void {
    if (typeof value !== "number") this.refuse(name, value, "Give a number.");
    this.put(0);
    this.floats[this.used - 1] = value;
  }

  private address(buffer: number, offset: number, size: number): void {
    this.put(buffer);
    this.put(offset % kTwoTo32);
    this.put(Math.floor(offset / kTwoTo32));
    this.put(size % kTwoTo32);
    this.put(Math.floor(size / kTwoTo32));
  }

  part(name: string, part: unknown, isOptional: boolean): void {
    if (this.isPreparing || (part === undefined && isOptional)) return this.address(0, 0, 0);
    const remedy = "Give a GPUBuffer, or { buffer, offset, size } in bytes.";
    const { buffer, offset, size } = partOf(part);
    if (buffer === undefined) this.refuse(name, part, remedy);
    const begin = offset ?? 0;
    if (!isWhole(begin, 2 ** 53)) this.refuse(`${name}.offset`, offset, remedy);
    const length = size ?? Math.max(buffer.size - begin, 0);
    if (!isWhole(length, 2 ** 53)) this.refuse(`${name}.size`, size, remedy);
    if (begin + length > buffer.size) {
      throw new PrimitiveError(
        `\`${name}\` of ${this.primitive} ends at byte ${begin + length} of a buffer of ${buffer.size} bytes. ` +
          "Let it end within.",
      );
    }
    this.address(this.idOf(buffer), begin, length);
  }

  count(name: string, value: unknown): void {
    if (this.isPreparing || isWhole(value, 2 ** 32)) {
      this.put(0);
      return this.put(this.isPreparing ? 0 : (value as number));
    }
    const { buffer, offset } = partOf(value);
    if (buffer === undefined) this.refuse(name, value, "Give a whole number, or { buffer, offset } of a u32.");
    this.put(1);
    this.part(name, { buffer, offset, size: 4 }, false);
  }

  monoid(name: string, value: Monoid | undefined): void {
    this.text(`${name}.wgsl`, value === undefined ? "" : value.wgsl);
    this.views(`${name}.buffers`, value?.buffers ?? []);
  }

  rows(name: string, value: unknown): void {
    const test = (typeof value === "object" && value !== null ? value : {}) as Record<string, unknown>;
    const by = kRowTests.findIndex((sort) => sort in test);
    if (by < 0) this.refuse(name, value, `Give an object with one of ${kRowTests.join(", ")}.`);
    const sort = kRowTests[by]!;
    this.put(by);
    this.element(`${name}.type`, test["type"] ?? "u32");
    this.text(`${name}.wgsl`, sort === "wgsl" ? test["wgsl"] : "");
    this.views(`${name}.${sort}`, sort === "wgsl" ? (test["buffers"] ?? []) : [test[sort]]);
  }

  quantiles(name: string, value: unknown): void {
    const remedy = "Give a list of [numerator, denominator].";
    if (value === undefined && this.isPreparing) return this.put(0);
    if (!Array.isArray(value)) this.refuse(name, value, remedy);
    this.put(value.length);
    for (const quantile of value as unknown[]) {
      if (!Array.isArray(quantile) || quantile.length !== 2) this.refuse(name, quantile, remedy);
      for (const part of quantile) this.u32(name, part);
    }
  }

  private text(name: string, value: unknown): void {
    if (typeof value !== "string") this.refuse(name, value, "Give WGSL as a string.");
    const bytes = encoder.encode(value);
    this.put(bytes.length);
    const at = this.used * 4;
    for (let i = 0; i < bytes.length; i += 4) this.put(0);
    new Uint8Array(this.memory).set(bytes, at);
  }

  private views(name: string, parts: unknown): void {
    if (!Array.isArray(parts)) this.refuse(name, parts, "Give a list of buffers.");
    this.put(parts.length);
    for (const part of parts as unknown[]) this.part(name, part, false);
  }

  private oneOf(name: string, value: unknown, names: readonly string[]): void {
    const index = names.indexOf(value as string);
    if (index < 0) this.refuse(name, value, `Give one of ${names.join(", ")}.`);
    this.put(index);
  }

  private put(word: number): void {
    if (this.used === this.view.length) {
      const larger = new ArrayBuffer(this.memory.byteLength * 2);
      new Uint32Array(larger).set(this.view);
      this.memory = larger;
      this.view = new Uint32Array(larger);
      this.floats = new Float32Array(larger);
    }
    this.view[this.used++] = word;
  }

  private refuse(name: string, value: unknown, remedy: string): never {
    throw new PrimitiveError(`\`${name}\` of ${this.primitive} is ${shown(value)}. ${remedy}`);
  }
}

function isWhole(value: unknown, end: number): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value < end;
}

function isBuffer(value: unknown): value is GPUBuffer {
  return typeof value === "object" && value !== null && "mapAsync" in value;
}

function partOf(value: unknown): { buffer?: GPUBuffer; offset?: unknown; size?: unknown } {
  if (isBuffer(value)) return { buffer: value };
  if (typeof value !== "object" || value === null) return {};
  const { buffer, offset, size } = value as Record<string, unknown>;
  return isBuffer(buffer) ? { buffer, offset, size } : {};
}

function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "object" && value !== null) return `an object of type ${value.constructor?.name ?? "none"}`;
  return String(value);
}
