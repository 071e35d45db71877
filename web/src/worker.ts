// Entry of the module worker.

import { loadCore } from "./core";
import { serveWorker } from "./serve_worker";

serveWorker(self as unknown as Parameters<typeof serveWorker>[0], () =>
  loadCore(new URL("core.wasm", import.meta.url)),
);
