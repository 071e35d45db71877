// Carries a command stream out over navigator.gpu; the twin of src/gpu/native. What it answers is appended to `events`
// and handed to the core with the next frame. Nothing here throws out of a frame: what WebGPU refuses becomes an event.

import {
  BindingKind,
  ErrorKind,
  QueryType,
  encodeEvent,
  executeCommands,
  type BindEntry,
  type CommandHandler,
  type Constant,
  type LayoutEntry,
} from "./commands.gen";
import { CorruptStreamError, WireReader, WireWriter, type ByteRange, type WordRange } from "./wire";

/** Where pictures go. `texture` has exactly the size asked for and can be copied to. */
export interface CanvasTarget {
  texture(width: number, height: number): GPUTexture;
}

export interface ExecutorOptions {
  canvas?: CanvasTarget;
  /** Called when an event came in between frames, so that somebody runs the next one. */
  onEvent?: () => void;
}

// Ids count up over all kinds and frames, so an array would be mostly holes.
type Table<T> = Map<number, T>;

const kMapModeRead = 1;
const kShaderStageCompute = 4;
const kBufferBindingTypes: Record<number, GPUBufferBindingType> = {
  [BindingKind.uniform]: "uniform",
  [BindingKind.storage]: "storage",
  [BindingKind.readOnlyStorage]: "read-only-storage",
};

/** A command that cannot be carried out: the rest of its stream is not submitted. */
class Refusal extends Error {}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function errorKindOf(error: GPUError): number {
  const name = error.constructor.name;
  if (name === "GPUOutOfMemoryError") return ErrorKind.outOfMemory;
  return name === "GPUInternalError" ? ErrorKind.internal : ErrorKind.validation;
}

export class Executor implements CommandHandler {
  readonly events = new WireWriter();
  private readonly canvas: CanvasTarget | undefined;
  private readonly onEvent: () => void;
  private readonly reader = new WireReader();
  private memory: ArrayBuffer = new ArrayBuffer(0);
  private lost = false;

  private readonly buffers: Table<GPUBuffer> = new Map();
  private readonly modules: Table<GPUShaderModule> = new Map();
  private readonly bindGroupLayouts: Table<GPUBindGroupLayout> = new Map();
  private readonly pipelineLayouts: Table<GPUPipelineLayout> = new Map();
  private readonly pipelines: Table<GPUComputePipeline> = new Map();
  private readonly bindGroups: Table<GPUBindGroup> = new Map();
  private readonly querySets: Table<GPUQuerySet> = new Map();
  private readonly encoders: Table<GPUCommandEncoder> = new Map();
  private readonly passes: Table<GPUComputePassEncoder> = new Map();
  private readonly commandBuffers: Table<GPUCommandBuffer> = new Map();

  // The stream being carried out: what its errors are named by, and why it will not be submitted.
  private label = "";
  private dropped: string | null = null;
  // Until the stream has been submitted: an encoder of it may name them.
  private readonly destroyed: GPUBuffer[] = [];

  // Error scopes answer in the order in which they were opened, so the labels need no closures.
  private readonly openScopeLabels: (string | null)[] = [];
  private readonly reportScope = (error: GPUError | null): void => {
    const label = this.openScopeLabels.shift() ?? null;
    if (error && label !== null) this.report(errorKindOf(error), label, error.message);
  };

  // Descriptors of what a steady frame says, filled anew for each command.
  private readonly encoderDescriptor: GPUCommandEncoderDescriptor = { label: "" };
  private readonly passDescriptor: GPUComputePassDescriptor = { label: "" };
  private readonly timestampWrites: { querySet: GPUQuerySet } & GPUComputePassTimestampWrites;
  private readonly copySource: GPUTexelCopyBufferInfo;
  private readonly copyTarget: GPUTexelCopyTextureInfo;
  private readonly copySize = { width: 0, height: 0 };
  private readonly submitted: GPUCommandBuffer[] = [];

