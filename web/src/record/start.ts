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
import type * as declared from "./record_module";
import type { PageRecording, RecordOptions } from "./record_module";
import { Recording } from "./recording";

export type { PageRecording, RecordOptions };

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

export function startRecording(options: RecordOptions = {}): PageRecording {
  if (started?.isOn) return started;
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let isEnded = false;
  const isLive = options.onPiece !== undefined;
  const recording = new Recording(
    { frames: options.frames ?? Infinity, bytes: options.bytes ?? kMostBytes, isLive },
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
      if (!isEnded && !isLive) recording.end();
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

startRecording satisfies typeof declared.startRecording;
