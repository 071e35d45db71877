// GPU primitives on a device and buffers that the caller owns: the entry `shoal/primitives` of the package.
//
//   const primitives = await Primitives.open(device);
//   await primitives.prepare("sort", { type: "f32" });
//   const frame = primitives.frame("sort");
//   frame.sort({ type: "f32", keys, count, sortedKeys });
//   frame.submit();

import { Executor } from "../gpu/executor";
import { reportOf } from "../gpu/open_device";
import { PrimitiveCalls, primitiveNumbers, writeOptions, type PrimitiveName, type PrimitiveOptions } from "./calls.gen";
import { CallWriter, PrimitiveError } from "./call_writer";
import { PrimitivesModule } from "./module";

export * from "./calls.gen";
export { groupStatistics, type GroupStatistics } from "./group_statistics";
export {
  PrimitiveError,
  type BufferPart,
  type Count,
  type ElementType,
  type DensityOf,
  type HistogramOf,
  type Monoid,
  type Operator,
  type RowTest,
} from "./call_writer";

/** Tables for `deltaDecode`. */
export interface DeltaBlocks {
  count: number;
  sizeBytes: number;
  runCount: number;
  runs: Uint32Array<ArrayBuffer>;
  least: Uint32Array<ArrayBuffer>;
}

/** What primitives.wasm may be given as: its address, a response, its bytes, or the compiled module. */
export type WasmSource = URL | string | Response | BufferSource | WebAssembly.Module;

export interface OpenOptions {
  /** Where primitives.wasm is; left out: beside this script. */
  wasm?: WasmSource;
  /**
   * Hears what WebGPU refused after the call that asked for it: work on a buffer that was destroyed, or a lost device.
   * Left out, it goes to the console.
   */
  onError?: (error: PrimitiveError) => void;
  /**
   * Looks for kernels that write outside of the arrays they are given, the WGSL of a call included, and fills scratch with a
   * pattern before each use: `mistake` tells what was found. For tests; calls take two to three times as long, and the
   * memory of what they write once more.
   */
  sanitize?: boolean;
}

/** What is submitted together: one method a primitive, then `submit`. */
export class Frame extends PrimitiveCalls {
  /** Made by `Primitives.frame`. */
  constructor(private readonly owner: FrameOwner) {
    super();
  }

  protected override begin(name: PrimitiveName): CallWriter {
    return this.owner.begin(this, name);
  }

  protected override end(primitive: number): void {
    this.owner.end(primitive);
  }

  /** Submits the work to the device's queue, behind everything that was submitted before. */
  submit(): void {
    this.owner.submit(this);
  }
}

interface FrameOwner {
  begin(frame: Frame, name: PrimitiveName): CallWriter;
  end(primitive: number): void;
  submit(frame: Frame): void;
}