  constructor(
    private readonly device: GPUDevice,
    options: ExecutorOptions = {},
  ) {
    this.canvas = options.canvas;
    this.onEvent = options.onEvent ?? (() => {});
    // Their resources are set before every use.
    this.timestampWrites = {
      beginningOfPassWriteIndex: 0,
      endOfPassWriteIndex: 0,
    } as typeof this.timestampWrites;
    this.copySource = { offset: 0, bytesPerRow: 0 } as GPUTexelCopyBufferInfo;
    this.copyTarget = {} as GPUTexelCopyTextureInfo;
    device.addEventListener("uncapturederror", (event) => {
      const { error } = event as GPUUncapturedErrorEvent;
      this.report(errorKindOf(error), "", error.message);
    });
    void device.lost.then((info) => {
      this.lost = true;
      encodeEvent.deviceLost(
        this.events,
        info.message || `The browser gives no more than this reason: ${info.reason}.`,
      );
      this.onEvent();
    });
  }

  /** Carries out the `sizeWords` words at byte `offset` of the WASM memory. */
  execute(memory: ArrayBuffer, offset: number, sizeWords: number): void {
    if (sizeWords === 0 || this.lost) return;
    this.memory = memory;
    this.reader.reset(memory, offset, sizeWords);
    this.label = "";
    this.dropped = null;
    this.device.pushErrorScope("validation");
    while (!this.reader.atEnd()) {
      try {
        executeCommands(this.reader, this);
      } catch (error) {
        this.drop(messageOf(error), error instanceof Refusal ? ErrorKind.validation : ErrorKind.internal);
        if (error instanceof CorruptStreamError) break;
      }
    }
    for (const buffer of this.destroyed) buffer.destroy();
    this.destroyed.length = 0;
    if (this.dropped !== null) this.forgetEncoding();
    // What a dropped stream left open is an error to WebGPU, but follows from the one that was told.
    this.openScopeLabels.push(this.dropped === null ? this.label : null);
    this.device.popErrorScope().then(this.reportScope, this.scopeFailed);
  }

  // Resources.

  createBuffer(buffer: number, label: string, sizeBytes: number, usage: number, reports: number): void {
    if (reports === 0) {
      this.scoped(label, this.buffers, buffer, () => this.device.createBuffer({ label, size: sizeBytes, usage }));
      return;
    }
    this.device.pushErrorScope("validation");
    this.device.pushErrorScope("out-of-memory");
    this.buffers.set(buffer, this.device.createBuffer({ label, size: sizeBytes, usage }));
    const scopes = [this.device.popErrorScope(), this.device.popErrorScope()];
    void Promise.all(scopes).then(([outOfMemory, invalid]) => {
      const error = outOfMemory ?? invalid;
      if (error) {
        this.buffers.delete(buffer);
        encodeEvent.bufferFailed(this.events, buffer, error.message);
      } else {
        encodeEvent.bufferReady(this.events, buffer);
      }
      this.onEvent();
    }, this.scopeFailed);
  }

  destroyBuffer(buffer: number): void {
    this.destroyed.push(this.need(this.buffers, buffer, "buffer"));
    this.buffers.delete(buffer);
  }

  createShaderModule(module: number, label: string, code: string, _trusted: number): void {
    // Its errors are told by the pipeline that uses it, as pipeline_failed; the scope keeps them from being told twice.
    this.device.pushErrorScope("validation");
    this.modules.set(module, this.device.createShaderModule({ label, code }));
    this.device.popErrorScope().catch(this.scopeFailed);
  }

  createBindGroupLayout(layout: number, label: string, entries: LayoutEntry[]): void {
    this.scoped(label, this.bindGroupLayouts, layout, () =>
      this.device.createBindGroupLayout({
        label,
        entries: entries.map((entry) => ({
          binding: entry.binding,
          visibility: kShaderStageCompute,
          buffer: {
            type: kBufferBindingTypes[entry.kind] ?? "storage",
            hasDynamicOffset: entry.hasDynamicOffset !== 0,
            minBindingSize: entry.minSizeBytes,
          },
        })),
      }),
    );
  }

