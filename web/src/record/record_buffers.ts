// Buffers, what is written to them and what the page reads from them.
//
// A mapped range can be asked for but once, so the recorder leaves them to the page: what was written is taken at the
// unmap, and what was mapped for reading is heard when the page has asked for all of it, at the unmap at last.

import { ObjectKind } from "../gpu/commands.gen";
import { extentOf, or, placeOf, texelsOf } from "./describe";
import * as encode from "./encode.gen";
import type { Extent, TexelLayout, TexturePlace } from "./encode.gen";
import type { Call, Hooks, Write } from "./hooks";
import { idOf, type Told } from "./told";

const kMapModeWrite = 2;
const kMostTexelBytes = 16;

interface Range {
  offset: number;
  memory: ArrayBuffer;
}
interface BufferState {
  /** The browser's own getMappedRange of it. */
  readonly range: (offset: number, size: number) => ArrayBuffer;
  readonly size: number;
  mapped: "" | "reading" | "writing";
  offset: number;
  /** Of what is mapped. */
  mappedBytes: number;
  /** Of a map that was not heard yet; 0 is none. */
  ticket: number;
  ranges: Range[];
}

/** The bytes that a page hands over, as WebGPU counts them: in elements of a typed array, else in bytes. */
function bytesOf(data: BufferSource, offset: number, size: number | undefined): Uint8Array {
  const view = ArrayBuffer.isView(data) ? data : new Uint8Array(data);
  const elementBytes = "BYTES_PER_ELEMENT" in view ? (view.BYTES_PER_ELEMENT as number) : 1;
  const start = offset * elementBytes;
  const length = size === undefined ? view.byteLength - start : size * elementBytes;
  return new Uint8Array(view.buffer, view.byteOffset + start, length);
}

/** The part of `data` that a write of texels can read: a page may hand over all of a WASM memory. */
function texelBytes(data: BufferSource, layout: TexelLayout, size: Extent): Uint8Array {
  const all = bytesOf(data, 0, undefined);
  const rows = Math.min(layout.rowsPerImage, size.height) + layout.rowsPerImage * (size.depthOrLayers - 1);
  const isOneRow = layout.bytesPerRow === 0xffffffff;
  const most = isOneRow ? size.width * kMostTexelBytes : layout.bytesPerRow * Math.max(rows, 1);
  return all.subarray(layout.offsetBytes, Math.min(all.length, layout.offsetBytes + most));
}

export function recordBuffers(hooks: Hooks): void {
  const states = new WeakMap<Told, BufferState>();
  const getMappedRange = globalThis.GPUBuffer?.prototype.getMappedRange;
  recordWrites(hooks);
  hooks.creates("GPUDevice", "createBuffer", ObjectKind.buffer, (made, [descriptor], _, object) => {
    const { label, size, usage, mappedAtCreation } = descriptor as GPUBufferDescriptor;
    const buffer = new WeakRef(object);
    states.set(made, {
      range: (from, bytes) => getMappedRange.call(buffer.deref() as GPUBuffer, from, bytes),
      size,
      mapped: mappedAtCreation ? "writing" : "",
      offset: 0,
      mappedBytes: size,
      ticket: 0,
      ranges: [],
    });
    const isMapped = mappedAtCreation ? 1 : 0;
    return (writer) => encode.sayCreateBuffer(writer, made.id, label ?? "", size, usage, 0, isMapped);
  });
  const before = (told: Told, called: Function): void => tellMapped(hooks, told, states.get(told), called);
  hooks.described(
    "GPUBuffer",
    "unmap",
    ({ id }) =>
      (writer) =>
        encode.sayUnmap(writer, id),
    before,
  );
  hooks.described(
    "GPUBuffer",
    "destroy",
    ({ id }) =>
      (writer) =>
        encode.sayDestroyBuffer(writer, id),
    before,
  );
  hooks.around("GPUBuffer", "getMappedRange", (told, [offset], result) => {
    const state = states.get(told);
    if (!state || state.mapped === "") return;
    state.ranges.push({ offset: or(offset, 0), memory: result as ArrayBuffer });
    if (state.mapped === "reading" && (result as ArrayBuffer).byteLength === state.mappedBytes)
      hearRead(hooks, told, state);
  });
  recordMaps(hooks, states);
}

