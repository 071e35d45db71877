// Recording everything that a page says to WebGPU, from now on: docs/trace.md.

import { sayRelease } from "./encode.gen";
import { Hooks } from "./hooks";
import { recordBuffers } from "./record_buffers";
import { recordCanvases, recordFrames } from "./record_canvas";
import { recordDevices } from "./record_device";
import { recordEncoding } from "./record_encoding";
import { recordImages } from "./record_images";
import { recordResources } from "./record_resources";
import { recordWasm } from "./record_wasm";
import { Recording, type PieceSink } from "./recording";

export interface RecordOptions {
  /** Stops after so many frames; without it, when it is told to. */
  frames?: number;
  /** Stops when the trace is as long, 1 GiB if nothing else is said: it lies in the page's memory. */
  bytes?: number;
  /** Takes the trace piece by piece instead of keeping it. `trace()` has nothing then, and the trace lacks its end. */
  onPiece?: PieceSink;
  /** The first device was opened. */
  onDevice?: () => void;
  /** It has stopped. */
  onStop?: (recording: PageRecording) => void;
}

export interface PageRecording {
  readonly isOn: boolean;
  readonly frames: number;
  readonly submissions: number;
  /** Of the trace so far. */
  readonly bytes: number;
  /** The browser gets its functions back. Stopping twice is stopping once. */
  stop(): void;
  /** Hands out what was said until now. */
  flush(): void;
  /** Stops, and gives the whole trace. */
  trace(): Blob;
  /** The same as a file that the browser saves. */
  download(name?: string): void;
}

const kMostBytes = 1 << 30;
const kTypes = [
  "GPU",
  "GPUAdapter",
  "GPUBindGroup",
  "GPUBuffer",
  "GPUCanvasContext",
  "GPUCommandEncoder",
  "GPUComputePassEncoder",
  "GPUComputePipeline",
  "GPUDevice",
  "GPUQuerySet",
  "GPUQueue",
  "GPURenderBundleEncoder",
  "GPURenderPassEncoder",
  "GPURenderPipeline",
  "GPUShaderModule",
  "GPUTexture",
];
// Questions, whose answers nothing that is recorded depends on.
const kSilent = new Set(["requestAdapter", "getPreferredCanvasFormat", "getCompilationInfo", "getConfiguration"]);

let started: PageRecording | null = null;

/** Before the page asks for its adapter: what was made earlier is not known. A second start gives the first one's. */
export function startRecording(options: RecordOptions = {}): PageRecording {
  if (started?.isOn) return started;
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let isEnded = false;
  const recording = new Recording(
    { frames: options.frames ?? Infinity, bytes: options.bytes ?? kMostBytes },
    options.onPiece ?? ((piece) => pieces.push(piece)),
    (of, { id, device, kind }) =>
      of.guarded("collected", () => sayRelease(of.call(device, of.now(), 0, 0), kind, id, 1)),
    () => {
      hooks.remove();
      options.onStop?.(made);
    },
  );
  const hooks = new Hooks(recording);
  const made: PageRecording = {
    get isOn() {
      return recording.isOn;
    },
    get frames() {
      return recording.frames;
    },
    get submissions() {
      return recording.submissions;
    },
    get bytes() {
      return recording.bytes;
    },
    stop: () => recording.stop(),
    flush: () => recording.flush(),
    trace() {
      recording.stop();
      if (!isEnded && !options.onPiece) recording.end();
      isEnded = true;
      return new Blob(pieces, { type: "application/octet-stream" });
    },
    download(name = "page.trace") {
      const link = document.createElement("a");
      link.href = URL.createObjectURL(made.trace());
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), kKeepDownloadMs);
    },
  };
  recordDevices(hooks, () => options.onDevice?.());
  recordResources(hooks);
  recordBuffers(hooks);
  recordEncoding(hooks);
  recordCanvases(hooks);
  recordImages(hooks);
  recordFrames(hooks);
  // Its functions stay: the page keeps such that WebAssembly takes only through them.
  recordWasm(new Hooks(recording));
  hooks.noteOthers(kTypes, kSilent);
  started = made;
  return made;
}

const kKeepDownloadMs = 60_000;
