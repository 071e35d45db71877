// The part of the executor that draws: render passes, bundles, copies of textures, and what foreign programs do with memory.

import {
  ObjectKind,
  indexFormatNames,
  loadOpNames,
  storeOpNames,
  textureFormatNames,
  type BundleTargets,
  type Color,
  type Extent,
  type PassTargets,
  type TexelLayout,
  type TexturePlace,
} from "./commands.gen";
import { Refusal, countOf, given, mustName, named, sizeOf, type Table } from "./resource_commands";
import { TextureCommands, extentOf, texelsOf } from "./texture_commands";
import type { ByteRange, WordRange } from "./wire";

const kMapModeWrite = 2;
const kIndirectBytes = 16;
const kIndexedIndirectBytes = 20;

type Drawing = GPURenderPassEncoder | GPURenderBundleEncoder;

export abstract class RenderCommands extends TextureCommands {
  protected readonly encoders: Table<GPUCommandEncoder> = new Map();
  protected readonly passes: Table<GPUComputePassEncoder> = new Map();
  protected readonly renderPasses: Table<GPURenderPassEncoder> = new Map();
  protected readonly bundleEncoders: Table<GPURenderBundleEncoder> = new Map();
  protected readonly commandBuffers: Table<GPUCommandBuffer> = new Map();
  protected readonly bundles: Table<GPURenderBundle> = new Map();
  private readonly blobs: Table<Uint8Array<ArrayBuffer>> = new Map();

  /** Streams may name `bytes` as `blob`, a number above 0. */
  lend(blob: number, bytes: Uint8Array<ArrayBuffer>): void {
    this.blobs.set(blob, bytes);
  }

  protected abstract mapBuffer(
    buffer: number,
    mode: number,
    offsetBytes: number,
    sizeBytes: number,
    ticket: number,
  ): void;

  protected blobRange(blob: number, offsetBytes: number, sizeBytes: number): ByteRange {
    const memory = this.need(this.blobs, blob, "blob");
    if (offsetBytes + sizeBytes > memory.length) {
      throw new Refusal(`Blob ${blob} has ${memory.length} bytes, too few for ${sizeBytes} at ${offsetBytes}.`);
    }
    return { memory, start: offsetBytes, size: sizeBytes };
  }

  writeTextureFromBlob(
    target: TexturePlace,
    layout: TexelLayout,
    size: Extent,
    blob: number,
    blobOffsetBytes: number,
    sizeBytes: number,
  ): void {
    this.writeTexture(target, layout, size, this.blobRange(blob, blobOffsetBytes, sizeBytes));
  }

  // Memory that is mapped.

  mapAsyncWrite(buffer: number, offsetBytes: number, sizeBytes: number, ticket: number): void {
    this.mapBuffer(buffer, kMapModeWrite, offsetBytes, sizeBytes, ticket);
  }

  writeMapped(buffer: number, offsetBytes: number, data: ByteRange): void {
    const range = this.need(this.buffers, buffer, "buffer").getMappedRange(offsetBytes, data.size);
    new Uint8Array(range).set(data.memory.subarray(data.start, data.start + data.size));
  }

  writeMappedFromBlob(
    buffer: number,
    offsetBytes: number,
    blob: number,
    blobOffsetBytes: number,
    sizeBytes: number,
  ): void {
    this.writeMapped(buffer, offsetBytes, this.blobRange(blob, blobOffsetBytes, sizeBytes));
  }

  destroyQuerySet(querySet: number): void {
    this.destroyed.push(this.need(this.querySets, querySet, "query set"));
    this.querySets.delete(querySet);
  }

  // The collector takes what nobody names any more.
  release(kind: number, object: number, _byCollector: number): void {
    const tables: Record<number, Table<unknown>> = {
      [ObjectKind.buffer]: this.buffers,
      [ObjectKind.texture]: this.textures,
      [ObjectKind.textureView]: this.textureViews,
      [ObjectKind.sampler]: this.samplers,
      [ObjectKind.bindGroupLayout]: this.bindGroupLayouts,
      [ObjectKind.pipelineLayout]: this.pipelineLayouts,
      [ObjectKind.bindGroup]: this.bindGroups,
      [ObjectKind.shaderModule]: this.modules,
      [ObjectKind.computePipeline]: this.pipelines,
      [ObjectKind.renderPipeline]: this.renderPipelines,
      [ObjectKind.renderBundle]: this.bundles,
      [ObjectKind.querySet]: this.querySets,
      [ObjectKind.commandEncoder]: this.encoders,
      [ObjectKind.commandBuffer]: this.commandBuffers,
      [ObjectKind.pass]: this.bundleEncoders,
    };
    tables[kind]?.delete(object);
    if (kind === ObjectKind.buffer) this.adopted.delete(object);
  }

