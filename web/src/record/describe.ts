// From WebGPU's dictionaries to the vocabulary's structs, with the defaults that WebGPU gives.

import { BindingKind, AlphaMode, PresentMode } from "../gpu/commands.gen";
import type {
  BundleTargets,
  CanvasConfiguration,
  Color,
  ColorTarget,
  Constant,
  DepthStencilState,
  Extent,
  LayoutEntry,
  PassTargets,
  RenderState,
  SamplerDescriptor,
  StencilFace,
  TexelLayout,
  TextureDescriptor,
  TexturePlace,
  VertexBufferLayout,
  ViewDescriptor,
} from "./encode.gen";
import { kNumbers, numberOf } from "./names";
import { idOf } from "./told";

/** All from an offset on, as a size; the wire has 2^64 - 1 for it. */
export const kAllBytes = 2 ** 64;
export const kAllOrNone = 0xffffffff;
/** A page's sequences may be anything that can be iterated. */
type Sequence<T> = Iterable<T> | null | undefined;
export const listOf = <T>(values: Sequence<T>): readonly T[] => (Array.isArray(values) ? values : [...(values ?? [])]);
export const or = (value: number | undefined, otherwise: number): number => (value === undefined ? otherwise : value);
const flag = (value: unknown): number => (value ? 1 : 0);

export function formatsOf(formats: Sequence<string | null>): number[] {
  return listOf(formats).map((format) => (format === null ? 0 : numberOf(kNumbers.textureFormat, format)));
}

export function constantsOf(constants: Record<string, number> | undefined): Constant[] {
  return Object.entries(constants ?? {}).map(([name, value]) => ({ name, value: Number(value) }));
}

export function extentOf(size: GPUExtent3D): Extent {
  if (typeof (size as { width?: unknown }).width === "number") {
    const { width, height, depthOrArrayLayers } = size as GPUExtent3DDict;
    return { width, height: or(height, 1), depthOrLayers: or(depthOrArrayLayers, 1) };
  }
  const [width = 0, height = 1, depthOrLayers = 1] = listOf(size as Iterable<number>);
  return { width, height, depthOrLayers };
}

export function originOf(origin: GPUOrigin3D | undefined): { x: number; y: number; z: number } {
  if (origin !== undefined && Symbol.iterator in origin) {
    const [x = 0, y = 0, z = 0] = listOf(origin as Iterable<number>);
    return { x, y, z };
  }
  const { x, y, z } = (origin ?? {}) as GPUOrigin3DDict;
  return { x: or(x, 0), y: or(y, 0), z: or(z, 0) };
}

export function colorOf(color: GPUColor | undefined): Color {
  if (color === undefined) return { r: 0, g: 0, b: 0, a: 0 };
  if (Symbol.iterator in color) {
    const [r = 0, g = 0, b = 0, a = 0] = listOf(color as Iterable<number>);
    return { r, g, b, a };
  }
  const { r, g, b, a } = color as GPUColorDict;
  return { r, g, b, a };
}

export function placeOf(place: GPUTexelCopyTextureInfo): TexturePlace {
  const { texture, mipLevel, origin, aspect } = place;
  return {
    texture: idOf(texture),
    mipLevel: or(mipLevel, 0),
    ...originOf(origin),
    aspect: numberOf(kNumbers.textureAspect, aspect ?? "all"),
  };
}

export function texelsOf(layout: GPUTexelCopyBufferLayout): TexelLayout {
  const { offset, bytesPerRow, rowsPerImage } = layout;
  return {
    offsetBytes: or(offset, 0),
    bytesPerRow: or(bytesPerRow, kAllOrNone),
    rowsPerImage: or(rowsPerImage, kAllOrNone),
  };
}

export function layoutEntryOf(entry: GPUBindGroupLayoutEntry): LayoutEntry {
  const { binding, visibility, buffer, sampler, texture, storageTexture } = entry;
  const none = { hasDynamicOffset: 0, minSizeBytes: 0, sampleType: 0, viewDimension: 0, multisampled: 0 };
  const common = { binding, visibility, ...none, format: 0, access: 0 };
  if (buffer) {
    const { type, hasDynamicOffset, minBindingSize } = buffer;
    const kind =
      type === "storage"
        ? BindingKind.storage
        : type === "read-only-storage"
          ? BindingKind.readOnlyStorage
          : BindingKind.uniform;
    return { ...common, kind, hasDynamicOffset: flag(hasDynamicOffset), minSizeBytes: or(minBindingSize, 0) };
  }
  if (sampler) {
    const { type } = sampler;
    const kind =
      type === "comparison"
        ? BindingKind.comparisonSampler
        : type === "non-filtering"
          ? BindingKind.nonFilteringSampler
          : BindingKind.sampler;
    return { ...common, kind };
  }
  const viewDimension = numberOf(kNumbers.textureViewDimension, (texture ?? storageTexture)?.viewDimension ?? "2d");
  if (storageTexture) {
    const access = numberOf(kNumbers.storageTextureAccess, storageTexture.access ?? "write-only");
    const format = numberOf(kNumbers.textureFormat, storageTexture.format);
    return { ...common, kind: BindingKind.storageTexture, viewDimension, access, format };
  }
  const sampleType = numberOf(kNumbers.textureSampleType, texture?.sampleType ?? "float");
  return { ...common, kind: BindingKind.texture, viewDimension, sampleType, multisampled: flag(texture?.multisampled) };
}