function recordMaps(hooks: Hooks, states: WeakMap<Told, BufferState>): void {
  const { recording } = hooks;
  hooks.answered("GPUBuffer", "mapAsync", (told, [mode, from, size], call) => {
    const state = states.get(told);
    const ticket = recording.newTicket();
    const offset = or(from, 0);
    const mappedBytes = or(size, Math.max((state?.size ?? 0) - offset, 0));
    const isWriting = mode === kMapModeWrite;
    const say = isWriting ? encode.sayMapAsyncWrite : encode.sayMapAsync;
    hooks.say(told.device, call, (writer) => say(writer, told.id, offset, mappedBytes, ticket));
    return {
      resolved() {
        recording.hasWaited = true;
        if (state) Object.assign(state, { mapped: isWriting ? "writing" : "reading", offset, mappedBytes, ranges: [] });
        if (state && !isWriting) state.ticket = ticket;
        else recording.hear(told.device, (writer) => encode.hearMapped(writer, ticket, new Uint8Array()));
      },
      rejected: (message) => recording.hear(told.device, (writer) => encode.hearMapFailed(writer, ticket, message)),
    };
  });
}

/** What a mapped buffer holds, before the browser takes it away. */
function tellMapped(hooks: Hooks, told: Told, state: BufferState | undefined, called: Function): void {
  if (!state || state.mapped === "") return;
  if (state.mapped === "writing") {
    for (const { offset, memory } of state.ranges) {
      const bytes = new Uint8Array(memory);
      const blob = hooks.recording.store(bytes);
      const call: Call = { called, beginMs: hooks.recording.now(), tookMs: 0 };
      hooks.say(told.device, call, (writer) => {
        if (blob === 0) encode.sayWriteMapped(writer, told.id, offset, bytes);
        else encode.sayWriteMappedFromBlob(writer, told.id, offset, blob, 0, bytes.length);
      });
    }
  } else if (state.ticket !== 0) {
    fillGaps(state);
    hearRead(hooks, told, state);
  }
  state.mapped = "";
  state.ranges = [];
}

/** Asks for what the page has not asked for; where a gap begins at no multiple of 8 it cannot be had. */
function fillGaps(state: BufferState): void {
  const end = state.offset + state.mappedBytes;
  let at = state.offset;
  for (const { offset, memory } of [...state.ranges, { offset: end, memory: { byteLength: 0 } }].sort(
    (a, b) => a.offset - b.offset,
  )) {
    if (offset > at && at % 8 === 0) state.ranges.push({ offset: at, memory: state.range(at, offset - at) });
    at = offset + memory.byteLength;
  }
}

function hearRead({ recording }: Hooks, told: Told, state: BufferState): void {
  const { ticket, ranges } = state;
  const known = ranges.reduce((sum, { memory }) => sum + memory.byteLength, 0);
  const isWhole = known === state.mappedBytes;
  if (!isWhole) recording.noteUnrecorded("getMappedRange of parts with gaps between");
  const bytes = new Uint8Array(isWhole ? known : 0);
  if (isWhole) for (const { offset, memory } of ranges) bytes.set(new Uint8Array(memory), offset - state.offset);
  const blob = recording.store(bytes);
  recording.hear(told.device, (writer) => {
    if (blob === 0) encode.hearMapped(writer, ticket, bytes);
    else encode.hearMappedBlob(writer, ticket, blob, 0, bytes.length);
  });
  state.ticket = 0;
}

function recordWrites(hooks: Hooks): void {
  const { recording } = hooks;
  hooks.described("GPUQueue", "writeBuffer", (_, [buffer, offset, data, dataOffset, size]) => {
    const bytes = bytesOf(data, or(dataOffset, 0), size);
    const blob = recording.store(bytes);
    const id = idOf(buffer);
    return (writer) => {
      if (blob === 0) encode.sayWriteBuffer(writer, id, offset, bytes);
      else encode.sayWriteBufferFromBlob(writer, id, offset, blob, 0, bytes.length);
    };
  });
  hooks.described("GPUQueue", "writeTexture", (_, [target, data, layout, size]) => {
    const [place, extent, said] = [placeOf(target), extentOf(size), texelsOf(layout)];
    return sayTexels(hooks, place, { ...said, offsetBytes: 0 }, extent, texelBytes(data, said, extent));
  });
}

/** What writes a write_texture of these bytes. */
export function sayTexels(
  { recording }: Hooks,
  place: TexturePlace,
  layout: TexelLayout,
  extent: Extent,
  bytes: Uint8Array,
): Write {
  const blob = recording.store(bytes);
  return (writer) => {
    if (blob === 0) encode.sayWriteTexture(writer, place, layout, extent, bytes);
    else encode.sayWriteTextureFromBlob(writer, place, layout, extent, blob, 0, bytes.length);
  };
}
