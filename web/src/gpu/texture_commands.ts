// The part of the executor that makes textures, their views, samplers, canvases and the pipelines that draw.

import {
  addressModeNames,
  blendFactorNames,
  blendOperationNames,
  compareFunctionNames,
  cullModeNames,
  encodeEvent,
  filterModeNames,
  frontFaceNames,
  indexFormatNames,
  primitiveTopologyNames,
  stencilOperationNames,
  textureAspectNames,
  textureDimensionNames,
  textureFormatNames,
  textureViewDimensionNames,
  vertexFormatNames,
  vertexStepModeNames,
  type BlendComponent,
  type CanvasConfiguration,
  type ColorTarget,
  type Constant,
  type DepthStencilState,
  type Extent,
  type RenderState,
  type SamplerDescriptor,
  type StencilFace,
  type TexelLayout,
  type TextureDescriptor,
  type TexturePlace,
  type VertexBufferLayout,
  type ViewDescriptor,
} from "./commands.gen";
import {
  ResourceCommands,
  constantsOf,
  countOf,
  given,
  messageOf,
  mustName,
  named,
  shaderFaults,
  type Table,
} from "./resource_commands";
import type { ByteRange } from "./wire";

const kTextureUsageCopySrc = 1;

const formatOf = (format: number): GPUTextureFormat => mustName(textureFormatNames, format);
const formatsOf = (formats: number[]): GPUTextureFormat[] => formats.filter((format) => format !== 0).map(formatOf);

export function extentOf({ width, height, depthOrLayers }: Extent): GPUExtent3DDict {
  return { width, height, depthOrArrayLayers: depthOrLayers };
}

export function texelsOf({ offsetBytes, bytesPerRow, rowsPerImage }: TexelLayout): GPUTexelCopyBufferLayout {
  return given({ offset: offsetBytes, bytesPerRow: countOf(bytesPerRow), rowsPerImage: countOf(rowsPerImage) });
}

function blendOf({ operation, srcFactor, dstFactor }: BlendComponent): GPUBlendComponent {
  return given<GPUBlendComponent>({
    operation: named(blendOperationNames, operation),
    srcFactor: named(blendFactorNames, srcFactor),
    dstFactor: named(blendFactorNames, dstFactor),
  });
}

function targetOf({ format, blend, writeMask }: ColorTarget): GPUColorTargetState | null {
  if (format === 0) return null;
  const [blending] = blend;
  const state: GPUColorTargetState = { format: formatOf(format), writeMask };
  if (blending) state.blend = { color: blendOf(blending.color), alpha: blendOf(blending.alpha) };
  return state;
}

function faceOf(face: StencilFace): GPUStencilFaceState {
  return given<GPUStencilFaceState>({
    compare: named(compareFunctionNames, face.compare),
    failOp: named(stencilOperationNames, face.failOp),
    depthFailOp: named(stencilOperationNames, face.depthFailOp),
    passOp: named(stencilOperationNames, face.passOp),
  });
}

function depthStencilOf(state: DepthStencilState): GPUDepthStencilState {
  return given<GPUDepthStencilState>({
    format: formatOf(state.format),
    depthWriteEnabled: state.depthWriteEnabled !== 0,
    depthCompare: named(compareFunctionNames, state.depthCompare),
    stencilFront: faceOf(state.front),
    stencilBack: faceOf(state.back),
    stencilReadMask: state.stencilReadMask,
    stencilWriteMask: state.stencilWriteMask,
    depthBias: state.depthBias,
    depthBiasSlopeScale: state.depthBiasSlopeScale,
    depthBiasClamp: state.depthBiasClamp,
  });
}

function vertexBufferOf({ strideBytes, stepMode, attributes }: VertexBufferLayout): GPUVertexBufferLayout | null {
  if (stepMode === 0 && attributes.length === 0) return null;
  return given<GPUVertexBufferLayout>({
    arrayStride: strideBytes,
    stepMode: named(vertexStepModeNames, stepMode),
    attributes: attributes.map(({ format, offsetBytes, location }) => ({
      format: mustName(vertexFormatNames, format),
      offset: offsetBytes,
      shaderLocation: location,
    })),
  });
}