export function textureOf(descriptor: GPUTextureDescriptor): TextureDescriptor {
  const { width, height, depthOrLayers } = extentOf(descriptor.size);
  return {
    dimension: numberOf(kNumbers.textureDimension, descriptor.dimension ?? "2d"),
    format: numberOf(kNumbers.textureFormat, descriptor.format),
    usage: descriptor.usage,
    width,
    height,
    depthOrLayers,
    mipLevelCount: or(descriptor.mipLevelCount, 1),
    sampleCount: or(descriptor.sampleCount, 1),
    viewFormats: formatsOf(descriptor.viewFormats),
  };
}

export function viewOf(descriptor: GPUTextureViewDescriptor): ViewDescriptor {
  return {
    format: numberOf(kNumbers.textureFormat, descriptor.format),
    dimension: numberOf(kNumbers.textureViewDimension, descriptor.dimension),
    aspect: numberOf(kNumbers.textureAspect, descriptor.aspect ?? "all"),
    baseMipLevel: or(descriptor.baseMipLevel, 0),
    mipLevelCount: or(descriptor.mipLevelCount, kAllOrNone),
    baseArrayLayer: or(descriptor.baseArrayLayer, 0),
    arrayLayerCount: or(descriptor.arrayLayerCount, kAllOrNone),
    usage: or(descriptor.usage, 0),
  };
}

export function samplerOf(descriptor: GPUSamplerDescriptor): SamplerDescriptor {
  const address = (mode: string | undefined): number => numberOf(kNumbers.addressMode, mode ?? "clamp-to-edge");
  const filter = (mode: string | undefined): number => numberOf(kNumbers.filterMode, mode ?? "nearest");
  return {
    addressU: address(descriptor.addressModeU),
    addressV: address(descriptor.addressModeV),
    addressW: address(descriptor.addressModeW),
    magFilter: filter(descriptor.magFilter),
    minFilter: filter(descriptor.minFilter),
    mipmapFilter: filter(descriptor.mipmapFilter),
    lodMin: or(descriptor.lodMinClamp, 0),
    lodMax: or(descriptor.lodMaxClamp, 32),
    compare: numberOf(kNumbers.compareFunction, descriptor.compare),
    maxAnisotropy: or(descriptor.maxAnisotropy, 1),
  };
}

/** 0 for "auto". */
export function layoutIdOf(layout: unknown): number {
  return layout === "auto" ? 0 : idOf(layout);
}

function vertexBufferOf(layout: GPUVertexBufferLayout | null | undefined): VertexBufferLayout {
  if (!layout) return { strideBytes: 0, stepMode: 0, attributes: [] };
  return {
    strideBytes: layout.arrayStride,
    stepMode: numberOf(kNumbers.vertexStepMode, layout.stepMode ?? "vertex"),
    attributes: listOf(layout.attributes).map(({ format, offset, shaderLocation }) => ({
      format: numberOf(kNumbers.vertexFormat, format),
      offsetBytes: offset,
      location: shaderLocation,
    })),
  };
}

function blendOf(component: GPUBlendComponent): ColorTarget["blend"][number]["color"] {
  return {
    operation: numberOf(kNumbers.blendOperation, component.operation ?? "add"),
    srcFactor: numberOf(kNumbers.blendFactor, component.srcFactor ?? "one"),
    dstFactor: numberOf(kNumbers.blendFactor, component.dstFactor ?? "zero"),
  };
}

function targetOf(target: GPUColorTargetState | null | undefined): ColorTarget {
  if (!target) return { format: 0, blend: [], writeMask: 0 };
  const { format, blend, writeMask } = target;
  return {
    format: numberOf(kNumbers.textureFormat, format),
    blend: blend ? [{ color: blendOf(blend.color), alpha: blendOf(blend.alpha) }] : [],
    writeMask: or(writeMask, 15),
  };
}

function faceOf(face: GPUStencilFaceState | undefined): StencilFace {
  const operation = (name: string | undefined): number => numberOf(kNumbers.stencilOperation, name ?? "keep");
  return {
    compare: numberOf(kNumbers.compareFunction, face?.compare ?? "always"),
    failOp: operation(face?.failOp),
    depthFailOp: operation(face?.depthFailOp),
    passOp: operation(face?.passOp),
  };
}

