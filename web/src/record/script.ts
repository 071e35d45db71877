// The recorder as a script that begins at once: <script src="record.js" data-frames="120" data-download="app.trace">.
// `shoal record URL` puts the same text before the page's own, with a function to hand the trace to.

import { startRecording, type PageRecording } from "./start";

declare global {
  /** A page's own way to the recording. */
  var shoalRecording: PageRecording | undefined;
}

const kFlushMs = 100;
const kPieceBytes = 1 << 20;

function base64Of(pieces: Uint8Array[]): string {
  const texts: string[] = [];
  for (const piece of pieces) {
    for (let at = 0; at < piece.length; at += 0x2000) {
      texts.push(String.fromCharCode(...piece.subarray(at, at + 0x2000)));
    }
  }
  return btoa(texts.join(""));
}

/** Pieces are handed over joined, from when the page has a device: others have nothing to say. */
function recordFor(take: (text: string) => void, frames: number): void {
  const realm = Math.random().toString(36).slice(2);
  let pieces: Uint8Array[] = [];
  let bytes = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const give = (): void => {
    if (timer === undefined || pieces.length === 0) return;
    const text = base64Of(pieces);
    pieces = [];
    bytes = 0;
    take(`${realm} ${recording.frames} ${text}`);
  };
  const flush = (): void => {
    recording.flush();
    give();
  };
  const recording = startRecording({
    frames,
    bytes: Infinity,
    onPiece(piece) {
      pieces.push(piece);
      bytes += piece.length;
      if (bytes >= kPieceBytes) give();
    },
    onDevice: () => (timer ??= setInterval(flush, kFlushMs)),
    onStop() {
      give();
      clearInterval(timer);
    },
  });
  addEventListener("pagehide", flush);
}

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