  createPipelineLayout(layout: number, label: string, ids: WordRange): void {
    const bindGroupLayouts: GPUBindGroupLayout[] = [];
    for (let i = 0; i < ids.count; ++i) {
      bindGroupLayouts.push(this.need(this.bindGroupLayouts, ids.words[ids.start + i]!, "bind group layout"));
    }
    this.scoped(label, this.pipelineLayouts, layout, () =>
      this.device.createPipelineLayout({ label, bindGroupLayouts }),
    );
  }

  createComputePipelineAsync(
    pipeline: number,
    label: string,
    layout: number,
    module: number,
    entryPoint: string,
    constants: Constant[],
  ): void {
    const shader = this.modules.get(module);
    const pipelineLayout = this.pipelineLayouts.get(layout);
    if (!shader || !pipelineLayout) {
      const missing = shader ? `pipeline layout ${layout}` : `shader module ${module}`;
      this.pipelineFailed(pipeline, `Pipeline '${label}' names ${missing}, which does not exist.`);
      return;
    }
    const compute: GPUProgrammableStage = {
      module: shader,
      entryPoint,
      constants: Object.fromEntries(constants.map(({ name, value }) => [name, value])),
    };
    this.device.createComputePipelineAsync({ label, layout: pipelineLayout, compute }).then(
      (ready) => {
        this.pipelines.set(pipeline, ready);
        encodeEvent.pipelineReady(this.events, pipeline);
        this.onEvent();
      },
      async (error: unknown) => {
        const faults = await shaderFaults(shader);
        this.pipelineFailed(pipeline, faults || messageOf(error));
      },
    );
  }

  createBindGroup(bindGroup: number, label: string, layout: number, entries: BindEntry[]): void {
    const bindGroupLayout = this.need(this.bindGroupLayouts, layout, "bind group layout");
    const bound = entries.map((entry) => ({
      binding: entry.binding,
      resource: {
        buffer: this.need(this.buffers, entry.buffer, "buffer"),
        offset: entry.offsetBytes,
        size: entry.sizeBytes,
      },
    }));
    this.scoped(label, this.bindGroups, bindGroup, () =>
      this.device.createBindGroup({ label, layout: bindGroupLayout, entries: bound }),
    );
  }

  createQuerySet(querySet: number, label: string, type: number, count: number): void {
    this.scoped(label, this.querySets, querySet, () =>
      this.device.createQuerySet({
        label,
        type: type === QueryType.timestamp ? "timestamp" : "occlusion",
        count,
      }),
    );
  }

  releaseBindGroup(bindGroup: number): void {
    this.bindGroups.delete(bindGroup);
  }

  releaseShaderModule(module: number): void {
    this.modules.delete(module);
  }

  releaseComputePipeline(pipeline: number): void {
    this.pipelines.delete(pipeline);
  }

  // The queue's own.

  writeBuffer(buffer: number, offsetBytes: number, data: ByteRange): void {
    const target = this.need(this.buffers, buffer, "buffer");
    this.device.queue.writeBuffer(target, offsetBytes, data.memory, data.start, data.size);
  }

  writeBufferFromBlob(
    buffer: number,
    offsetBytes: number,
    blob: number,
    blobOffsetBytes: number,
    sizeBytes: number,
  ): void {
    // The only memory that this side lends is the core's own.
    if (blob !== 0) throw new Refusal(`Blob ${blob} does not exist: in a page only blob 0, the core's memory, does.`);
    const target = this.need(this.buffers, buffer, "buffer");
    this.device.queue.writeBuffer(target, offsetBytes, this.memory, blobOffsetBytes, sizeBytes);
  }

