// The page's end of the conversation with the worker.

import type { FromWorker, ToWorker } from "../messages";

export class WorkerLink {
  private readonly worker: Worker;

  constructor(address: URL, receive: (message: FromWorker) => void) {
    this.worker = new Worker(address, { type: "module", name: "shoal" });
    this.worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => receive(data));
    this.worker.addEventListener("error", (event) => {
      const message = event.message || `The worker ${address.pathname} cannot be loaded.`;
      receive({ type: "fatal", fatal: "core", message });
    });
  }

  send(message: ToWorker, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }

  close(): void {
    this.worker.terminate();
  }
}
