// The half of the executor that makes resources and knows which id names which; executor.ts has queue and encoding.

import {
  BindingKind,
  ErrorKind,
  encodeEvent,
  queryTypeNames,
  storageTextureAccessNames,
  textureFormatNames,
  textureSampleTypeNames,
  textureViewDimensionNames,
  type BindEntry,
  type Constant,
  type LayoutEntry,
} from "./commands.gen";
import { WireWriter, type WordRange } from "./wire";

// Ids count up over all kinds and frames, so an array would be mostly holes.
export type Table<T> = Map<number, T>;

const kBufferBindingTypes: Record<number, GPUBufferBindingType> = {
  [BindingKind.uniform]: "uniform",
  [BindingKind.storage]: "storage",
  [BindingKind.readOnlyStorage]: "read-only-storage",
};
const kSamplerBindingTypes: Record<number, GPUSamplerBindingType> = {
  [BindingKind.sampler]: "filtering",
  [BindingKind.nonFilteringSampler]: "non-filtering",
  [BindingKind.comparisonSampler]: "comparison",
};

/** A command that cannot be carried out: the rest of its stream is not submitted. */
export class Refusal extends Error {}

/** WebGPU's string for an enum's value; undefined for 0, which leaves the default. */
export function named<T extends string>(names: Record<number, string>, value: number): T | undefined {
  if (value === 0) return undefined;
  const name = names[value];
  if (name === undefined) throw new Refusal(`The value ${value} of an enum means nothing.`);
  return name as T;
}

/** The same where WebGPU has no default. */
export function mustName<T extends string>(names: Record<number, string>, value: number): T {
  const name = named<T>(names, value);
  if (name === undefined) throw new Refusal("An enum without a default was left undefined.");
  return name;
}

/** A size of 2^64 - 1 is all from the offset on, a count of 2^32 - 1 all that follow. */
export function sizeOf(bytes: number): number | undefined {
  return bytes >= 2 ** 63 ? undefined : bytes;
}
export function countOf(count: number): number | undefined {
  return count === 0xffffffff ? undefined : count;
}

/** A dictionary for WebGPU, to which a member that is undefined is one that is not there. */
export function given<T extends object>(members: { [K in keyof T]: T[K] | undefined }): T {
  return members as T;
}

export function constantsOf(constants: Constant[]): Record<string, number> {
  return Object.fromEntries(constants.map(({ name, value }) => [name, value]));
}