  submit(ids: WordRange): void {
    this.submitted.length = 0;
    for (let i = 0; i < ids.count; ++i) {
      const id = ids.words[ids.start + i]!;
      const commandBuffer = this.commandBuffers.get(id);
      this.commandBuffers.delete(id);
      if (commandBuffer) this.submitted.push(commandBuffer);
      else if (this.dropped === null) throw new Refusal(`Command buffer ${id} does not exist.`);
    }
    if (this.dropped === null) this.device.queue.submit(this.submitted);
  }

  onSubmittedWorkDone(serial: number): void {
    void this.device.queue.onSubmittedWorkDone().then(() => {
      encodeEvent.workDone(this.events, serial);
      this.onEvent();
    }, this.scopeFailed);
  }

  mapAsync(buffer: number, offsetBytes: number, sizeBytes: number, ticket: number): void {
    const source = this.buffers.get(buffer);
    if (this.dropped !== null || !source) {
      this.mapFailed(ticket, this.dropped ?? `Buffer ${buffer} does not exist.`);
      return;
    }
    source.mapAsync(kMapModeRead, offsetBytes, sizeBytes).then(
      () => {
        encodeEvent.mapped(this.events, ticket, new Uint8Array(source.getMappedRange(offsetBytes, sizeBytes)));
        this.onEvent();
      },
      (error: unknown) => this.mapFailed(ticket, messageOf(error)),
    );
  }

  unmap(buffer: number): void {
    this.need(this.buffers, buffer, "buffer").unmap();
  }

  // Encoding.

  createCommandEncoder(encoder: number, label: string): void {
    this.label = this.encoderDescriptor.label = label;
    this.encoders.set(encoder, this.device.createCommandEncoder(this.encoderDescriptor));
  }

  copyBufferToBuffer(
    encoder: number,
    source: number,
    sourceOffsetBytes: number,
    target: number,
    targetOffsetBytes: number,
    sizeBytes: number,
  ): void {
    this.need(this.encoders, encoder, "command encoder").copyBufferToBuffer(
      this.need(this.buffers, source, "buffer"),
      sourceOffsetBytes,
      this.need(this.buffers, target, "buffer"),
      targetOffsetBytes,
      sizeBytes,
    );
  }

  clearBuffer(encoder: number, buffer: number, offsetBytes: number, sizeBytes: number): void {
    const target = this.need(this.buffers, buffer, "buffer");
    this.need(this.encoders, encoder, "command encoder").clearBuffer(target, offsetBytes, sizeBytes);
  }

  resolveQuerySet(
    encoder: number,
    querySet: number,
    first: number,
    count: number,
    target: number,
    targetOffsetBytes: number,
  ): void {
    this.need(this.encoders, encoder, "command encoder").resolveQuerySet(
      this.need(this.querySets, querySet, "query set"),
      first,
      count,
      this.need(this.buffers, target, "buffer"),
      targetOffsetBytes,
    );
  }

  copyBufferToCanvas(
    encoder: number,
    source: number,
    sourceOffsetBytes: number,
    bytesPerRow: number,
    canvas: number,
    width: number,
    height: number,
  ): void {
    if (!this.canvas) throw new Refusal(`Canvas ${canvas} does not exist.`);
    this.copySource.buffer = this.need(this.buffers, source, "buffer");
    this.copySource.offset = sourceOffsetBytes;
    this.copySource.bytesPerRow = bytesPerRow;
    // A dropped frame leaves the picture that is shown alone: a texture that was taken would be presented empty.
    if (this.dropped !== null) return;
    this.copyTarget.texture = this.canvas.texture(width, height);
    this.copySize.width = width;
    this.copySize.height = height;
    this.need(this.encoders, encoder, "command encoder").copyBufferToTexture(
      this.copySource,
      this.copyTarget,
      this.copySize,
    );
  }

