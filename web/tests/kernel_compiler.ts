// Compiles kernels in the page that loads it, and gives back every word that the compiler says.

import { openDevice } from "../src/gpu/open_device";
import type { Tier } from "../src/messages";

/** An entry of kernels.json, which src/engine/kernel_texts.cpp writes, with the text that it names. */
export interface KernelText {
  file: string;
  code: string;
  entry_point: string;
  uses_subgroups: boolean;
  bindings: {
    group: number;
    binding: number;
    type: GPUBufferBindingType;
    min_size_bytes: number;
    has_dynamic_offset: boolean;
  }[];
}

export type CompileKernels = (kernels: KernelText[], tier: Tier) => Promise<string[]>;

const kCompute = 4;

const compileKernels: CompileKernels = async (kernels, tier) => {
  const { device } = await openDevice(navigator.gpu, tier);
  const complaints: string[] = [];
  device.addEventListener("uncapturederror", (event) => complaints.push(event.error.message));
  const modules = new Map<string, GPUShaderModule>();
  const shapes = new Set<string>();
  await Promise.all(kernels.map((kernel) => compile(device, kernel, modules, isOfItsOwn(kernel, shapes), complaints)));
  device.destroy();
  return complaints;
};

/**
 * Whether a pipeline can tell something that those before it did not: limits, constants and bindings are judged with it, and
 * variants of a kernel are alike in these. All else is judged with the module. A software adapter makes machine code of each
 * pipeline, a second of it.
 */
function isOfItsOwn({ file, code, entry_point, bindings }: KernelText, shapes: Set<string>): boolean {
  const shape = JSON.stringify([file.split(/[-.]/)[0], entry_point, bindings]);
  const isNew = !shapes.has(shape);
  shapes.add(shape);
  return isNew || /^override /m.test(code);
}

/** Kernels of one text share its module. */
async function compile(
  device: GPUDevice,
  kernel: KernelText,
  modules: Map<string, GPUShaderModule>,
  wantsPipeline: boolean,
  complaints: string[],
): Promise<void> {
  device.pushErrorScope("validation");
  const module = modules.get(kernel.code) ?? device.createShaderModule({ label: kernel.file, code: kernel.code });
  modules.set(kernel.code, module);
  const layout = pipelineLayout(device, kernel);
  const invalid = device.popErrorScope();
  const descriptor = { label: kernel.file, layout, compute: { module, entryPoint: kernel.entry_point } };
  const pipeline = wantsPipeline && device.createComputePipelineAsync(descriptor);
  const [{ messages }, error] = await Promise.all([module.getCompilationInfo(), invalid]);
  for (const { type, lineNum, message } of messages) complaints.push(`${kernel.file}:${lineNum}: ${type}: ${message}`);
  if (error) complaints.push(`${kernel.file}: ${error.message}`);
  try {
    await pipeline;
  } catch (refusal) {
    complaints.push(`${kernel.file}: ${String(refusal)}`);
  }
}

function pipelineLayout(device: GPUDevice, { file, bindings }: KernelText): GPUPipelineLayout {
  const groups: GPUBindGroupLayoutEntry[][] = [];
  for (const { group, binding, type, min_size_bytes, has_dynamic_offset } of bindings) {
    const buffer = { type, minBindingSize: min_size_bytes, hasDynamicOffset: has_dynamic_offset };
    while (groups.length <= group) groups.push([]);
    groups[group]!.push({ binding, visibility: kCompute, buffer });
  }
  return device.createPipelineLayout({
    label: file,
    bindGroupLayouts: groups.map((entries) => device.createBindGroupLayout({ label: file, entries })),
  });
}

Object.assign(window, { compileKernels });
