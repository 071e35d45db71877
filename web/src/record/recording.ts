// What the recorder knows while a page runs, and how one of its calls becomes a command: written down when it has come
// back, so that what throws was never said.

import { ObjectKind } from "../gpu/commands.gen";
import type { WireWriter } from "../gpu/wire";
import { CallStacks, captureStack } from "./call_stacks";
import {
  noteCrossings,
  noteProcess,
  noteScriptFrame,
  noteStack,
  noteThread,
  noteUnrecorded,
  sayCall,
  sayFrameMark,
  sayUnsupported,
} from "./encode.gen";
import { mark, type Told } from "./told";
import { TraceKind, TraceWriter } from "./trace_writer";

/** Small payloads lie in the stream, others are blobs. */
export const kLongestInline = 256;
/** A duration that is not known. */
const kLongestCallNs = 0xfffffffe;
// Reading a stack takes some 30 us, a hundred times what else a call costs. All are read of the first calls, then of few:
// primes, so that a loop's calls all get their turn.
const kCallsWithStack = 2000;
const kFrequentPerStack = 101;
const kOthersPerStack = 7;

export interface RecordingLimits {
  /** Stops after so many frames. */
  frames: number;
  /** Stops when the trace is as long. */
  bytes: number;
  /** Hands out what was said as soon as the script that said it is done: nothing is lost with the page. */
  isLive: boolean;
}

// Ending or submitting them is their end, and a device's is told by itself.
const kEndedOtherwise = new Set<number>([ObjectKind.pass, ObjectKind.commandBuffer, ObjectKind.device]);

// A page may put its own in their places.
const clock = performance;
const later = setTimeout;
const soon = queueMicrotask;

export class Recording {
  isOn = true;
  frames = 0;
  submissions = 0;
  /** The page heard that something is done, since the last frame mark. */
  hasWaited = false;
  private hasSubmitted = false;
  private isFlushDue = false;
  /** Frames are those of the browser's, since the page says things in them. */
  private animates = false;
  private isInFrame = false;
  private lastFrameTime = -1;
  private readonly began = clock.now();
  private readonly trace: TraceWriter;
  private readonly stacks: CallStacks;
  private readonly faults = new Set<string>();
  private readonly collected: FinalizationRegistry<Told>;
  private unsupported: { object: number; name: string }[] = [];
  private lastId = 0;
  private lastTicket = 0;
  private lastDevice = 0;
  private frequentCalls = 0;
  private otherCalls = 0;
  private wordsBefore = 0;
  readonly crossings = { intoWasm: 0, wasmMs: 0, outOfWasm: 0, scriptMs: 0 };

  constructor(
    private readonly limits: RecordingLimits,
    put: (piece: Uint8Array<ArrayBuffer>) => void,
    onCollected: (recording: Recording, told: Told) => void,
    private readonly onStop: () => void,
  ) {
    this.trace = new TraceWriter(put);
    this.collected = new FinalizationRegistry((told) => {
      if (this.isOn) onCollected(this, told);
    });
    this.stacks = new CallStacks({
      frame: (number, { name, file, line, column }) =>
        this.note((writer) => noteScriptFrame(writer, number, name, file, line, column)),
      stack: (number, frames) => this.note((writer) => noteStack(writer, number, frames)),
    });
    this.note((writer) =>
      noteProcess(writer, String(globalThis.location?.href ?? ""), [], 0, "shoal/record", navigator.userAgent, 0),
    );
    this.note((writer) => noteThread(writer, 1, threadName()));
  }

  now(): number {
    return clock.now();
  }

  get bytes(): number {
    return this.trace.bytes;
  }

  newId(): number {
    return ++this.lastId;
  }

  newTicket(): number {
    return ++this.lastTicket;
  }

  /** Marks what the page was given; the collector's taking it is told. */
  add(object: object, told: Told): void {
    mark(object, told);
    if (!kEndedOtherwise.has(told.kind)) this.collected.register(object, told);
  }

  /** From where the page called `called`, a function of the recorder's; 0 where nobody looked. */
  stackOf(called: Function, isFrequent: boolean): number {
    const calls = isFrequent ? ++this.frequentCalls : ++this.otherCalls;
    const isLookedAt = calls <= kCallsWithStack || calls % (isFrequent ? kFrequentPerStack : kOthersPerStack) === 0;
    return isLookedAt ? this.stacks.numberOf(captureStack(called)) : 0;
  }

