// The half of the executor that makes resources and knows which id names which; executor.ts has queue and encoding.

import {
  BindingKind,
  ErrorKind,
  QueryType,
  encodeEvent,
  type BindEntry,
  type Constant,
  type LayoutEntry,
} from "./commands.gen";
import { WireWriter, type WordRange } from "./wire";

// Ids count up over all kinds and frames, so an array would be mostly holes.
export type Table<T> = Map<number, T>;

const kShaderStageCompute = 4;
const kBufferBindingTypes: Record<number, GPUBufferBindingType> = {
  [BindingKind.uniform]: "uniform",
  [BindingKind.storage]: "storage",
  [BindingKind.readOnlyStorage]: "read-only-storage",
};

/** A command that cannot be carried out: the rest of its stream is not submitted. */
export class Refusal extends Error {}

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

  // Until the stream has been submitted: an encoder of it may name them.
  protected readonly destroyed: GPUBuffer[] = [];

  constructor(
    protected readonly device: GPUDevice,
    /** Called after an event that came in between frames. */
    protected readonly onEvent: () => void,
  ) {}

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

async function shaderFaults(module: GPUShaderModule): Promise<string> {
  const { messages } = await module.getCompilationInfo();
  return messages
    .filter((message) => message.type === "error")
    .map((message) => `${message.lineNum}:${message.linePos}: ${message.message}`)
    .join("\n");
}
