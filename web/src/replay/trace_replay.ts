// A trace's commands carried out as `shoal replay --browser` says them (src/review/browser/page_executor.h). The program reads
// the trace and compares; here are devices.

import { base64Of, writeBase64 } from "../base64";
import { openDevice } from "../gpu/open_device";
import { featureName } from "../record/names";
import { ReplayExecutor } from "./replay_executor";

const kPieceBytes = 4 << 20;
/** The program looks after its time limit as often. */
const kLongestWaitMs = 500;
/** wgpu.h has a name of its own for it. */
const kNativeSubgroups = "Subgroup";

interface ReplayDevice {
  device: GPUDevice;
  executor: ReplayExecutor;
  /** Ends a wait for an event. */
  wake: () => void;
  /** Bytes of the events that are being taken. */
  gathered: Uint8Array;
}

export interface OpenedDevice {
  device: number;
  adapter: string;
  isSoftware: boolean;
  hasTimestamps: boolean;
  /** Of the features asked for, by webgpu.h's names. */
  missing: string[];
}

/** Its methods are asked one after the other, with what JSON can say. */
export class TraceReplay {
  /** What went wrong where nobody waits for it. */
  fault = "";
  private readonly devices = new Map<number, ReplayDevice>();
  private readonly blobs: Uint8Array<ArrayBuffer>[] = [];
  private received = new Uint8Array(0);
  private lastDevice = 0;

  constructor(private readonly gpu: GPU | undefined) {}

  /** A part of `size` bytes: what `lend` and `execute` take. */
  put(size: number, at: number, text: string): void {
    if (at === 0) this.received = new Uint8Array(size);
    writeBase64(text, this.received, at);
  }

  /** What was put is the next blob, for devices that are opened from now on. */
  lend(): void {
    this.blobs.push(this.received);
  }

  async open(features: string[]): Promise<OpenedDevice> {
    const wanted = new Set(features.map((name) => (name === kNativeSubgroups ? "Subgroups" : name)));
    const { device, report } = await openDevice(this.gpu, "full", (name) => wanted.has(featureName(name)));
    const opened: ReplayDevice = {
      device,
      executor: new ReplayExecutor(device, { onEvent: () => opened.wake() }),
      wake: () => {},
      gathered: new Uint8Array(0),
    };
    this.blobs.forEach((bytes, i) => opened.executor.lend(i + 1, bytes));
    this.devices.set(++this.lastDevice, opened);
    const has = new Set(report.features.map(featureName));
    return {
      device: this.lastDevice,
      adapter: report.description || `${report.vendor} ${report.architecture}`.trim() || "the browser's adapter",
      isSoftware: device.adapterInfo.isFallbackAdapter,
      hasTimestamps: device.features.has("timestamp-query"),
      missing: [...wanted].filter((name) => !has.has(name)),
    };
  }

  /** Carries out the stream that was put. */
  execute(device: number): void {
    const { executor } = this.deviceOf(device);
    executor.execute(this.received.buffer, 0, this.received.length / 4);
  }

  /** The bytes of the events that have come, which `take` hands over. */
  gather(device: number): number {
    if (this.fault) throw new Error(this.fault);
    const opened = this.deviceOf(device);
    const words = opened.executor.events.take();
    opened.gathered = new Uint8Array(words.buffer as ArrayBuffer, words.byteOffset, words.byteLength).slice();
    return opened.gathered.length;
  }

  /** The same when there is one, or a while is over. */
  async awaitEvents(device: number): Promise<number> {
    const opened = this.deviceOf(device);
    if (opened.executor.events.sizeWords === 0) {
      await new Promise<void>((resolve) => {
        opened.wake = resolve;
        setTimeout(resolve, kLongestWaitMs);
      });
    }
    return this.gather(device);
  }

  /** The same when all errors of what was said have come. */
  async settle(device: number): Promise<number> {
    await this.deviceOf(device).executor.settle();
    return this.gather(device);
  }

  /** A piece of what was gathered, from byte `at` on. */
  take(device: number, at: number): string {
    return base64Of(this.deviceOf(device).gathered.subarray(at, at + kPieceBytes));
  }

  close(device: number): void {
    this.deviceOf(device).device.destroy();
    this.devices.delete(device);
  }

  private deviceOf(device: number): ReplayDevice {
    const found = this.devices.get(device);
    if (!found) throw new Error(`There is no device ${device}.`);
    return found;
  }
}
