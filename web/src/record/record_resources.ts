// The calls that make resources and end them; buffers and what lies in them are in record_buffers.ts.

import { ObjectKind } from "../gpu/commands.gen";
import {
  constantsOf,
  kAllBytes,
  layoutEntryOf,
  layoutIdOf,
  listOf,
  or,
  renderStateOf,
  samplerOf,
  textureOf,
  viewOf,
} from "./describe";
import * as encode from "./encode.gen";
import type { BindEntry, LayoutEntry } from "./encode.gen";
import type { Args, Hooks, Write } from "./hooks";
import { kNumbers, numberOf } from "./names";
import { idOf, toldOf } from "./told";

/** The id of a view; a texture in the place of one stands for the view of all of it. */
export function viewIdOf(hooks: Hooks, view: unknown): number {
  const told = toldOf(view);
  if (told?.kind !== ObjectKind.texture) return told?.id ?? 0;
  if (!told.view) {
    const id = (told.view = hooks.recording.newId());
    const call = { called: null, beginMs: hooks.recording.now(), tookMs: 0 };
    hooks.say(told.device, call, (writer) => encode.sayCreateTextureView(writer, id, "", told.id, viewOf({})));
  }
  return told.view;
}

export function recordResources(hooks: Hooks): void {
  recordTextures(hooks);
  recordBindings(hooks);
  recordPipelines(hooks);
  hooks.creates("GPUDevice", "createQuerySet", ObjectKind.querySet, ({ id }, [descriptor]) => {
    const type = numberOf(kNumbers.queryType, descriptor.type);
    return (writer) => encode.sayCreateQuerySet(writer, id, descriptor.label ?? "", type, descriptor.count);
  });
  hooks.described(
    "GPUQuerySet",
    "destroy",
    ({ id }) =>
      (writer) =>
        encode.sayDestroyQuerySet(writer, id),
  );
}

function recordTextures(hooks: Hooks): void {
  const { recording } = hooks;
  hooks.creates("GPUDevice", "createTexture", ObjectKind.texture, ({ id }, [descriptor]) => {
    const described = textureOf(descriptor);
    if (described.format === 0) recording.useUnsupported(id, `texture format ${String(descriptor.format)}`);
    return (writer) => encode.sayCreateTexture(writer, id, descriptor.label ?? "", described);
  });
  hooks.described(
    "GPUTexture",
    "destroy",
    ({ id }) =>
      (writer) =>
        encode.sayDestroyTexture(writer, id),
  );
  hooks.creates("GPUTexture", "createView", ObjectKind.textureView, ({ id }, [descriptor], { id: texture }) => {
    const described = viewOf(descriptor ?? {});
    if ((descriptor?.swizzle ?? "rgba") !== "rgba") recording.useUnsupported(id, "swizzle");
    return (writer) => encode.sayCreateTextureView(writer, id, descriptor?.label ?? "", texture, described);
  });
  hooks.creates("GPUDevice", "createSampler", ObjectKind.sampler, ({ id }, [descriptor]) => {
    const described = samplerOf(descriptor ?? {});
    return (writer) => encode.sayCreateSampler(writer, id, descriptor?.label ?? "", described);
  });
}

function recordBindings(hooks: Hooks): void {
  const { recording } = hooks;
  const entryOf = (id: number, entry: GPUBindGroupLayoutEntry): LayoutEntry => {
    if (entry.externalTexture) recording.useUnsupported(id, "externalTexture");
    return layoutEntryOf(entry);
  };
  hooks.creates("GPUDevice", "createBindGroupLayout", ObjectKind.bindGroupLayout, ({ id }, [descriptor]) => {
    const entries = listOf<GPUBindGroupLayoutEntry>(descriptor.entries).map((entry) => entryOf(id, entry));
    return (writer) => encode.sayCreateBindGroupLayout(writer, id, descriptor.label ?? "", entries);
  });
  hooks.creates("GPUDevice", "createPipelineLayout", ObjectKind.pipelineLayout, ({ id }, [descriptor]) => {
    if (or(descriptor.immediateSize, 0) !== 0) recording.useUnsupported(id, "immediates");
    const layouts = listOf<object>(descriptor.bindGroupLayouts).map(idOf);
    return (writer) => encode.sayCreatePipelineLayout(writer, id, descriptor.label ?? "", layouts);
  });
  hooks.creates("GPUDevice", "createBindGroup", ObjectKind.bindGroup, ({ id }, [descriptor]) => {
    const entries = listOf<GPUBindGroupEntry>(descriptor.entries).map((entry) => boundOf(hooks, id, entry));
    const layout = idOf(descriptor.layout);
    return (writer) => encode.sayCreateBindGroup(writer, id, descriptor.label ?? "", layout, entries);
  });
  for (const type of ["GPUComputePipeline", "GPURenderPipeline"]) {
    hooks.creates(type, "getBindGroupLayout", ObjectKind.bindGroupLayout, ({ id }, [index], { id: pipeline }) => {
      return (writer) => encode.sayGetBindGroupLayout(writer, id, pipeline, index);
    });
  }
}