  unsupported(_object: number, name: string): void {
    throw new Refusal(`${name} is not carried out.`);
  }

  // What a program does beside its GPU: nothing is left to do.
  destroyDevice(): void {}
  setLabel(): void {}
  pushErrorScope(): void {}
  popErrorScope(): void {}
  poll(): void {}
  present(): void {}
  frameMark(): void {}
  call(): void {}

  // Copies.

  copyBufferToTexture(encoder: number, source: number, layout: TexelLayout, target: TexturePlace, size: Extent): void {
    const buffer = this.need(this.buffers, source, "buffer");
    this.encoderOf(encoder).copyBufferToTexture({ buffer, ...texelsOf(layout) }, this.placeOf(target), extentOf(size));
  }

  copyTextureToBuffer(encoder: number, source: TexturePlace, target: number, layout: TexelLayout, size: Extent): void {
    const buffer = this.need(this.buffers, target, "buffer");
    this.encoderOf(encoder).copyTextureToBuffer(this.placeOf(source), { buffer, ...texelsOf(layout) }, extentOf(size));
  }

  copyTextureToTexture(encoder: number, source: TexturePlace, target: TexturePlace, size: Extent): void {
    this.encoderOf(encoder).copyTextureToTexture(this.placeOf(source), this.placeOf(target), extentOf(size));
  }

  // Passes and bundles.

  beginRenderPass(encoder: number, pass: number, label: string, targets: PassTargets): void {
    const descriptor: GPURenderPassDescriptor = {
      label,
      colorAttachments: targets.colorAttachments.map((attachment) =>
        attachment.view === 0
          ? null
          : given<GPURenderPassColorAttachment>({
              view: this.viewOf(attachment.view),
              depthSlice: countOf(attachment.depthSlice),
              resolveTarget: attachment.resolveTarget === 0 ? undefined : this.viewOf(attachment.resolveTarget),
              clearValue: attachment.clearValue,
              loadOp: mustName<GPULoadOp>(loadOpNames, attachment.load),
              storeOp: mustName<GPUStoreOp>(storeOpNames, attachment.store),
            }),
      ),
    };
    const [depth] = targets.depthStencil;
    if (depth) {
      descriptor.depthStencilAttachment = given<GPURenderPassDepthStencilAttachment>({
        view: this.viewOf(depth.view),
        depthClearValue: depth.depthClearValue,
        depthLoadOp: named(loadOpNames, depth.depthLoad),
        depthStoreOp: named(storeOpNames, depth.depthStore),
        depthReadOnly: depth.depthReadOnly !== 0,
        stencilClearValue: depth.stencilClearValue,
        stencilLoadOp: named(loadOpNames, depth.stencilLoad),
        stencilStoreOp: named(storeOpNames, depth.stencilStore),
        stencilReadOnly: depth.stencilReadOnly !== 0,
      });
    }
    if (targets.occlusionQuerySet !== 0) {
      descriptor.occlusionQuerySet = this.need(this.querySets, targets.occlusionQuerySet, "query set");
    }
    if (targets.querySet !== 0) {
      descriptor.timestampWrites = given<GPURenderPassTimestampWrites>({
        querySet: this.need(this.querySets, targets.querySet, "query set"),
        beginningOfPassWriteIndex: countOf(targets.beginQuery),
        endOfPassWriteIndex: countOf(targets.endQuery),
      });
    }
    this.renderPasses.set(pass, this.encoderOf(encoder).beginRenderPass(descriptor));
  }

  createRenderBundleEncoder(pass: number, label: string, targets: BundleTargets): void {
    const descriptor = given<GPURenderBundleEncoderDescriptor>({
      label,
      colorFormats: targets.colorFormats.map((format) => named<GPUTextureFormat>(textureFormatNames, format) ?? null),
      depthStencilFormat: named(textureFormatNames, targets.depthStencilFormat),
      sampleCount: targets.sampleCount,
      depthReadOnly: targets.depthReadOnly !== 0,
      stencilReadOnly: targets.stencilReadOnly !== 0,
    });
    this.scoped(label, this.bundleEncoders, pass, () => this.device.createRenderBundleEncoder(descriptor));
  }

  finishBundle(pass: number, bundle: number): void {
    const encoder = this.need(this.bundleEncoders, pass, "bundle encoder");
    this.bundleEncoders.delete(pass);
    this.scoped(`bundle ${bundle}`, this.bundles, bundle, () => encoder.finish());
  }

  executeBundles(pass: number, ids: WordRange): void {
    const bundles: GPURenderBundle[] = [];
    for (let i = 0; i < ids.count; ++i)
      bundles.push(this.need(this.bundles, ids.words[ids.start + i]!, "render bundle"));
    this.renderPass(pass).executeBundles(bundles);
  }

  setRenderPipeline(pass: number, pipeline: number): void {
    this.drawing(pass).setPipeline(this.need(this.renderPipelines, pipeline, "render pipeline"));
  }