function layoutEntry(entry: LayoutEntry): GPUBindGroupLayoutEntry {
  const { binding, visibility, kind } = entry;
  const viewDimension = named<GPUTextureViewDimension>(textureViewDimensionNames, entry.viewDimension);
  const bufferType = kBufferBindingTypes[kind];
  if (bufferType) {
    const hasDynamicOffset = entry.hasDynamicOffset !== 0;
    return { binding, visibility, buffer: { type: bufferType, hasDynamicOffset, minBindingSize: entry.minSizeBytes } };
  }
  const samplerType = kSamplerBindingTypes[kind];
  if (samplerType) return { binding, visibility, sampler: { type: samplerType } };
  if (kind === BindingKind.texture) {
    const sampleType = named<GPUTextureSampleType>(textureSampleTypeNames, entry.sampleType);
    const multisampled = entry.multisampled !== 0;
    return {
      binding,
      visibility,
      texture: given<GPUTextureBindingLayout>({ sampleType, viewDimension, multisampled }),
    };
  }
  if (kind !== BindingKind.storageTexture) throw new Refusal(`The binding kind ${kind} means nothing.`);
  const access = named<GPUStorageTextureAccess>(storageTextureAccessNames, entry.access);
  const format = mustName<GPUTextureFormat>(textureFormatNames, entry.format);
  return {
    binding,
    visibility,
    storageTexture: given<GPUStorageTextureBindingLayout>({ access, format, viewDimension }),
  };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function errorKindOf(error: GPUError): number {
  const name = error.constructor.name;
  if (name === "GPUOutOfMemoryError") return ErrorKind.outOfMemory;
  return name === "GPUInternalError" ? ErrorKind.internal : ErrorKind.validation;
}

export abstract class ResourceCommands {
  /** What is to be told to the core with the next frame. */
  readonly events = new WireWriter();
  protected readonly buffers: Table<GPUBuffer> = new Map();
  protected readonly modules: Table<GPUShaderModule> = new Map();
  protected readonly bindGroupLayouts: Table<GPUBindGroupLayout> = new Map();
  protected readonly pipelineLayouts: Table<GPUPipelineLayout> = new Map();
  protected readonly pipelines: Table<GPUComputePipeline> = new Map();
  protected readonly bindGroups: Table<GPUBindGroup> = new Map();
  protected readonly querySets: Table<GPUQuerySet> = new Map();
  protected readonly textureViews: Table<GPUTextureView> = new Map();
  protected readonly samplers: Table<GPUSampler> = new Map();

  // Until the stream has been submitted: an encoder of it may name them.
  protected readonly destroyed: { destroy(): void }[] = [];
  // Of somebody else, and never destroyed here.
  protected readonly adopted = new Set<number>();

  constructor(
    protected readonly device: GPUDevice,
    /** Called after an event that came in between frames. */
    protected readonly onEvent: () => void,
  ) {}

  createBuffer(
    buffer: number,
    label: string,
    sizeBytes: number,
    usage: number,
    reports: number,
    isMapped: number,
  ): void {
    const descriptor = { label, size: sizeBytes, usage, mappedAtCreation: isMapped !== 0 };
    if (reports === 0) {
      this.scoped(label, this.buffers, buffer, () => this.device.createBuffer(descriptor));
      return;
    }
    this.device.pushErrorScope("validation");
    this.device.pushErrorScope("out-of-memory");
    let refusal = "";
    try {
      this.buffers.set(buffer, this.device.createBuffer(descriptor));
    } catch (error) {
      refusal = messageOf(error);
    }
    const scopes = [this.device.popErrorScope(), this.device.popErrorScope()];
    void Promise.all(scopes).then(([outOfMemory, invalid]) => {
      const message = refusal || (outOfMemory ?? invalid)?.message;
      if (message) {
        this.buffers.delete(buffer);
        encodeEvent.bufferFailed(this.events, buffer, message);
      } else {
        encodeEvent.bufferReady(this.events, buffer);
      }
      this.onEvent();
    }, this.scopeFailed);
  }

  /** Streams may name a buffer of somebody else's by this id from now on. */
  adopt(id: number, buffer: GPUBuffer): void {
    this.buffers.set(id, buffer);
    this.adopted.add(id);
  }

  destroyBuffer(buffer: number): void {
    const found = this.need(this.buffers, buffer, "buffer");
    if (!this.adopted.delete(buffer)) this.destroyed.push(found);
    this.buffers.delete(buffer);
  }

  /** Destroys every buffer that a stream made; nothing is carried out afterwards. */
  destroyAll(): void {
    for (const id of [...this.buffers.keys()]) this.destroyBuffer(id);
    for (const buffer of this.destroyed) buffer.destroy();
    this.destroyed.length = 0;
  }

  createShaderModule(module: number, label: string, code: string, _trusted: number): void {
    // Its errors are told by the pipeline that uses it, as pipeline_failed; the scope keeps them from being told twice.
    this.device.pushErrorScope("validation");
    this.modules.set(module, this.device.createShaderModule({ label, code }));
    this.device.popErrorScope().catch(this.scopeFailed);
  }

  createBindGroupLayout(layout: number, label: string, entries: LayoutEntry[]): void {
    const described = entries.map(layoutEntry);
    this.scoped(label, this.bindGroupLayouts, layout, () =>
      this.device.createBindGroupLayout({ label, entries: described }),
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
    const pipelineLayout = layout === 0 ? "auto" : this.pipelineLayouts.get(layout);
    if (!shader || !pipelineLayout) {
      const missing = shader ? `pipeline layout ${layout}` : `shader module ${module}`;
      this.pipelineFailed(pipeline, `Pipeline '${label}' names ${missing}, which does not exist.`);
      return;
    }
    const compute = given<GPUProgrammableStage>({
      module: shader,
      entryPoint: entryPoint || undefined,
      constants: constantsOf(constants),
    });
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
    const bound = entries.map((entry) => ({ binding: entry.binding, resource: this.boundResource(entry) }));
    this.scoped(label, this.bindGroups, bindGroup, () =>
      this.device.createBindGroup({ label, layout: bindGroupLayout, entries: bound }),
    );
  }

  createQuerySet(querySet: number, label: string, type: number, count: number): void {
    this.scoped(label, this.querySets, querySet, () =>
      this.device.createQuerySet({
        label,
        type: mustName<GPUQueryType>(queryTypeNames, type),
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

  private boundResource(entry: BindEntry): GPUBindingResource {
    if (entry.textureView !== 0) return this.need(this.textureViews, entry.textureView, "texture view");
    if (entry.sampler !== 0) return this.need(this.samplers, entry.sampler, "sampler");
    const buffer = this.need(this.buffers, entry.buffer, "buffer");
    return given<GPUBufferBinding>({ buffer, offset: entry.offsetBytes, size: sizeOf(entry.sizeBytes) });
  }

  protected need<T>(table: Table<T>, id: number, sort: string): T {
    const found = table.get(id);
    if (found === undefined) throw new Refusal(`There is no ${sort} ${id}, or making it failed.`);
    return found;
  }

  /** Makes a resource; when WebGPU refuses it, its id is as if it had never been given. */
  protected scoped<T>(label: string, table: Table<T>, id: number, make: () => T): void {
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
  protected readonly scopeFailed = (): null => null;

  protected report(kind: number, label: string, message: string): void {
    encodeEvent.errorEvent(this.events, kind, label, message);
    this.onEvent();
  }

  protected pipelineFailed(pipeline: number, message: string): void {
    encodeEvent.pipelineFailed(this.events, pipeline, message);
    this.onEvent();
  }
}

export async function shaderFaults(module: GPUShaderModule): Promise<string> {
  const { messages } = await module.getCompilationInfo();
  return messages
    .filter((message) => message.type === "error")
    .map((message) => `${message.lineNum}:${message.linePos}: ${message.message}`)
    .join("\n");
}