export abstract class TextureCommands extends ResourceCommands {
  protected readonly textures: Table<GPUTexture> = new Map();
  protected readonly renderPipelines: Table<GPURenderPipeline> = new Map();
  private readonly canvases: Table<GPUTexture> = new Map();
  // They serve every frame of their canvas, so a frame's end destroys none.
  private readonly canvasTextures = new WeakSet<GPUTexture>();

  createTexture(texture: number, label: string, wanted: TextureDescriptor): void {
    const descriptor = given<GPUTextureDescriptor>({
      label,
      size: extentOf(wanted),
      dimension: named(textureDimensionNames, wanted.dimension),
      format: formatOf(wanted.format),
      usage: wanted.usage,
      mipLevelCount: wanted.mipLevelCount,
      sampleCount: wanted.sampleCount,
      viewFormats: formatsOf(wanted.viewFormats),
    });
    this.scoped(label, this.textures, texture, () => this.device.createTexture(descriptor));
  }

  createTextureView(view: number, label: string, texture: number, wanted: ViewDescriptor): void {
    const source = this.need(this.textures, texture, "texture");
    const descriptor = given<GPUTextureViewDescriptor>({
      label,
      format: named(textureFormatNames, wanted.format),
      dimension: named(textureViewDimensionNames, wanted.dimension),
      aspect: named(textureAspectNames, wanted.aspect),
      usage: wanted.usage,
      baseMipLevel: wanted.baseMipLevel,
      mipLevelCount: countOf(wanted.mipLevelCount),
      baseArrayLayer: wanted.baseArrayLayer,
      arrayLayerCount: countOf(wanted.arrayLayerCount),
    });
    this.scoped(label, this.textureViews, view, () => source.createView(descriptor));
  }

  createSampler(sampler: number, label: string, wanted: SamplerDescriptor): void {
    const descriptor = given<GPUSamplerDescriptor>({
      label,
      addressModeU: named(addressModeNames, wanted.addressU),
      addressModeV: named(addressModeNames, wanted.addressV),
      addressModeW: named(addressModeNames, wanted.addressW),
      magFilter: named(filterModeNames, wanted.magFilter),
      minFilter: named(filterModeNames, wanted.minFilter),
      mipmapFilter: named(filterModeNames, wanted.mipmapFilter),
      lodMinClamp: wanted.lodMin,
      lodMaxClamp: wanted.lodMax,
      maxAnisotropy: wanted.maxAnisotropy,
    });
    if (wanted.compare !== 0) descriptor.compare = mustName(compareFunctionNames, wanted.compare);
    this.scoped(label, this.samplers, sampler, () => this.device.createSampler(descriptor));
  }

  writeTexture(target: TexturePlace, layout: TexelLayout, size: Extent, data: ByteRange): void {
    const bytes = data.memory.subarray(data.start, data.start + data.size);
    this.device.queue.writeTexture(this.placeOf(target), bytes, texelsOf(layout), extentOf(size));
  }

  destroyTexture(texture: number): void {
    const destroyed = this.need(this.textures, texture, "texture");
    if (!this.canvasTextures.has(destroyed)) this.destroyed.push(destroyed);
    this.textures.delete(texture);
  }

  createComputePipeline(
    pipeline: number,
    label: string,
    layout: number,
    module: number,
    entryPoint: string,
    constants: Constant[],
  ): void {
    const descriptor: GPUComputePipelineDescriptor = {
      label,
      layout: this.layoutOf(layout),
      compute: given<GPUProgrammableStage>({
        module: this.need(this.modules, module, "shader module"),
        entryPoint: entryPoint || undefined,
        constants: constantsOf(constants),
      }),
    };
    this.scoped(label, this.pipelines, pipeline, () => this.device.createComputePipeline(descriptor));
  }

  createRenderPipeline(pipeline: number, label: string, state: RenderState): void {
    const descriptor = this.renderDescriptor(label, state);
    this.scoped(label, this.renderPipelines, pipeline, () => this.device.createRenderPipeline(descriptor));
  }