interface Waiting {
  isDone: () => boolean;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export class Primitives {
  private readonly ids = new WeakMap<GPUBuffer, number>();
  private readonly writer = new CallWriter((buffer) => this.idOf(buffer));
  private readonly executor: Executor;
  private readonly onError: (error: PrimitiveError) => void;
  private waiting: Waiting[] = [];
  private open: Frame | null = null;
  private isDestroyed = false;
  private willHear = false;
  private readonly owner: FrameOwner = {
    begin: (frame, name) => {
      this.mustBeOpen(frame);
      return this.writer.begin(name, false);
    },
    end: (primitive) => this.module.record(primitive, this.writer.words()),
    submit: (frame) => {
      this.mustBeOpen(frame);
      this.open = null;
      this.module.submit();
      this.carryOut();
    },
  };

  private constructor(
    /** The caller's. */
    readonly device: GPUDevice,
    private readonly module: PrimitivesModule,
    options: OpenOptions,
  ) {
    this.onError = options.onError ?? ((error) => console.error(error));
    this.executor = new Executor(device, { isAdopted: true, onEvent: () => this.hearSoon() });
  }

  /**
   * Primitives for a device that the caller owns and goes on using; what it was opened with, limits and features, is what is
   * used of it. Ask for the feature "subgroups" where the adapter has it: sorts and scans are twice as fast with it.
   */
  static async open(device: GPUDevice, options: OpenOptions = {}): Promise<Primitives> {
    const wasm = options.wasm ?? new URL("./primitives.wasm", import.meta.url);
    const module = await PrimitivesModule.load(wasm, reportOf(device, device.adapterInfo));
    const primitives = new Primitives(device, module, options);
    if (options.sanitize) await primitives.until(() => module.sanitize());
    return primitives;
  }

  /**
   * Compiles the kernels that calls with these options need; resolved once they can be called. A call without it throws.
   */
  prepare<Name extends PrimitiveName>(name: Name, options: PrimitiveOptions[Name]): Promise<void> {
    let words: Uint32Array | null = null;
    return this.until(() => {
      const primitive = primitiveNumbers[name];
      if (primitive === undefined) throw new PrimitiveError(`There is no primitive '${String(name)}'.`);
      if (words === null) {
        writeOptions[name](this.writer.begin(name, true), options);
        words = this.writer.words().slice();
      }
      return this.module.prepare(primitive, words);
    });
  }

  /**
   * What a kernel wrote outside of its arrays in the frames that were submitted since the last time, as a sentence that names
   * the call and the argument; null where none did. Only where primitives were opened with `sanitize`. Ask again once it told.
   */
  async mistake(): Promise<string | null> {
    let sentence: string | undefined;
    await this.until(() => (sentence = this.module.judge()) !== undefined);
    return sentence || null;
  }

  /** A new frame. There is one at a time: what was not submitted of the last one is discarded. */
  frame(label = "shoal"): Frame {
    this.mustLive();
    this.hear();
    this.module.begin(label);
    this.open = new Frame(this.owner);
    return this.open;
  }

  /** Lets go of a buffer that calls were given, so that it can be collected. The next call that names it takes it up again. */
  release(buffer: GPUBuffer): void {
    const id = this.ids.get(buffer);
    if (id === undefined || this.isDestroyed) return;
    this.ids.delete(buffer);
    this.module.release(id);
    this.carryOut();
  }

  /** `binCount` + 1 edges of bins that are alike, for a histogram of floats. -0 is 0. */
  histogramEdges(low: number, high: number, binCount: number): Float32Array<ArrayBuffer> {
    if (!(low < high) || !Number.isInteger(binCount) || binCount < 1 || binCount > 1 << 24) {
      throw new PrimitiveError(
        `histogramEdges has no ${binCount} bins from ${low} to ${high}. Give 1 to 16777216 bins between rising numbers.`,
      );
    }
    return this.module.histogramEdges(low, high, binCount);
  }

  /**
   * The table of runs that `hybridDecode` is given, of `count` numbers of `width` bits that Parquet's hybrid of runs holds;
   * `at`: where `bytes` begin in the array that it is given, and where the numbers begin in its result. Tables of several
   * pages follow one another. Throws where the bytes hold fewer numbers.
   */
  hybridRuns(
    bytes: Uint8Array,
    width: number,
    count: number,
    at: { firstByte?: number; firstElement?: number } = {},
  ): Uint32Array<ArrayBuffer> {
    const { firstByte = 0, firstElement = 0 } = at;
    for (const [name, value] of Object.entries({ width, count, firstByte, firstElement })) {
      if (Number.isInteger(value) && value >= 0 && value <= 0xffffffff) continue;
      throw new PrimitiveError(`\`${name}\` of hybridRuns is ${value}. Give a whole number from 0 to 4294967295.`);
    }
    return this.module.hybridRuns(bytes, width, count, firstByte, firstElement);
  }

  /**
   * The tables that `deltaDecode` is given of numbers that Parquet's DELTA_BINARY_PACKED holds: `count` of them, in the first
   * `sizeBytes` of `bytes`, which begin at `firstByte` in the array that it is given. Throws where the bytes end early.
   */
  deltaBlocks(bytes: Uint8Array, type: "i32" | "u32" | "i64" | "u64" = "i32", firstByte = 0): DeltaBlocks {
    if (!Number.isInteger(firstByte) || firstByte < 0 || firstByte > 0xffffffff) {
      throw new PrimitiveError(
        `\`firstByte\` of deltaBlocks is ${firstByte}. Give a whole number from 0 to 4294967295.`,
      );
    }
    const table = this.module.deltaBlocks(bytes, type.endsWith("64"), firstByte);
    const [count, sizeBytes, runCount] = table;
    const endOfRuns = 3 + 3 * runCount!;
    return {
      count: count!,
      sizeBytes: sizeBytes!,
      runCount: runCount!,
      runs: table.slice(3, endOfRuns),
      least: table.slice(endOfRuns),
    };
  }

  /** Destroys scratch and parameters; the device and the caller's buffers stay. */
  destroy(): void {
    if (this.isDestroyed) return;
    this.isDestroyed = true;
    this.open = null;
    this.executor.destroyAll();
    const error = new PrimitiveError("The primitives were destroyed. Open others on the device.");
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }

  // Asks anew whenever the device answers.
  private until(isDone: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      this.mustLive();
      this.waiting.push({ isDone, resolve, reject });
      this.serveWaiting();
    });
  }

  private mustLive(): void {
    if (this.isDestroyed) throw new PrimitiveError("The primitives were destroyed. Open others on the device.");
  }

  private mustBeOpen(frame: Frame): void {
    this.mustLive();
    if (frame !== this.open) {
      throw new PrimitiveError("The frame was submitted, or another one was begun. Begin a new one for this call.");
    }
  }

  private idOf(buffer: GPUBuffer): number {
    let id = this.ids.get(buffer);
    if (id === undefined) {
      id = this.module.adopt();
      this.ids.set(buffer, id);
      this.executor.adopt(id, buffer);
    }
    return id;
  }

  private carryOut(): void {
    const { offset, words } = this.module.take();
    this.executor.execute(this.module.memory, offset, words);
  }

  private hearSoon(): void {
    if (this.willHear) return;
    this.willHear = true;
    queueMicrotask(() => {
      this.willHear = false;
      this.hear();
    });
  }

  private hear(): void {
    if (this.isDestroyed || this.executor.events.sizeWords === 0) return;
    try {
      this.module.events(this.executor.events.take());
    } catch (error) {
      if (!(error instanceof PrimitiveError)) throw error;
      this.onError(error);
    }
    this.serveWaiting();
  }

  private serveWaiting(): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const one of waiting) {
      try {
        if (one.isDone()) one.resolve();
        else this.waiting.push(one);
      } catch (error) {
        one.reject(error);
      }
    }
    this.carryOut();
  }
}