function boundOf(hooks: Hooks, group: number, { binding, resource }: GPUBindGroupEntry): BindEntry {
  const entry = { binding, buffer: 0, offsetBytes: 0, sizeBytes: 0, sampler: 0, textureView: 0 };
  const told = toldOf(resource);
  if (told?.kind === ObjectKind.sampler) return { ...entry, sampler: told.id };
  if (told?.kind === ObjectKind.buffer) return { ...entry, buffer: told.id, sizeBytes: kAllBytes };
  if (told) return { ...entry, textureView: viewIdOf(hooks, resource) };
  const { buffer, offset, size } = resource as Partial<GPUBufferBinding>;
  if (buffer) return { ...entry, buffer: idOf(buffer), offsetBytes: or(offset, 0), sizeBytes: or(size, kAllBytes) };
  hooks.recording.useUnsupported(group, "externalTexture");
  return entry;
}

function recordPipelines(hooks: Hooks): void {
  const { recording } = hooks;
  hooks.creates("GPUDevice", "createShaderModule", ObjectKind.shaderModule, ({ id }, [descriptor]) => {
    return (writer) => encode.sayCreateShaderModule(writer, id, descriptor.label ?? "", String(descriptor.code), 0);
  });
  const compute = (say: typeof encode.sayCreateComputePipeline, id: number, [descriptor]: Args): Write => {
    const { label, layout, compute: stage } = descriptor as GPUComputePipelineDescriptor;
    const [layoutId, module] = [layoutIdOf(layout), idOf(stage.module)];
    const constants = constantsOf(stage.constants);
    return (writer) => say(writer, id, label ?? "", layoutId, module, stage.entryPoint ?? "", constants);
  };
  const render = (say: typeof encode.sayCreateRenderPipeline, id: number, [descriptor]: Args): Write => {
    const state = renderStateOf(descriptor as GPURenderPipelineDescriptor);
    return (writer) => say(writer, id, descriptor.label ?? "", state);
  };
  hooks.creates("GPUDevice", "createComputePipeline", ObjectKind.computePipeline, ({ id }, args) =>
    compute(encode.sayCreateComputePipeline, id, args),
  );
  hooks.creates("GPUDevice", "createRenderPipeline", ObjectKind.renderPipeline, ({ id }, args) =>
    render(encode.sayCreateRenderPipeline, id, args),
  );
  const answered = (name: string, kind: number, describe: (id: number, args: Args) => Write): void =>
    hooks.answered("GPUDevice", name, ({ device }, args, call) => {
      const id = recording.newId();
      hooks.say(device, call, describe(id, args));
      return {
        resolved(pipeline) {
          recording.add(pipeline as object, { id, device, kind });
          recording.hear(device, (writer) => encode.hearPipelineReady(writer, id));
        },
        rejected: (message) => recording.hear(device, (writer) => encode.hearPipelineFailed(writer, id, message)),
      };
    });
  answered("createComputePipelineAsync", ObjectKind.computePipeline, (id, args) =>
    compute(encode.sayCreateComputePipelineAsync, id, args),
  );
  answered("createRenderPipelineAsync", ObjectKind.renderPipeline, (id, args) =>
    render(encode.sayCreateRenderPipelineAsync, id, args),
  );
}
