// What is encoded: passes, what is said in them, copies, bundles.

import { ObjectKind } from "../gpu/commands.gen";
import {
  bundleTargetsOf,
  colorOf,
  extentOf,
  kAllBytes,
  listOf,
  or,
  placeOf,
  targetsOf,
  texelsOf,
  timesOf,
} from "./describe";
import * as encode from "./encode.gen";
import type { Hooks } from "./hooks";
import { kNumbers, numberOf } from "./names";
import { viewIdOf } from "./record_resources";
import { idOf } from "./told";

const kNoOffsets: readonly number[] = [];

export function recordEncoding(hooks: Hooks): void {
  recordEncoders(hooks);
  recordCopies(hooks);
  recordComputePass(hooks);
  recordRenderPass(hooks);
  recordDrawing(hooks, "GPURenderPassEncoder");
  recordDrawing(hooks, "GPURenderBundleEncoder");
  for (const type of ["GPUCommandEncoder", "GPUComputePassEncoder", "GPURenderPassEncoder", "GPURenderBundleEncoder"]) {
    hooks.frequent(type, "pushDebugGroup", (writer, { id }, [label]) =>
      encode.sayPushDebugGroup(writer, id, String(label)),
    );
    hooks.frequent(type, "popDebugGroup", (writer, { id }) => encode.sayPopDebugGroup(writer, id));
    hooks.frequent(type, "insertDebugMarker", (writer, { id }, [label]) =>
      encode.sayInsertDebugMarker(writer, id, String(label)),
    );
  }
}

function recordEncoders(hooks: Hooks): void {
  const { recording } = hooks;
  hooks.creates("GPUDevice", "createCommandEncoder", ObjectKind.commandEncoder, ({ id }, [descriptor]) => {
    recording.endFrameWhereDue();
    return (writer) => encode.sayCreateCommandEncoder(writer, id, descriptor?.label ?? "");
  });
  hooks.creates("GPUCommandEncoder", "beginComputePass", ObjectKind.pass, ({ id }, [descriptor], { id: encoder }) => {
    const { querySet, beginQuery, endQuery } = timesOf(descriptor?.timestampWrites);
    const label = descriptor?.label ?? "";
    return (writer) => encode.sayBeginComputePass(writer, encoder, id, label, querySet, beginQuery, endQuery);
  });
  hooks.creates("GPUCommandEncoder", "beginRenderPass", ObjectKind.pass, ({ id }, [descriptor], { id: encoder }) => {
    const targets = targetsOf(descriptor, (view) => viewIdOf(hooks, view));
    return (writer) => encode.sayBeginRenderPass(writer, encoder, id, descriptor.label ?? "", targets);
  });
  hooks.creates("GPUCommandEncoder", "finish", ObjectKind.commandBuffer, ({ id }, _, { id: encoder }) => {
    return (writer) => encode.sayFinish(writer, encoder, id);
  });
  hooks.creates("GPUDevice", "createRenderBundleEncoder", ObjectKind.pass, (made, [descriptor]) => {
    made.names = [];
    const targets = bundleTargetsOf(descriptor);
    return (writer) => encode.sayCreateRenderBundleEncoder(writer, made.id, descriptor.label ?? "", targets);
  });
  hooks.creates("GPURenderBundleEncoder", "finish", ObjectKind.renderBundle, (made, _, told) => {
    if (told.names) made.names = told.names;
    return (writer) => encode.sayFinishBundle(writer, told.id, made.id);
  });
}

function recordCopies(hooks: Hooks): void {
  const type = "GPUCommandEncoder";
  hooks.frequent(type, "copyBufferToBuffer", (writer, { id }, args) => {
    // Offsets may be left out, both together.
    const [source, sourceOffset, target, targetOffset, size] =
      typeof args[1] === "object" ? [args[0], 0, args[1], 0, args[2]] : args;
    encode.sayCopyBufferToBuffer(
      writer,
      id,
      idOf(source),
      or(sourceOffset, 0),
      idOf(target),
      or(targetOffset, 0),
      or(size, kAllBytes),
    );
  });
  hooks.frequent(type, "clearBuffer", (writer, { id }, [buffer, offset, size]) =>
    encode.sayClearBuffer(writer, id, idOf(buffer), or(offset, 0), or(size, kAllBytes)),
  );
  hooks.described(type, "copyBufferToTexture", ({ id }, [source, target, size]) => {
    const [layout, place, extent] = [texelsOf(source), placeOf(target), extentOf(size)];
    return (writer) => encode.sayCopyBufferToTexture(writer, id, idOf(source.buffer), layout, place, extent);
  });
  hooks.described(type, "copyTextureToBuffer", ({ id }, [source, target, size]) => {
    const [layout, place, extent] = [texelsOf(target), placeOf(source), extentOf(size)];
    return (writer) => encode.sayCopyTextureToBuffer(writer, id, place, idOf(target.buffer), layout, extent);
  });
  hooks.described(type, "copyTextureToTexture", ({ id }, [source, target, size]) => {
    const [from, to, extent] = [placeOf(source), placeOf(target), extentOf(size)];
    return (writer) => encode.sayCopyTextureToTexture(writer, id, from, to, extent);
  });
  hooks.frequent(type, "resolveQuerySet", (writer, { id }, [set, first, count, target, offset]) =>
    encode.sayResolveQuerySet(writer, id, idOf(set), first, count, idOf(target), offset),
  );
  hooks.frequent(type, "writeTimestamp", (writer, { id }, [set, query]) =>
    encode.sayWriteTimestamp(writer, id, idOf(set), query),
  );
}

