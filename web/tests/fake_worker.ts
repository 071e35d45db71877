// The worker with a fake core.

import { serveWorker } from "../src/serve_worker";
import { FakeCore } from "./fake_core";

serveWorker(self as unknown as Parameters<typeof serveWorker>[0], () => Promise.resolve(new FakeCore()));
