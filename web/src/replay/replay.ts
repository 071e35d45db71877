// The script of replay.html, which `shoal replay --browser` opens.

import { TraceReplay } from "./trace_replay";

declare global {
  var shoalReplay: TraceReplay | undefined;
}

const replay = new TraceReplay(navigator.gpu);
globalThis.shoalReplay = replay;
addEventListener("error", (event) => (replay.fault ||= event.message));
addEventListener("unhandledrejection", (event) => (replay.fault ||= String(event.reason)));
