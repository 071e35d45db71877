// The worker's end of the conversation: starts a session and passes on what the page says.

import type { Core } from "./core";
import { openFile, openUrl } from "./file_source";
import { canvasTarget } from "./gpu/canvas_target";
import { openDevice, WebGpuMissingError } from "./gpu/open_device";
import type { FromWorker, ToWorker } from "./messages";
import { Session } from "./session";

/** What of a worker's global scope is used here. */
interface WorkerScope {
  addEventListener(type: "message", listener: (event: MessageEvent<ToWorker>) => void): void;
  postMessage(message: FromWorker): void;
  requestAnimationFrame(callback: (nowMs: number) => void): number;
  setTimeout(callback: () => void, delayMs: number): number;
  readonly navigator: Navigator;
}

const kHiddenFrameMs = 16;

export function serveWorker(scope: WorkerScope, loadCore: () => Promise<Core>): void {
  const post = (message: FromWorker): void => scope.postMessage(message);
  let visible = true;
  let waiting: ((nowMs: number) => void) | null = null;
  let device: GPUDevice | null = null;
  let session: Promise<Session> | null = null;
  let opens = 0;

  // A tab that is not seen gets no animation frames, but a file that was opened goes on loading there. Whichever of
  // frame and timer comes first runs what waits; the other finds nothing.
  const runWaiting = (nowMs: number): void => {
    const run = waiting;
    waiting = null;
    run?.(nowMs);
  };
  const runUnseen = (): void => runWaiting(performance.now());
  const nextFrame = (run: (nowMs: number) => void): void => {
    waiting = run;
    if (visible) scope.requestAnimationFrame(runWaiting);
    else scope.setTimeout(runUnseen, kHiddenFrameMs);
  };

  async function start(message: Extract<ToWorker, { type: "start" }>): Promise<Session> {
    const { canvas, size, tier, memoryBytes, theme } = message;
    const [opened, core] = await Promise.all([openDevice(scope.navigator.gpu, tier), loadCore()]);
    device = opened.device;
    const options = { core, device, adapter: opened.report, size, tier, memoryBytes, theme, post, nextFrame };
    const started = new Session({ ...options, canvas: canvasTarget(canvas, device) });
    post({ type: "started", adapter: opened.report.description || opened.report.vendor });
    return started;
  }

  async function open(running: Session, source: File | string): Promise<void> {
    const mine = ++opens;
    try {
      const file = typeof source === "string" ? await openUrl(source) : openFile(source);
      // Whoever asks twice wants the second.
      if (mine === opens) running.open(file);
      else file.close();
    } catch (error) {
      if (mine === opens)
        post({ type: "open_failed", message: error instanceof Error ? error.message : String(error) });
    }
  }

  scope.addEventListener("message", ({ data: message }) => {
    if (message.type === "visible") {
      visible = message.visible;
      if (!visible && waiting) scope.setTimeout(runUnseen, kHiddenFrameMs);
    } else if (message.type === "start") {
      session = start(message);
      session.catch((error: unknown) => {
        const fatal = error instanceof WebGpuMissingError ? "webgpu" : "core";
        post({ type: "fatal", fatal, message: error instanceof Error ? error.message : String(error) });
      });
    } else {
      void session?.then(
        (running) => {
          if (message.type === "open") void open(running, message.source);
          else if (message.type === "command") running.command(message.command);
          else if (message.type === "measure") post({ type: "measured", measures: running.measure() });
          else device?.destroy();
        },
        () => {}, // told above
      );
    }
  });
}