function depthStencilOf(state: GPUDepthStencilState): DepthStencilState {
  return {
    format: numberOf(kNumbers.textureFormat, state.format),
    depthWriteEnabled: flag(state.depthWriteEnabled),
    depthCompare: numberOf(kNumbers.compareFunction, state.depthCompare),
    front: faceOf(state.stencilFront),
    back: faceOf(state.stencilBack),
    stencilReadMask: or(state.stencilReadMask, kAllOrNone),
    stencilWriteMask: or(state.stencilWriteMask, kAllOrNone),
    depthBias: or(state.depthBias, 0),
    depthBiasSlopeScale: or(state.depthBiasSlopeScale, 0),
    depthBiasClamp: or(state.depthBiasClamp, 0),
  };
}

export function renderStateOf(descriptor: GPURenderPipelineDescriptor): RenderState {
  const { layout, vertex, primitive, depthStencil, multisample, fragment } = descriptor;
  return {
    layout: layoutIdOf(layout),
    module: idOf(vertex.module),
    entryPoint: vertex.entryPoint ?? "",
    constants: constantsOf(vertex.constants),
    buffers: listOf(vertex.buffers).map(vertexBufferOf),
    topology: numberOf(kNumbers.primitiveTopology, primitive?.topology ?? "triangle-list"),
    stripIndexFormat: numberOf(kNumbers.indexFormat, primitive?.stripIndexFormat),
    frontFace: numberOf(kNumbers.frontFace, primitive?.frontFace ?? "ccw"),
    cullMode: numberOf(kNumbers.cullMode, primitive?.cullMode ?? "none"),
    unclippedDepth: flag(primitive?.unclippedDepth),
    depthStencil: depthStencil ? [depthStencilOf(depthStencil)] : [],
    sampleCount: or(multisample?.count, 1),
    sampleMask: or(multisample?.mask, kAllOrNone),
    alphaToCoverage: flag(multisample?.alphaToCoverageEnabled),
    fragment: fragment
      ? [
          {
            module: idOf(fragment.module),
            entryPoint: fragment.entryPoint ?? "",
            constants: constantsOf(fragment.constants),
            targets: listOf(fragment.targets).map(targetOf),
          },
        ]
      : [],
  };
}

/** Where its pass attaches a texture itself, `viewId` says which view that means. */
export function targetsOf(descriptor: GPURenderPassDescriptor, viewId: (view: unknown) => number): PassTargets {
  const { depthStencilAttachment: depth, timestampWrites } = descriptor;
  return {
    colorAttachments: listOf(descriptor.colorAttachments).map((attachment) => ({
      view: viewId(attachment?.view),
      depthSlice: or(attachment?.depthSlice, kAllOrNone),
      resolveTarget: viewId(attachment?.resolveTarget),
      load: numberOf(kNumbers.loadOp, attachment?.loadOp),
      store: numberOf(kNumbers.storeOp, attachment?.storeOp),
      clearValue: colorOf(attachment?.clearValue),
    })),
    depthStencil: depth
      ? [
          {
            view: viewId(depth.view),
            depthLoad: numberOf(kNumbers.loadOp, depth.depthLoadOp),
            depthStore: numberOf(kNumbers.storeOp, depth.depthStoreOp),
            depthClearValue: or(depth.depthClearValue, 0),
            depthReadOnly: flag(depth.depthReadOnly),
            stencilLoad: numberOf(kNumbers.loadOp, depth.stencilLoadOp),
            stencilStore: numberOf(kNumbers.storeOp, depth.stencilStoreOp),
            stencilClearValue: or(depth.stencilClearValue, 0),
            stencilReadOnly: flag(depth.stencilReadOnly),
          },
        ]
      : [],
    occlusionQuerySet: idOf(descriptor.occlusionQuerySet),
    ...timesOf(timestampWrites),
  };
}

export function timesOf(writes: GPUComputePassTimestampWrites | GPURenderPassTimestampWrites | undefined): {
  querySet: number;
  beginQuery: number;
  endQuery: number;
} {
  return {
    querySet: idOf(writes?.querySet),
    beginQuery: or(writes?.beginningOfPassWriteIndex, writes ? kAllOrNone : 0),
    endQuery: or(writes?.endOfPassWriteIndex, writes ? kAllOrNone : 0),
  };
}

export function bundleTargetsOf(descriptor: GPURenderBundleEncoderDescriptor): BundleTargets {
  return {
    colorFormats: formatsOf(descriptor.colorFormats),
    depthStencilFormat: numberOf(kNumbers.textureFormat, descriptor.depthStencilFormat),
    sampleCount: or(descriptor.sampleCount, 1),
    depthReadOnly: flag(descriptor.depthReadOnly),
    stencilReadOnly: flag(descriptor.stencilReadOnly),
  };
}

/** Presenting is the browser's, at its own pace. */
export function canvasOf(
  configuration: GPUCanvasConfiguration,
  size: { width: number; height: number },
): CanvasConfiguration {
  return {
    format: numberOf(kNumbers.textureFormat, configuration.format),
    usage: or(configuration.usage, 16),
    width: size.width,
    height: size.height,
    viewFormats: formatsOf(configuration.viewFormats),
    alphaMode: configuration.alphaMode === "premultiplied" ? AlphaMode.premultiplied : AlphaMode.opaque,
    presentMode: PresentMode.fifo,
  };
}