  setVertexBuffer(pass: number, slot: number, buffer: number, offsetBytes: number, sizeBytes: number): void {
    const source = buffer === 0 ? null : this.need(this.buffers, buffer, "buffer");
    this.drawing(pass).setVertexBuffer(slot, source, offsetBytes, sizeOf(sizeBytes));
  }

  setIndexBuffer(pass: number, buffer: number, format: number, offsetBytes: number, sizeBytes: number): void {
    const source = this.need(this.buffers, buffer, "buffer");
    const name = mustName<GPUIndexFormat>(indexFormatNames, format);
    this.drawing(pass).setIndexBuffer(source, name, offsetBytes, sizeOf(sizeBytes));
  }

  draw(pass: number, vertices: number, instances: number, firstVertex: number, firstInstance: number): void {
    this.drawing(pass).draw(vertices, instances, firstVertex, firstInstance);
  }

  drawIndexed(
    pass: number,
    indices: number,
    instances: number,
    firstIndex: number,
    baseVertex: number,
    firstInstance: number,
  ): void {
    this.drawing(pass).drawIndexed(indices, instances, firstIndex, baseVertex, firstInstance);
  }

  drawIndirect(pass: number, buffer: number, offsetBytes: number): void {
    this.drawing(pass).drawIndirect(this.need(this.buffers, buffer, "buffer"), offsetBytes);
  }

  drawIndexedIndirect(pass: number, buffer: number, offsetBytes: number): void {
    this.drawing(pass).drawIndexedIndirect(this.need(this.buffers, buffer, "buffer"), offsetBytes);
  }

  // WebGPU has no such call, so it is several.
  multiDrawIndirect(pass: number, buffer: number, offsetBytes: number, count: number): void {
    this.needIndirect(buffer, offsetBytes + count * kIndirectBytes);
    for (let i = 0; i < count; ++i) this.drawIndirect(pass, buffer, offsetBytes + i * kIndirectBytes);
  }

  multiDrawIndexedIndirect(pass: number, buffer: number, offsetBytes: number, count: number): void {
    this.needIndirect(buffer, offsetBytes + count * kIndexedIndirectBytes);
    for (let i = 0; i < count; ++i) this.drawIndexedIndirect(pass, buffer, offsetBytes + i * kIndexedIndirectBytes);
  }

  setViewport(pass: number, x: number, y: number, width: number, height: number, near: number, far: number): void {
    this.renderPass(pass).setViewport(x, y, width, height, near, far);
  }

  setScissorRect(pass: number, x: number, y: number, width: number, height: number): void {
    this.renderPass(pass).setScissorRect(x, y, width, height);
  }

  setBlendConstant(pass: number, value: Color): void {
    this.renderPass(pass).setBlendConstant(value);
  }

  setStencilReference(pass: number, reference: number): void {
    this.renderPass(pass).setStencilReference(reference);
  }

  beginOcclusionQuery(pass: number, query: number): void {
    this.renderPass(pass).beginOcclusionQuery(query);
  }

  endOcclusionQuery(pass: number): void {
    this.renderPass(pass).endOcclusionQuery();
  }

  pushDebugGroup(scope: number, label: string): void {
    this.scope(scope).pushDebugGroup(label);
  }

  popDebugGroup(scope: number): void {
    this.scope(scope).popDebugGroup();
  }

  insertDebugMarker(scope: number, label: string): void {
    this.scope(scope).insertDebugMarker(label);
  }

  writeTimestamp(_encoder: number, _querySet: number, _query: number): void {
    throw new Refusal("write_timestamp is wgpu-native's, and browsers have no such call.");
  }

  protected forgetEncoding(): void {
    for (const table of [this.encoders, this.passes, this.renderPasses, this.commandBuffers]) table.clear();
  }

  protected encoderOf(id: number): GPUCommandEncoder {
    return this.need(this.encoders, id, "command encoder");
  }

  protected drawing(id: number): Drawing {
    return this.renderPasses.get(id) ?? this.need(this.bundleEncoders, id, "render pass");
  }

  private renderPass(id: number): GPURenderPassEncoder {
    return this.need(this.renderPasses, id, "render pass");
  }

  private scope(id: number): GPUDebugCommandsMixin {
    return this.encoders.get(id) ?? this.passes.get(id) ?? this.drawing(id);
  }

  private viewOf(id: number): GPUTextureView {
    return this.need(this.textureViews, id, "texture view");
  }

  // A hostile count must not keep the page busy.
  private needIndirect(buffer: number, endBytes: number): void {
    const { size } = this.need(this.buffers, buffer, "buffer");
    if (endBytes > size) throw new Refusal(`Buffer ${buffer} has ${size} bytes, too few for its indirect arguments.`);
  }
}
