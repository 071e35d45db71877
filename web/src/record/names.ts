// WebGPU's strings as the numbers that a trace has for them.

import * as names from "../gpu/commands.gen";

function numbersOf(table: Record<number, string>): ReadonlyMap<string, number> {
  return new Map(Object.entries(table).map(([number, name]) => [name, Number(number)]));
}

export const kNumbers = {
  addressMode: numbersOf(names.addressModeNames),
  blendFactor: numbersOf(names.blendFactorNames),
  blendOperation: numbersOf(names.blendOperationNames),
  compareFunction: numbersOf(names.compareFunctionNames),
  cullMode: numbersOf(names.cullModeNames),
  filterMode: numbersOf(names.filterModeNames),
  frontFace: numbersOf(names.frontFaceNames),
  indexFormat: numbersOf(names.indexFormatNames),
  loadOp: numbersOf(names.loadOpNames),
  primitiveTopology: numbersOf(names.primitiveTopologyNames),
  queryType: numbersOf(names.queryTypeNames),
  stencilOperation: numbersOf(names.stencilOperationNames),
  storageTextureAccess: numbersOf(names.storageTextureAccessNames),
  storeOp: numbersOf(names.storeOpNames),
  textureAspect: numbersOf(names.textureAspectNames),
  textureDimension: numbersOf(names.textureDimensionNames),
  textureFormat: numbersOf(names.textureFormatNames),
  textureSampleType: numbersOf(names.textureSampleTypeNames),
  textureViewDimension: numbersOf(names.textureViewDimensionNames),
  vertexFormat: numbersOf(names.vertexFormatNames),
  vertexStepMode: numbersOf(names.vertexStepModeNames),
} as const;

/** 0 for undefined and for a name that there is no number of. */
export function numberOf(numbers: ReadonlyMap<string, number>, name: unknown): number {
  return name === undefined ? 0 : (numbers.get(String(name)) ?? 0);
}

// Where webgpu.h writes a feature otherwise than by putting its words together.
const kFeatures: Record<string, string> = {
  "depth32float-stencil8": "Depth32FloatStencil8",
  "texture-compression-bc": "TextureCompressionBC",
  "texture-compression-bc-sliced-3d": "TextureCompressionBCSliced3D",
  "texture-compression-etc2": "TextureCompressionETC2",
  "texture-compression-astc": "TextureCompressionASTC",
  "texture-compression-astc-sliced-3d": "TextureCompressionASTCSliced3D",
  "rg11b10ufloat-renderable": "RG11B10UfloatRenderable",
  "bgra8unorm-storage": "BGRA8UnormStorage",
};

/** A feature by webgpu.h's name. */
export function featureName(name: string): string {
  return kFeatures[name] ?? name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}
