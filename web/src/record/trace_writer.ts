// A trace (docs/trace.md) as it grows: records of words, blobs once each. Pieces are handed out when they are whole.

import { WireWriter } from "../gpu/wire";
import { xxh3 } from "./xxh3";

export const TraceKind = { notes: 1, blob: 2, stream: 3, events: 4, end: 5 } as const;

const kHeadBytes = 12;
const kTimedHeadBytes = 16;
const kHashBytes = 8;
const kVersion = 1;
// A record that is cut off in its middle loses nothing, but a reader decodes it whole.
const kLongestRecordWords = 1 << 18;
// Call times are 32 bits of nanoseconds.
const kLongestRecordNs = 4e9;
const kTwoTo32 = 4294967296;

/** One thread's trace. Times are nanoseconds since it began. */
export class TraceWriter {
  /** Of all that was handed out. */
  bytes = 0;
  private records = 0;
  private readonly words = new WireWriter();
  private readonly blobs = new Map<bigint, number>();
  private kind = 0;
  private device = 0;
  private beganNs = 0;

  constructor(private readonly put: (piece: Uint8Array<ArrayBuffer>) => void) {
    const head = new Uint8Array(kHeadBytes);
    head.set(new TextEncoder().encode("SHOALTRC"));
    new DataView(head.buffer).setUint32(8, kVersion, true);
    this.give(head);
  }

  /** Where the words of an item of that kind go now. */
  open(kind: number, device: number, nowNs: number): WireWriter {
    const isOpen =
      kind === this.kind &&
      device === this.device &&
      this.words.sizeWords < kLongestRecordWords &&
      nowNs - this.beganNs < kLongestRecordNs &&
      // Events and notes have one time for all of a record.
      (kind === TraceKind.stream || nowNs === this.beganNs);
    if (!isOpen) {
      this.close();
      this.kind = kind;
      this.device = device;
      this.beganNs = nowNs;
    }
    return this.words;
  }

  /** When the open record began. */
  get recordNs(): number {
    return this.beganNs;
  }

  /** Hands out what is open. */
  close(): void {
    const words = this.words.take();
    if (words.length === 0) return;
    const { piece, view } = this.record(this.kind, kTimedHeadBytes + words.byteLength);
    setU64(view, kHeadBytes, this.beganNs);
    view.setUint32(kHeadBytes + 8, this.device, true);
    view.setUint32(kHeadBytes + 12, 1, true);
    new Uint32Array(piece.buffer, kHeadBytes + kTimedHeadBytes).set(words);
    this.give(piece);
    this.kind = 0;
    ++this.records;
  }

  /** The number of a blob of these more than 240 bytes. Closes the open record. */
  store(bytes: Uint8Array): number {
    const { piece, view } = this.record(TraceKind.blob, kHashBytes + bytes.length);
    const copy = piece.subarray(kHeadBytes + kHashBytes, kHeadBytes + kHashBytes + bytes.length);
    copy.set(bytes);
    const hash = xxh3(copy);
    const known = this.blobs.get(hash);
    if (known !== undefined) return known;
    this.close();
    view.setBigUint64(kHeadBytes, hash, true);
    this.give(piece);
    ++this.records;
    this.blobs.set(hash, this.blobs.size + 1);
    return this.blobs.size;
  }

  /** Nothing comes after it. */
  end(): void {
    this.close();
    const { piece, view } = this.record(TraceKind.end, 8);
    setU64(view, kHeadBytes, this.records);
    this.give(piece);
  }

  private record(kind: number, payloadBytes: number): { piece: Uint8Array<ArrayBuffer>; view: DataView } {
    const piece = new Uint8Array(kHeadBytes + Math.ceil(payloadBytes / 4) * 4);
    const view = new DataView(piece.buffer);
    view.setUint32(0, kind, true);
    setU64(view, 4, payloadBytes);
    return { piece, view };
  }

  private give(piece: Uint8Array<ArrayBuffer>): void {
    this.bytes += piece.length;
    this.put(piece);
  }
}

function setU64(view: DataView, at: number, value: number): void {
  view.setUint32(at, value % kTwoTo32, true);
  view.setUint32(at + 4, Math.floor(value / kTwoTo32), true);
}
