// What runs in the worker: the core, the executor and the file, and the one loop that lets them meet. A frame is one call
// into the core: events in; commands for the GPU, wishes for bytes of the file and the new state out.

import type { Core } from "./core";
import type { FileSource } from "./file_source";
import { Executor, type CanvasTarget } from "./gpu/executor";
import type { AdapterReport, CanvasSize, Fatal, FromWorker, Measures, Theme, Tier, UiCommand } from "./messages";

export interface SessionOptions {
  core: Core;
  device: GPUDevice;
  adapter: AdapterReport;
  canvas: CanvasTarget;
  size: CanvasSize;
  tier: Tier;
  memoryBytes: number;
  theme: Theme;
  post: (message: FromWorker) => void;
  /** Calls back once, when the next frame is due. */
  nextFrame: (run: (nowMs: number) => void) => void;
}

interface Arrival {
  request: number;
  bytes: Uint8Array | null;
  message: string;
}

export class Session {
  private readonly core: Core;
  private readonly executor: Executor;
  private readonly post: (message: FromWorker) => void;
  private readonly nextFrame: (run: (nowMs: number) => void) => void;
  private source: FileSource | null = null;
  private fileId = 0;
  private commands: UiCommand[] = [];
  private arrivals: Arrival[] = [];
  private scheduled = false;
  private over = false;
  private frames = 0;
  private lastFrameCrossings = 0;
  private lastFrameScriptMs = 0;
  private readonly run = (nowMs: number): void => {
    this.scheduled = false;
    if (this.over) return;
    try {
      this.runFrame(nowMs);
    } catch (error) {
      // A panic or a trap leaves the core's memory in no known state: nothing may be called again.
      this.stop("core", error instanceof Error ? error.message : String(error));
    }
  };

  constructor(options: SessionOptions) {
    this.core = options.core;
    this.post = options.post;
    this.nextFrame = options.nextFrame;
    this.executor = new Executor(options.device, { canvas: options.canvas, onEvent: () => this.schedule() });
    void options.device.lost.then((info) => this.stop("device", info.message));
    const { adapter, size: canvas, tier, memoryBytes: memory_bytes } = options;
    this.core.create({ adapter, canvas, tier, memory_bytes });
    this.command({ theme: options.theme });
  }

  /** Shows another file. The core names it by how many were opened before. */
  open(source: FileSource): void {
    this.source?.close();
    this.source = source;
    ++this.fileId;
    this.arrivals = [];
    this.command({ open: { name: source.name, size: source.sizeBytes } });
  }

  /** Carried out with the next frame. Moves that come faster than frames are put together. */
  command(command: UiCommand): void {
    const last = this.commands.at(-1);
    if (last && "pan" in last && "pan" in command) {
      last.pan.dx += command.pan.dx;
      last.pan.dy += command.pan.dy;
    } else if (
      last &&
      "zoom" in last &&
      "zoom" in command &&
      last.zoom.x === command.zoom.x &&
      last.zoom.y === command.zoom.y
    ) {
      last.zoom.factor *= command.zoom.factor;
    } else if (last && "resize" in last && "resize" in command) {
      last.resize = command.resize;
    } else {
      this.commands.push(command);
    }
    this.schedule();
  }

  measure(): Measures {
    return {
      frames: this.frames,
      crossings: this.core.crossings,
      lastFrameCrossings: this.lastFrameCrossings,
      lastFrameScriptMs: this.lastFrameScriptMs,
      heapBytes: this.core.memory.byteLength,
    };
  }

  private schedule(): void {
    if (this.scheduled || this.over) return;
    this.scheduled = true;
    this.nextFrame(this.run);
  }

  private runFrame(nowMs: number): void {
    const { core, executor } = this;
    const crossingsBefore = core.crossings;
    for (const command of this.commands) core.command(command);
    this.commands.length = 0;
    for (const { request, bytes, message } of this.arrivals) {
      if (bytes) core.fileBytes(request, bytes);
      else core.fileFailed(request, message);
    }
    this.arrivals.length = 0;

    const frame = core.frame(nowMs, executor.events.take());
    const afterCore = performance.now();
    executor.execute(core.memory, frame.streamOffset, frame.streamWords);
    for (const request of frame.requests) this.read(request.id, request.file, request.offsetBytes, request.sizeBytes);
    if (frame.state !== null) this.post({ type: "state", json: frame.state });
    this.lastFrameScriptMs = performance.now() - afterCore;
    this.lastFrameCrossings = core.crossings - crossingsBefore;
    ++this.frames;
    if (frame.wantsFrame || executor.events.sizeWords > 0) this.schedule();
  }

  private read(request: number, file: number, offsetBytes: number, sizeBytes: number): void {
    const { source } = this;
    if (!source || file !== this.fileId) return;
    const arrive = (bytes: Uint8Array | null, message: string): void => {
      if (file !== this.fileId) return;
      this.arrivals.push({ request, bytes, message });
      this.schedule();
    };
    source.read(offsetBytes, sizeBytes).then(
      (bytes) => arrive(bytes, ""),
      (error: unknown) => arrive(null, error instanceof Error ? error.message : String(error)),
    );
  }

  private stop(fatal: Fatal, message: string): void {
    if (this.over) return;
    this.over = true;
    this.source?.close();
    this.post({ type: "fatal", fatal, message });
  }
}
