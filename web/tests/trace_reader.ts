// A trace as the recorder's tests look at it: its records in order, commands as [name, ...arguments].

import { executeCommands, type CommandHandler } from "../src/gpu/commands.gen";
import { WireReader } from "../src/gpu/wire";
import { readEvents } from "./stream_builder";

export interface ReadTrace {
  commands: { name: string; arguments: unknown[]; device: number; stack: number; tookNs: number }[];
  /** Opcodes, with the words behind their heads. */
  events: { opcode: number; words: Uint32Array; text: string }[];
  notes: { opcode: number; words: Uint32Array; text: string }[];
  blobs: Uint8Array[];
  isWhole: boolean;
}

export function readTrace(bytes: Uint8Array): ReadTrace {
  const trace: ReadTrace = { commands: [], events: [], notes: [], blobs: [], isWhole: false };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (new TextDecoder().decode(bytes.subarray(0, 8)) !== "SHOALTRC" || view.getUint32(8, true) !== 1) {
    throw new Error("This is no trace.");
  }
  for (let at = 12; at < bytes.length;) {
    const kind = view.getUint32(at, true);
    const size = Number(view.getBigUint64(at + 4, true));
    const payload = bytes.slice(at + 12, at + 12 + size);
    if (kind === 2) trace.blobs.push(payload.subarray(8));
    if (kind === 3) readCommands(trace, payload);
    if (kind === 4) trace.events.push(...readEvents(new Uint32Array(payload.slice(16).buffer)));
    if (kind === 1) trace.notes.push(...readEvents(new Uint32Array(payload.slice(16).buffer)));
    if (kind === 5) trace.isWhole = true;
    at += 12 + Math.ceil(size / 4) * 4;
  }
  return trace;
}

function readCommands(trace: ReadTrace, payload: Uint8Array<ArrayBuffer>): void {
  const device = new DataView(payload.buffer).getUint32(8, true);
  let call = { stack: 0, tookNs: 0 };
  const handler = new Proxy({} as CommandHandler, {
    get:
      (_, name) =>
      (...args: unknown[]) => {
        if (name === "call") {
          call = { stack: args[2] as number, tookNs: args[1] as number };
          return;
        }
        // Ranges hold during the call only.
        const kept = args.map((value) => keep(value));
        trace.commands.push({ name: String(name), arguments: kept, device, ...call });
        call = { stack: 0, tookNs: 0 };
      },
  });
  const reader = new WireReader();
  reader.reset(payload.buffer, 16, (payload.length - 16) / 4);
  executeCommands(reader, handler);
}

function keep(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("words" in value) {
    const { words, start, count } = value as { words: Uint32Array; start: number; count: number };
    return [...words.subarray(start, start + count)];
  }
  if ("memory" in value) {
    const { memory, start, size } = value as { memory: Uint8Array; start: number; size: number };
    return memory.slice(start, start + size);
  }
  return value;
}
