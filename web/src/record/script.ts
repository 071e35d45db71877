// The recorder as a script that begins at once: <script src="record.js" data-frames="120" data-download="app.trace">.
// `shoal record URL` puts the same text before the page's own, with a function to hand the trace to.

import { base64Of } from "../base64";
import { hideThisScript } from "./call_stacks";
import { startRecording, type PageRecording } from "./start";

declare global {
  /** A page's own way to the recording. */
  var shoalRecording: PageRecording | undefined;
}

const kPieceBytes = 1 << 20;
const soon = queueMicrotask;

/** What one run of the page's script said is handed over joined, from when there is a device: others have nothing to say. */
function recordFor(take: (text: string) => void, frames: number): void {
  const realm = Math.random().toString(36).slice(2);
  let waiting: Uint8Array[] = [];
  let bytes = 0;
  let hasDevice = false;
  const give = (): void => {
    if (!hasDevice || bytes === 0) return;
    const all = new Uint8Array(bytes);
    let end = 0;
    for (const piece of waiting) {
      all.set(piece, end);
      end += piece.length;
    }
    waiting = [];
    bytes = 0;
    for (let at = 0; at < end; at += kPieceBytes) {
      take(`${realm} ${recording.frames} ${base64Of(all.subarray(at, at + kPieceBytes))}`);
    }
  };
  const recording = startRecording({
    frames,
    bytes: Infinity,
    onPiece(piece) {
      if (bytes === 0) soon(give);
      waiting.push(piece);
      bytes += piece.length;
      if (bytes >= kPieceBytes) give();
    },
    onDevice() {
      hasDevice = true;
      give();
    },
  });
}

hideThisScript();
/** Of `shoal record`: takes "REALM FRAMES BASE64". The page itself is not to find it. */
const given = globalThis as { shoalTakesTrace?: (text: string) => void; shoalRecordsFrames?: number };
const take = given.shoalTakesTrace;
if (take) {
  const frames = given.shoalRecordsFrames ?? Infinity;
  delete given.shoalTakesTrace;
  delete given.shoalRecordsFrames;
  recordFor(take, frames);
} else {
  const data = globalThis.document?.currentScript?.dataset ?? {};
  globalThis.shoalRecording = startRecording({
    frames: Number(data["frames"] ?? Infinity),
    onStop(recording) {
      if (data["download"] !== undefined) recording.download(data["download"] || undefined);
    },
  });
}
