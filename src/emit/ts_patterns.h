// The TypeScript that is the same for every emitted pipeline; @NAME@ is filled in by ts_writer.cpp.
#pragma once

#include <string_view>

namespace shoal::emit {

inline constexpr std::string_view kTsTop = R"pattern(@HEAD@//
// In a page of yours:
//   const pipeline = await @TYPE@.create(device, { @BUFFER_LIST@ });  // once
//   pipeline.record(encoder@COUNT_USE@);  // as often as wanted, once a submission
//   pipeline.destroy();

/** Elements. */
export const capacity = @CAPACITY@;

// ---- Kernels
@SHADERS@
// ---- What the caller brings, with GPUBufferUsage.STORAGE
export interface Buffers {
@BUFFERS@}

// ---- How it is made up
type Binding = readonly [binding: number, type: GPUBufferBindingType, leastBytes: number];

interface KernelInfo {
  shader: number;
  entryPoint: string;
  /** Bindings by group. */
  groups: readonly (readonly Binding[])[];
  constants?: Record<string, number>;
}

// Behind each its parameters, of which the first word is the count of elements.
const kernels = {
@KERNELS@} satisfies Record<string, KernelInfo>;

type Kernel = keyof typeof kernels;

type Part = readonly [binding: number, buffer: string, offsetBytes: number, sizeBytes: number];

const groups: readonly { kernel: Kernel; index: number; parts: readonly Part[] }[] = [
@GROUPS@];

/** Who says how many elements a step has. */
type CountBy = @COUNT_TYPES@"fixed"@ON_GPU@;

/**
 * `groups` are numbers in the list above. The count is cut to `most`, or is `most` where it is fixed. Where
 * `elementsPerWorkgroup` is 0, there are `workgroups` whatever the count. `parameters` come behind the count.
 */
type Step = readonly [
  kernel: Kernel,
  groups: readonly number[],
  countBy: CountBy,
  most: number,
  elementsPerWorkgroup: number,
  workgroups: number,
  parameters: readonly number[],
];

const steps: readonly Step[] = [
@STEPS@];

/** Of a step's parameters. */
const slotBytes = 256;
/** Where count_grid finds how many elements a workgroup takes. */
const elementsWord = 60;

type Counts = Partial<Record<CountBy, number>>;

function countOf([, , countBy, most]: Step, counts: Counts): number {
  return Math.min(counts[countBy] ?? most, most);
}

export class @TYPE@ {
  private constructor(
    private readonly device: GPUDevice,
    private readonly pipelines: ReadonlyMap<Kernel, GPUComputePipeline>,
    private readonly bindGroups: readonly GPUBindGroup[],
@OWN_BUFFERS@  ) {}

  /** Makes kernels, bind groups and scratch. Rejects where a kernel does not compile. */
  static async create(device: GPUDevice, buffers: Buffers): Promise<@TYPE@> {
    const made = {
@MAKE_BUFFERS@    };
    const all: Record<string, GPUBuffer> = { ...buffers, ...made };
    const shaders = [
@MAKE_SHADERS@    ];
    const layouts = new Map<Kernel, GPUBindGroupLayout[]>();
    const pipelines = new Map<Kernel, GPUComputePipeline>();
    const compiled = (Object.entries(kernels) as [Kernel, KernelInfo][]).map(async ([name, info]) => {
      const bindGroupLayouts = info.groups.map((bindings) =>
        device.createBindGroupLayout({
          label: name,
          entries: bindings.map(([binding, type, leastBytes]) => ({
            binding,
            visibility: GPUShaderStage.COMPUTE,
            buffer: { type, hasDynamicOffset: type === "uniform", minBindingSize: leastBytes },
          })),
        }),
      );
      layouts.set(name, bindGroupLayouts);
      const pipeline = await device.createComputePipelineAsync({
        label: name,
        layout: device.createPipelineLayout({ bindGroupLayouts }),
        compute: { module: shaders[info.shader]!, entryPoint: info.entryPoint, constants: info.constants ?? {} },
      });
      pipelines.set(name, pipeline);
    });
    await Promise.all(compiled);
    const bindGroups = groups.map(({ kernel, index, parts }) =>
      device.createBindGroup({
        label: kernel,
        layout: layouts.get(kernel)![index]!,
        entries: parts.map(([binding, buffer, offset, size]) => ({
          binding,
          resource: { buffer: all[buffer]!, offset, size },
        })),
      }),
    );
    return new @TYPE@(device, pipelines, bindGroups, @MADE@);
  }