  beginComputePass(
    encoder: number,
    pass: number,
    label: string,
    querySet: number,
    beginQuery: number,
    endQuery: number,
  ): void {
    this.passDescriptor.label = label;
    if (querySet === 0) {
      delete this.passDescriptor.timestampWrites;
    } else {
      this.timestampWrites.querySet = this.need(this.querySets, querySet, "query set");
      this.timestampWrites.beginningOfPassWriteIndex = beginQuery;
      this.timestampWrites.endOfPassWriteIndex = endQuery;
      this.passDescriptor.timestampWrites = this.timestampWrites;
    }
    this.passes.set(pass, this.need(this.encoders, encoder, "command encoder").beginComputePass(this.passDescriptor));
  }

  setPipeline(pass: number, pipeline: number): void {
    const ready = this.need(this.pipelines, pipeline, "compute pipeline");
    this.need(this.passes, pass, "compute pass").setPipeline(ready);
  }

  setBindGroup(pass: number, index: number, bindGroup: number, offsets: WordRange): void {
    const bound = this.need(this.bindGroups, bindGroup, "bind group");
    const target = this.need(this.passes, pass, "compute pass");
    if (offsets.count === 0) target.setBindGroup(index, bound);
    else target.setBindGroup(index, bound, offsets.words, offsets.start, offsets.count);
  }

  dispatchWorkgroups(pass: number, x: number, y: number, z: number): void {
    this.need(this.passes, pass, "compute pass").dispatchWorkgroups(x, y, z);
  }

  dispatchWorkgroupsIndirect(pass: number, buffer: number, offsetBytes: number): void {
    const counts = this.need(this.buffers, buffer, "buffer");
    this.need(this.passes, pass, "compute pass").dispatchWorkgroupsIndirect(counts, offsetBytes);
  }

  endPass(pass: number): void {
    this.need(this.passes, pass, "compute pass").end();
    this.passes.delete(pass);
  }

  finish(encoder: number, commandBuffer: number): void {
    this.commandBuffers.set(commandBuffer, this.need(this.encoders, encoder, "command encoder").finish());
    this.encoders.delete(encoder);
  }

  // Failing.

  private need<T>(table: Table<T>, id: number, sort: string): T {
    const found = table.get(id);
    if (found === undefined) throw new Refusal(`There is no ${sort} ${id}, or making it failed.`);
    return found;
  }

  /** Makes a resource; when WebGPU refuses it, its id is as if it had never been given. */
  private scoped<T>(label: string, table: Table<T>, id: number, make: () => T): void {
    this.device.pushErrorScope("validation");
    try {
      const made = make();
      table.set(id, made);
      this.device.popErrorScope().then((error) => {
        if (!error) return;
        if (table.get(id) === made) table.delete(id);
        this.report(errorKindOf(error), label, error.message);
      }, this.scopeFailed);
    } catch (error) {
      this.device.popErrorScope().catch(this.scopeFailed);
      throw error;
    }
  }

  // Scopes are rejected only when the device is lost, and that is an event of its own.
  private readonly scopeFailed = (): void => {
    this.openScopeLabels.length = 0;
  };

  private forgetEncoding(): void {
    for (const table of [this.encoders, this.passes, this.commandBuffers]) table.clear();
  }

  /** The first failure of a stream is told; what follows from it is not. */
  private drop(message: string, kind: number): void {
    if (this.dropped !== null) return;
    this.dropped = message;
    encodeEvent.errorEvent(this.events, kind, this.label, message);
    this.onEvent();
  }

  private report(kind: number, label: string, message: string): void {
    encodeEvent.errorEvent(this.events, kind, label, message);
    this.onEvent();
  }

  private pipelineFailed(pipeline: number, message: string): void {
    encodeEvent.pipelineFailed(this.events, pipeline, message);
    this.onEvent();
  }

  private mapFailed(ticket: number, message: string): void {
    encodeEvent.mapFailed(this.events, ticket, message);
    this.onEvent();
  }
}

async function shaderFaults(module: GPUShaderModule): Promise<string> {
  const { messages } = await module.getCompilationInfo();
  return messages
    .filter((message) => message.type === "error")
    .map((message) => `${message.lineNum}:${message.linePos}: ${message.message}`)
    .join("\n");
}