  /** Where the command goes that was said from `beginMs` on; `failed` takes it back. */
  call(device: number, beginMs: number, tookMs: number, stack: number): WireWriter {
    const beginNs = this.nsOf(beginMs);
    const writer = this.open(TraceKind.stream, device, beginNs);
    this.wordsBefore = writer.sizeWords;
    const tookNs = Math.min(Math.max(Math.round(tookMs * 1e6), 0), kLongestCallNs);
    sayCall(writer, Math.max(beginNs - this.trace.recordNs, 0), tookNs, stack);
    this.animates ||= this.isInFrame;
    this.lastDevice = device;
    return writer;
  }

  /** The command in hand uses what there are no words for. */
  useUnsupported(object: number, name: string): void {
    this.unsupported.push({ object, name });
  }

  /** Behind each command that may have used such. */
  sayUnsupported(device: number): void {
    if (this.unsupported.length === 0) return;
    for (const { object, name } of this.unsupported.splice(0)) {
      sayUnsupported(this.open(TraceKind.stream, device, this.nsOf(clock.now())), object, name);
    }
  }

  hear(device: number, write: (writer: WireWriter) => void): void {
    if (this.isOn) write(this.open(TraceKind.events, device, this.nsOf(clock.now())));
  }

  note(write: (writer: WireWriter) => void): void {
    write(this.open(TraceKind.notes, 0, this.nsOf(clock.now())));
  }

  /** 0 for bytes that are short enough to lie in the stream. */
  store(bytes: Uint8Array): number {
    return bytes.length <= kLongestInline ? 0 : this.trace.store(bytes);
  }

  /** Once for each name. */
  noteUnrecorded(name: string): void {
    if (!this.isOn || this.faults.has(name)) return;
    this.faults.add(name);
    this.note((writer) => noteUnrecorded(writer, name));
  }

  /** Runs what writes down; the page never hears of its failing. */
  guarded(name: string, run: () => void): void {
    if (!this.isOn) return;
    try {
      run();
    } catch (error) {
      this.failed(name, error);
    }
  }

  /** What the page did was done; only writing it down failed. */
  failed(name: string, error: unknown): void {
    this.unsupported = [];
    this.noteUnrecorded(`${name} (${error instanceof Error ? error.message : String(error)})`);
  }

  /** Takes back what a command's writer has written before it failed. */
  takeBack(writer: WireWriter): void {
    writer.cut(this.wordsBefore);
  }

  submitted(): void {
    this.hasSubmitted = true;
    ++this.submissions;
  }

  /** A frame of the browser's, to whose callbacks it gives this time. What they go on with at once belongs to it. */
  frameBegins(time: number): void {
    if (time === this.lastFrameTime) return;
    this.lastFrameTime = time;
    if (this.animates) return this.endFrame();
    this.isInFrame = true;
    later(() => (this.isInFrame = false));
  }

  /** A page that does not animate ends a frame where it encodes anew after it has submitted and waited. */
  endFrameWhereDue(): void {
    if (this.hasWaited && !this.animates) this.endFrame();
    this.hasWaited = false;
  }

  stop(): void {
    if (!this.isOn) return;
    this.isOn = false;
    if (this.animates) this.endFrame();
    this.trace.close();
    this.onStop();
  }

  /** Hands out all that was said. */
  flush(): void {
    this.trace.close();
  }

  /** Makes a whole trace of it; it must have stopped. */
  end(): void {
    this.trace.end();
  }

  private endFrame(): void {
    if (this.hasSubmitted) {
      this.hasSubmitted = false;
      sayFrameMark(this.open(TraceKind.stream, this.lastDevice, this.nsOf(clock.now())));
      this.noteCrossings();
      ++this.frames;
      this.trace.close();
    }
    if (this.frames >= this.limits.frames || this.trace.bytes >= this.limits.bytes) this.stop();
  }

  private open(kind: number, device: number, ns: number): WireWriter {
    if (this.limits.isLive && !this.isFlushDue) {
      this.isFlushDue = true;
      soon(() => {
        this.isFlushDue = false;
        this.trace.close();
      });
    }
    return this.trace.open(kind, device, ns);
  }

  private noteCrossings(): void {
    const { intoWasm, wasmMs, outOfWasm, scriptMs } = this.crossings;
    if (intoWasm + outOfWasm === 0) return;
    this.note((writer) =>
      noteCrossings(writer, intoWasm, Math.round(wasmMs * 1e6), outOfWasm, Math.round(scriptMs * 1e6)),
    );
    Object.assign(this.crossings, { intoWasm: 0, wasmMs: 0, outOfWasm: 0, scriptMs: 0 });
  }

  private nsOf(ms: number): number {
    return Math.max(Math.round((ms - this.began) * 1e6), 0);
  }
}

function threadName(): string {
  const { name } = globalThis as { name?: unknown };
  if (typeof document !== "undefined") return "page";
  return `worker ${typeof name === "string" ? name : ""}`.trimEnd();
}