  /**
   * Appends the work to `encoder`, in a pass of its own. Parameters are written by way of the queue and hold for what is
   * submitted next: submit before recording with other counts.
   */
  record(encoder: GPUCommandEncoder@COUNT_PARAMETERS@): void {
    const counts: Counts = {@COUNT_RECORD@};
    const slots = new Uint32Array((steps.length * slotBytes) / 4);
    steps.forEach((step, i) => {
      const slot = slots.subarray((i * slotBytes) / 4);
      slot[0] = countOf(step, counts);
      slot.set(step[6], 1);
      slot[elementsWord] = step[4];
    });
    this.device.queue.writeBuffer(this.parameters, 0, slots);

    const pass = encoder.beginComputePass({ label: "@NAME@" });
    steps.forEach((step, i) => {
      const [kernel, bound, @COUNT_BY@, , each, fixedWorkgroups] = step;
      pass.setPipeline(this.pipelines.get(kernel)!);
      const info: KernelInfo = kernels[kernel];
      const hasParameters = info.groups[0]?.[0]?.[1] === "uniform";
      bound.forEach((group, index) =>
        pass.setBindGroup(index, this.bindGroups[group]!, index === 0 && hasParameters ? [i * slotBytes] : []),
      );
@INDIRECT@      // At most 65,535 workgroups go into one dimension; kernels number them across both.
      const workgroups = each === 0 ? fixedWorkgroups : Math.ceil(countOf(step, counts) / each);
      const y = Math.ceil(workgroups / 65535);
      if (y !== 0) pass.dispatchWorkgroups(Math.ceil(workgroups / y), y);
    });
    pass.end();
  }

  /** Gives back what create() made; the caller's buffers are the caller's. */
  destroy(): void {
    for (const buffer of [@DESTROYED@]) buffer.destroy();
  }
}
)pattern";

inline constexpr std::string_view kTsMain = R"pattern(
// ---- An example: inputs as arrays, results as words

type Input = Uint32Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>;

export interface Inputs {
@INPUTS@}

export interface Results {
@RESULTS@}

/** A device as the pipeline needs it. */
export async function openDevice(): Promise<GPUDevice> {
  const adapter = await navigator.gpu?.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw new Error("There is no WebGPU adapter.");
  const { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupStorageSize } = adapter.limits;
  return adapter.requestDevice({
    requiredFeatures: [@FEATURES@],
    requiredLimits: { maxStorageBufferBindingSize, maxBufferSize, maxComputeWorkgroupStorageSize },
  });
}

/** Runs the pipeline once. */
export async function run(device: GPUDevice, inputs: Inputs@COUNT_PARAMETERS@): Promise<Results> {
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const array = (label: string, size: number, values?: Input): GPUBuffer => {
    const buffer = device.createBuffer({ label, size, usage });
    if (values) device.queue.writeBuffer(buffer, 0, values);
    return buffer;
  };
  const read = async (buffer: GPUBuffer): Promise<Uint32Array> => {
    const copy = device.createBuffer({ size: buffer.size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
    const encoder = device.createCommandEncoder();
    encoder.copyBufferToBuffer(buffer, 0, copy, 0, buffer.size);
    device.queue.submit([encoder.finish()]);
    await copy.mapAsync(GPUMapMode.READ);
    const words = new Uint32Array(copy.getMappedRange().slice(0));
    copy.destroy();
    return words;
  };
  const buffers: Buffers = {
@MAIN_BUFFERS@  };
  const pipeline = await @TYPE@.create(device, buffers);
  const encoder = device.createCommandEncoder();
  pipeline.record(encoder@COUNT_USE@);
  device.queue.submit([encoder.finish()]);
  const results = {
@SHOW@  };
  pipeline.destroy();
  for (const buffer of Object.values(buffers) as GPUBuffer[]) buffer.destroy();
  return results;
}
)pattern";

}  // namespace shoal::emit
