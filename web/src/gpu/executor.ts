// Carries a command stream out over navigator.gpu; the twin of src/gpu/native. What it answers is appended to `events`
// and handed to the core with the next frame. Nothing here throws out of a frame: what WebGPU refuses becomes an event.

import { ErrorKind, encodeEvent, executeCommands, type CommandHandler } from "./commands.gen";
import { RenderCommands } from "./render_commands";
import { Refusal, countOf, errorKindOf, given, messageOf, sizeOf } from "./resource_commands";
import { CorruptStreamError, WireReader, kMostPayloadBytes, type ByteRange, type WordRange } from "./wire";

/** Where pictures go. `texture` has exactly the size asked for and can be copied to. */
export interface CanvasTarget {
  texture(width: number, height: number): GPUTexture;
}

export interface ExecutorOptions {
  canvas?: CanvasTarget;
  /** Called when an event came in between frames, so that somebody runs the next one. */
  onEvent?: () => void;
  /** The device is somebody else's, and so are errors that no scope here catches. */
  isAdopted?: boolean;
}

const kMapModeRead = 1;

export class Executor extends RenderCommands implements CommandHandler {
  private readonly canvas: CanvasTarget | undefined;
  protected readonly reader = new WireReader();
  private memory: ArrayBuffer = new ArrayBuffer(0);
  private lost = false;

  // The stream being carried out: what its errors are named by, and why it will not be submitted.
  protected label = "";
  private dropped: string | null = null;
  // Error scopes answer in the order in which they were opened, so the labels need no closures.
  private readonly openScopeLabels: (string | null)[] = [];
  private readonly reportScope = (error: GPUError | null): void => {
    const label = this.openScopeLabels.shift() ?? null;
    if (error && label !== null) this.report(errorKindOf(error), label, error.message);
  };

  // Descriptors of what a steady frame says, filled anew for each command.
  private readonly encoderDescriptor: GPUCommandEncoderDescriptor = { label: "" };
  private readonly passDescriptor: GPUComputePassDescriptor = { label: "" };
  private readonly timestampWrites: {
    querySet: GPUQuerySet;
    beginningOfPassWriteIndex: number | undefined;
    endOfPassWriteIndex: number | undefined;
  };
  private readonly copySource: GPUTexelCopyBufferInfo;
  private readonly copyTarget: GPUTexelCopyTextureInfo;
  private readonly copySize = { width: 0, height: 0 };
  private readonly submitted: GPUCommandBuffer[] = [];

  constructor(device: GPUDevice, options: ExecutorOptions = {}) {
    super(device, options.onEvent ?? (() => {}));
    this.canvas = options.canvas;
    // Their resources are set before every use.
    this.timestampWrites = {
      beginningOfPassWriteIndex: 0,
      endOfPassWriteIndex: 0,
    } as typeof this.timestampWrites;
    this.copySource = { offset: 0, bytesPerRow: 0 } as GPUTexelCopyBufferInfo;
    this.copyTarget = {} as GPUTexelCopyTextureInfo;
    if (!options.isAdopted) {
      device.addEventListener("uncapturederror", (event) => {
        const { error } = event as GPUUncapturedErrorEvent;
        this.report(errorKindOf(error), "", error.message);
      });
    }
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
    this.beginStream();
    while (!this.reader.atEnd()) {
      try {
        executeCommands(this.reader, this);
      } catch (error) {
        this.drop(messageOf(error), error instanceof Refusal ? ErrorKind.validation : ErrorKind.internal);
        if (error instanceof CorruptStreamError) break;
      }
    }
    this.endStream();
  }

  protected beginStream(): void {
    this.label = "";
    this.dropped = null;
    this.device.pushErrorScope("validation");
  }

  protected endStream(): void {
    for (const buffer of this.destroyed) buffer.destroy();
    this.destroyed.length = 0;
    if (this.dropped !== null) this.forgetEncoding();
    // What a dropped stream left open is an error to WebGPU, but follows from the one that was told.
    this.openScopeLabels.push(this.dropped === null ? this.label : null);
    this.device.popErrorScope().catch(this.scopeFailed).then(this.reportScope);
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
    if (blob !== 0) {
      this.writeBuffer(buffer, offsetBytes, this.blobRange(blob, blobOffsetBytes, sizeBytes));
      return;
    }
    // The core's own memory.
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
    this.mapBuffer(buffer, kMapModeRead, offsetBytes, sizeBytes, ticket);
  }

  protected mapBuffer(buffer: number, mode: number, offsetBytes: number, sizeBytes: number, ticket: number): void {
    const source = this.buffers.get(buffer);
    if (this.dropped !== null || !source) {
      this.mapFailed(ticket, this.dropped ?? `Buffer ${buffer} does not exist.`);
      return;
    }
    const size = sizeOf(sizeBytes);
    const answered = size ?? source.size - offsetBytes;
    if (mode === kMapModeRead && answered > kMostPayloadBytes) {
      this.mapFailed(ticket, `${answered} bytes are more than one answer carries (${kMostPayloadBytes}).`);
      return;
    }
    source.mapAsync(mode, offsetBytes, size).then(
      () => {
        // What a program writes comes with write_mapped.
        const isRead = mode === kMapModeRead;
        const bytes = isRead ? new Uint8Array(source.getMappedRange(offsetBytes, size)) : new Uint8Array(0);
        encodeEvent.mapped(this.events, ticket, bytes);
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
      sizeOf(sizeBytes),
    );
  }

  clearBuffer(encoder: number, buffer: number, offsetBytes: number, sizeBytes: number): void {
    const target = this.need(this.buffers, buffer, "buffer");
    this.need(this.encoders, encoder, "command encoder").clearBuffer(target, offsetBytes, sizeOf(sizeBytes));
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
      this.timestampWrites.beginningOfPassWriteIndex = countOf(beginQuery);
      this.timestampWrites.endOfPassWriteIndex = countOf(endQuery);
      this.passDescriptor.timestampWrites = given(this.timestampWrites);
    }
    this.passes.set(pass, this.need(this.encoders, encoder, "command encoder").beginComputePass(this.passDescriptor));
  }

  setPipeline(pass: number, pipeline: number): void {
    const ready = this.need(this.pipelines, pipeline, "compute pipeline");
    this.need(this.passes, pass, "compute pass").setPipeline(ready);
  }

  setBindGroup(pass: number, index: number, bindGroup: number, offsets: WordRange): void {
    const bound = bindGroup === 0 ? null : this.need(this.bindGroups, bindGroup, "bind group");
    const target = this.passes.get(pass) ?? this.drawing(pass);
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
    const ended = this.passes.get(pass) ?? this.need(this.renderPasses, pass, "pass");
    ended.end();
    this.passes.delete(pass);
    this.renderPasses.delete(pass);
  }

  finish(encoder: number, commandBuffer: number): void {
    this.commandBuffers.set(commandBuffer, this.need(this.encoders, encoder, "command encoder").finish());
    this.encoders.delete(encoder);
  }

  /** The first failure of a stream is told; what follows from it is not. */
  protected drop(message: string, kind: number): void {
    if (this.dropped !== null) return;
    this.dropped = message;
    encodeEvent.errorEvent(this.events, kind, this.label, message);
    this.onEvent();
  }

  private mapFailed(ticket: number, message: string): void {
    encodeEvent.mapFailed(this.events, ticket, message);
    this.onEvent();
  }
}