function recordBindGroups(hooks: Hooks, type: string): void {
  hooks.frequent(type, "setBindGroup", (writer, { id, names }, [index, group, offsets, start, length]) => {
    names?.push(group as object);
    const all: ArrayLike<number> =
      offsets === undefined
        ? kNoOffsets
        : ArrayBuffer.isView(offsets)
          ? (offsets as Uint32Array)
          : listOf<number>(offsets);
    const meant = start === undefined ? all : (all as Uint32Array).subarray(start, start + length);
    encode.saySetBindGroup(writer, id, index, idOf(group), meant);
  });
}

function recordComputePass(hooks: Hooks): void {
  const type = "GPUComputePassEncoder";
  recordBindGroups(hooks, type);
  hooks.frequent(type, "setPipeline", (writer, { id }, [pipeline]) =>
    encode.saySetPipeline(writer, id, idOf(pipeline)),
  );
  hooks.frequent(type, "dispatchWorkgroups", (writer, { id }, [x, y, z]) =>
    encode.sayDispatchWorkgroups(writer, id, x, or(y, 1), or(z, 1)),
  );
  hooks.frequent(type, "dispatchWorkgroupsIndirect", (writer, { id }, [buffer, offset]) =>
    encode.sayDispatchWorkgroupsIndirect(writer, id, idOf(buffer), offset),
  );
  hooks.frequent(type, "end", (writer, { id }) => encode.sayEndPass(writer, id));
}

function recordRenderPass(hooks: Hooks): void {
  const type = "GPURenderPassEncoder";
  hooks.frequent(type, "setViewport", (writer, { id }, [x, y, width, height, near, far]) =>
    encode.saySetViewport(writer, id, x, y, width, height, near, far),
  );
  hooks.frequent(type, "setScissorRect", (writer, { id }, [x, y, width, height]) =>
    encode.saySetScissorRect(writer, id, x, y, width, height),
  );
  hooks.described(type, "setBlendConstant", ({ id }, [color]) => {
    const value = colorOf(color);
    return (writer) => encode.saySetBlendConstant(writer, id, value);
  });
  hooks.frequent(type, "setStencilReference", (writer, { id }, [reference]) =>
    encode.saySetStencilReference(writer, id, reference),
  );
  hooks.frequent(type, "beginOcclusionQuery", (writer, { id }, [query]) =>
    encode.sayBeginOcclusionQuery(writer, id, query),
  );
  hooks.frequent(type, "endOcclusionQuery", (writer, { id }) => encode.sayEndOcclusionQuery(writer, id));
  hooks.described(type, "executeBundles", ({ id }, [bundles]) => {
    const ids = listOf<object>(bundles).map(idOf);
    return (writer) => encode.sayExecuteBundles(writer, id, ids);
  });
  hooks.frequent(type, "end", (writer, { id }) => encode.sayEndPass(writer, id));
}

/** What a render pass and a bundle encoder take alike. */
function recordDrawing(hooks: Hooks, type: string): void {
  recordBindGroups(hooks, type);
  hooks.frequent(type, "setPipeline", (writer, { id, names }, [pipeline]) => {
    names?.push(pipeline as object);
    encode.saySetRenderPipeline(writer, id, idOf(pipeline));
  });
  hooks.frequent(type, "setVertexBuffer", (writer, { id, names }, [slot, buffer, offset, size]) => {
    names?.push(buffer as object);
    encode.saySetVertexBuffer(writer, id, slot, idOf(buffer), or(offset, 0), or(size, kAllBytes));
  });
  hooks.frequent(type, "setIndexBuffer", (writer, { id, names }, [buffer, format, offset, size]) => {
    names?.push(buffer as object);
    const number = numberOf(kNumbers.indexFormat, format);
    encode.saySetIndexBuffer(writer, id, idOf(buffer), number, or(offset, 0), or(size, kAllBytes));
  });
  hooks.frequent(type, "draw", (writer, { id }, [vertices, instances, firstVertex, firstInstance]) =>
    encode.sayDraw(writer, id, vertices, or(instances, 1), or(firstVertex, 0), or(firstInstance, 0)),
  );
  hooks.frequent(type, "drawIndexed", (writer, { id }, [indices, instances, firstIndex, baseVertex, firstInstance]) =>
    encode.sayDrawIndexed(
      writer,
      id,
      indices,
      or(instances, 1),
      or(firstIndex, 0),
      or(baseVertex, 0),
      or(firstInstance, 0),
    ),
  );
  hooks.frequent(type, "drawIndirect", (writer, { id, names }, [buffer, offset]) => {
    names?.push(buffer as object);
    encode.sayDrawIndirect(writer, id, idOf(buffer), offset);
  });
  hooks.frequent(type, "drawIndexedIndirect", (writer, { id, names }, [buffer, offset]) => {
    names?.push(buffer as object);
    encode.sayDrawIndexedIndirect(writer, id, idOf(buffer), offset);
  });
}