  createRenderPipelineAsync(pipeline: number, label: string, state: RenderState): void {
    let descriptor: GPURenderPipelineDescriptor;
    try {
      descriptor = this.renderDescriptor(label, state);
    } catch (error) {
      this.pipelineFailed(pipeline, messageOf(error));
      return;
    }
    this.device.createRenderPipelineAsync(descriptor).then(
      (ready) => {
        this.renderPipelines.set(pipeline, ready);
        encodeEvent.pipelineReady(this.events, pipeline);
        this.onEvent();
      },
      async (error: unknown) => {
        const faults = await shaderFaults(descriptor.vertex.module);
        this.pipelineFailed(pipeline, faults || messageOf(error));
      },
    );
  }

  getBindGroupLayout(layout: number, pipeline: number, index: number): void {
    const source = this.pipelines.get(pipeline) ?? this.need(this.renderPipelines, pipeline, "pipeline");
    this.scoped(`group ${index} of pipeline ${pipeline}`, this.bindGroupLayouts, layout, () =>
      source.getBindGroupLayout(index),
    );
  }

  // A canvas is one texture that every frame draws into: nobody looks at it but who copies from it.
  configureCanvas(canvas: number, label: string, wanted: CanvasConfiguration): void {
    const descriptor = given<GPUTextureDescriptor>({
      label,
      size: { width: wanted.width, height: wanted.height },
      format: formatOf(wanted.format),
      usage: wanted.usage | kTextureUsageCopySrc,
      viewFormats: formatsOf(wanted.viewFormats),
    });
    this.scoped(label, this.canvases, canvas, () => {
      const texture = this.device.createTexture(descriptor);
      this.canvasTextures.add(texture);
      return texture;
    });
  }

  unconfigureCanvas(canvas: number): void {
    this.canvases.delete(canvas);
  }

  getCurrentTexture(canvas: number, texture: number): void {
    this.textures.set(texture, this.need(this.canvases, canvas, "configured canvas"));
  }

  protected placeOf({ texture, mipLevel, x, y, z, aspect }: TexturePlace): GPUTexelCopyTextureInfo {
    return given<GPUTexelCopyTextureInfo>({
      texture: this.need(this.textures, texture, "texture"),
      mipLevel,
      origin: { x, y, z },
      aspect: named<GPUTextureAspect>(textureAspectNames, aspect),
    });
  }

  private layoutOf(layout: number): GPUPipelineLayout | "auto" {
    return layout === 0 ? "auto" : this.need(this.pipelineLayouts, layout, "pipeline layout");
  }

  private renderDescriptor(label: string, state: RenderState): GPURenderPipelineDescriptor {
    const [fragment] = state.fragment;
    const [depthStencil] = state.depthStencil;
    const descriptor: GPURenderPipelineDescriptor = {
      label,
      layout: this.layoutOf(state.layout),
      vertex: given<GPUVertexState>({
        module: this.need(this.modules, state.module, "shader module"),
        entryPoint: state.entryPoint || undefined,
        constants: constantsOf(state.constants),
        buffers: state.buffers.map(vertexBufferOf),
      }),
      primitive: given<GPUPrimitiveState>({
        topology: named(primitiveTopologyNames, state.topology),
        frontFace: named(frontFaceNames, state.frontFace),
        cullMode: named(cullModeNames, state.cullMode),
        unclippedDepth: state.unclippedDepth !== 0,
      }),
      multisample: {
        count: state.sampleCount,
        mask: state.sampleMask,
        alphaToCoverageEnabled: state.alphaToCoverage !== 0,
      },
    };
    if (state.stripIndexFormat !== 0) {
      descriptor.primitive!.stripIndexFormat = mustName(indexFormatNames, state.stripIndexFormat);
    }
    if (depthStencil) descriptor.depthStencil = depthStencilOf(depthStencil);
    if (fragment) {
      descriptor.fragment = given<GPUFragmentState>({
        module: this.need(this.modules, fragment.module, "shader module"),
        entryPoint: fragment.entryPoint || undefined,
        constants: constantsOf(fragment.constants),
        targets: fragment.targets.map(targetOf),
      });
    }
    return descriptor;
  }
}
