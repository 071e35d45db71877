// The C++ that is the same for every emitted pipeline; @NAME@ is filled in by cpp_writer.cpp.
#pragma once

#include <string_view>

namespace shoal::emit {

inline constexpr std::string_view kCppTop = R"pattern(@HEAD@//
// Compile (wgpu-native; with another library its own name):
//   c++ -std=c++20 -O2 @FILE@ -I HEADERS -L LIBRARY -lwgpu_native -o @NAME@
//
// In a program of yours:
//   const @NAME@::Buffers buffers = {@BUFFER_LIST@};
//   @NAME@::Pipeline pipeline = @NAME@::create(device, buffers);       // once
//   @NAME@::record(pipeline, queue, encoder@COUNT_USE@);  // as often as wanted, once a submission
//   @NAME@::release(pipeline);

@INCLUDES@
#if __has_include(<webgpu/webgpu.h>)
#include <webgpu/webgpu.h>
#else
#include <webgpu.h>
#endif
@SUBGROUP_INCLUDES@
namespace @NAME@ {

constexpr uint32_t kCapacity = @CAPACITY@;  // elements

// ---- Kernels
@SHADERS@
// ---- What the caller brings, with WGPUBufferUsage_Storage
struct Buffers {
@BUFFERS@};

// ---- What is made of it
struct Pipeline {
  Buffers buffers;
@OWN_BUFFERS@  std::vector<WGPUComputePipeline> kernels;
  std::vector<WGPUBindGroup> groups;
};

namespace detail {

struct Binding {
  uint32_t binding;
  WGPUBufferBindingType type;
  uint64_t least_bytes;
};
constexpr WGPUBufferBindingType kUniform = WGPUBufferBindingType_Uniform;  // with dynamic offsets
constexpr WGPUBufferBindingType kReadOnly = WGPUBufferBindingType_ReadOnlyStorage;
constexpr WGPUBufferBindingType kReadWrite = WGPUBufferBindingType_Storage;

struct KernelInfo {
  const char* name;
  size_t shader;
  const char* entry_point;
  std::vector<std::vector<Binding>> groups;  // bindings by group
  std::vector<std::pair<const char*, double>> constants = {};
};

enum Kernel : size_t { @KERNEL_NAMES@ };

// Behind each its parameters, of which the first word is the count of elements.
inline const std::vector<KernelInfo> kKernels = {
@KERNELS@};

enum class Buffer { @BUFFER_NAMES@ };
struct Part {
  uint32_t binding;
  Buffer buffer;
  uint64_t offset_bytes, size_bytes;
};
struct GroupInfo {
  Kernel kernel;
  uint32_t index;
  std::vector<Part> parts;
};

constexpr uint64_t kSlotBytes = 256;  // of a step's parameters

inline const std::vector<GroupInfo> kGroups = {
@GROUPS@};

// Who says how many elements a step has.
enum class CountBy { @COUNT_NAMES@kFixed@ON_GPU@ };

struct Step {
  Kernel kernel;
  std::vector<size_t> groups;            // of kGroups
  CountBy count_by;
  uint32_t most;                         // the count is cut to it; where fixed, it is the count
  uint32_t elements_per_workgroup = 0;   // 0: `workgroups`, whatever the count
  uint32_t workgroups = 1;
  std::vector<uint32_t> parameters = {};  // behind the count
};

inline const std::vector<Step> kSteps = {
@STEPS@};

inline WGPUStringView text(const char* characters) { return {characters, WGPU_STRLEN}; }

inline WGPUBuffer make_buffer(WGPUDevice device, const char* label, uint64_t size_bytes, WGPUBufferUsage usage) {
  WGPUBufferDescriptor descriptor = {};
  descriptor.label = text(label);
  descriptor.size = size_bytes;
  descriptor.usage = usage;
  return wgpuDeviceCreateBuffer(device, &descriptor);
}

inline WGPUShaderModule make_shader(WGPUDevice device, const char* label, const char* wgsl) {
@SHADER_TEXT@  WGPUShaderSourceWGSL source = {};
  source.chain.sType = WGPUSType_ShaderSourceWGSL;
  source.code = text(@SHADER_CODE@);
  WGPUShaderModuleDescriptor descriptor = {};
  descriptor.nextInChain = &source.chain;
  descriptor.label = text(label);
  return wgpuDeviceCreateShaderModule(device, &descriptor);
}

inline WGPUBindGroupLayout make_layout(WGPUDevice device, const char* label, const std::vector<Binding>& bindings) {
  std::vector<WGPUBindGroupLayoutEntry> entries(bindings.size());
  for (size_t i = 0; i < bindings.size(); ++i) {
    entries[i].binding = bindings[i].binding;
    entries[i].visibility = WGPUShaderStage_Compute;
    entries[i].buffer.type = bindings[i].type;
    entries[i].buffer.hasDynamicOffset = bindings[i].type == kUniform;
    entries[i].buffer.minBindingSize = bindings[i].least_bytes;
  }
  WGPUBindGroupLayoutDescriptor descriptor = {};
  descriptor.label = text(label);
  descriptor.entryCount = entries.size();
  descriptor.entries = entries.data();
  return wgpuDeviceCreateBindGroupLayout(device, &descriptor);
}

inline WGPUComputePipeline make_kernel(WGPUDevice device, const KernelInfo& info, WGPUShaderModule shader,
                                       const std::vector<WGPUBindGroupLayout>& layouts) {
  WGPUPipelineLayoutDescriptor layout_descriptor = {};
  layout_descriptor.bindGroupLayoutCount = layouts.size();
  layout_descriptor.bindGroupLayouts = layouts.data();
  WGPUPipelineLayout layout = wgpuDeviceCreatePipelineLayout(device, &layout_descriptor);
  std::vector<WGPUConstantEntry> constants;
  for (const auto& [name, value] : info.constants) constants.push_back({nullptr, text(name), value});
  WGPUComputePipelineDescriptor descriptor = {};
  descriptor.label = text(info.name);
  descriptor.layout = layout;
  descriptor.compute.module = shader;
  descriptor.compute.entryPoint = text(info.entry_point);
  descriptor.compute.constantCount = constants.size();
  descriptor.compute.constants = constants.data();
  WGPUComputePipeline made = wgpuDeviceCreateComputePipeline(device, &descriptor);
  wgpuPipelineLayoutRelease(layout);
  return made;
}

inline WGPUBuffer buffer_of(const Pipeline& pipeline, Buffer which) {
  switch (which) {
@BUFFER_CASES@  }
  return nullptr;
}

inline WGPUBindGroup make_group(WGPUDevice device, const Pipeline& pipeline, const GroupInfo& info,
                                WGPUBindGroupLayout layout) {
  std::vector<WGPUBindGroupEntry> entries(info.parts.size());
  for (size_t i = 0; i < entries.size(); ++i) {
    const Part& part = info.parts[i];
    entries[i].binding = part.binding;
    entries[i].buffer = buffer_of(pipeline, part.buffer);
    entries[i].offset = part.offset_bytes;
    entries[i].size = part.size_bytes;
  }
  WGPUBindGroupDescriptor descriptor = {};
  descriptor.label = text(kKernels[info.kernel].name);
  descriptor.layout = layout;
  descriptor.entryCount = entries.size();
  descriptor.entries = entries.data();
  return wgpuDeviceCreateBindGroup(device, &descriptor);
}

}  // namespace detail

// Makes kernels, bind groups and scratch. What goes wrong is told by the device's error callback, as WebGPU does.
inline Pipeline create(WGPUDevice device, const Buffers& buffers) {
  using namespace detail;
  Pipeline pipeline;
  pipeline.buffers = buffers;
@MAKE_BUFFERS@  const std::vector<WGPUShaderModule> shaders = {
@MAKE_SHADERS@  };
  std::vector<std::vector<WGPUBindGroupLayout>> layouts;
  for (const KernelInfo& info : kKernels) {
    std::vector<WGPUBindGroupLayout>& of_kernel = layouts.emplace_back();
    for (const auto& bindings : info.groups) of_kernel.push_back(make_layout(device, info.name, bindings));
    pipeline.kernels.push_back(make_kernel(device, info, shaders[info.shader], of_kernel));
  }
  for (const GroupInfo& info : kGroups) {
    pipeline.groups.push_back(make_group(device, pipeline, info, layouts[info.kernel][info.index]));
  }
  for (const auto& of_kernel : layouts) {
    for (WGPUBindGroupLayout layout : of_kernel) wgpuBindGroupLayoutRelease(layout);
  }
  for (WGPUShaderModule shader : shaders) wgpuShaderModuleRelease(shader);
  return pipeline;
}

// Appends the work to `encoder`, in a pass of its own. Parameters are written by way of `queue` and hold for what is
// submitted next: submit before recording with other counts.
inline void record(const Pipeline& pipeline, WGPUQueue queue, WGPUCommandEncoder encoder@COUNT_PARAMETERS@) {
  using namespace detail;
  constexpr size_t kSlotWords = kSlotBytes / 4;
  constexpr size_t kElementsWord = 60;  // where count_grid finds how many elements a workgroup takes
  const auto count_of = [&](const Step& step) {
    switch (step.count_by) {
@COUNT_CASES@      default: return step.most;
    }
  };
  std::vector<uint32_t> slots(kSteps.size() * kSlotWords);
  for (size_t i = 0; i < kSteps.size(); ++i) {
    uint32_t* slot = slots.data() + i * kSlotWords;
    slot[0] = count_of(kSteps[i]);
    for (size_t k = 0; k < kSteps[i].parameters.size(); ++k) slot[1 + k] = kSteps[i].parameters[k];
    slot[kElementsWord] = kSteps[i].elements_per_workgroup;
  }
  wgpuQueueWriteBuffer(queue, pipeline.parameters, 0, slots.data(), slots.size() * sizeof(uint32_t));

  WGPUComputePassDescriptor descriptor = {};
  descriptor.label = text("@NAME@");
  WGPUComputePassEncoder pass = wgpuCommandEncoderBeginComputePass(encoder, &descriptor);
  for (size_t i = 0; i < kSteps.size(); ++i) {
    const Step& step = kSteps[i];
    const uint32_t offset = static_cast<uint32_t>(i * kSlotBytes);
    wgpuComputePassEncoderSetPipeline(pass, pipeline.kernels[step.kernel]);
    const bool has_parameters = kKernels[step.kernel].groups[0][0].type == kUniform;
    for (uint32_t group = 0; group < step.groups.size(); ++group) {
      wgpuComputePassEncoderSetBindGroup(pass, group, pipeline.groups[step.groups[group]],
                                         group == 0 && has_parameters ? 1 : 0, &offset);
    }
@INDIRECT@    // At most 65,535 workgroups go into one dimension; kernels number them across both.
    const uint32_t elements = count_of(step), each = step.elements_per_workgroup;
    const uint32_t workgroups = each == 0 ? step.workgroups : elements / each + (elements % each != 0 ? 1 : 0);
    const uint32_t y = workgroups / 65535 + (workgroups % 65535 != 0 ? 1 : 0);
    if (y != 0) wgpuComputePassEncoderDispatchWorkgroups(pass, (workgroups + y - 1) / y, y, 1);
  }
  wgpuComputePassEncoderEnd(pass);
  wgpuComputePassEncoderRelease(pass);
}

// Gives back what create() made; the caller's buffers are the caller's.
inline void release(Pipeline& pipeline) {
  for (WGPUBindGroup group : pipeline.groups) wgpuBindGroupRelease(group);
  for (WGPUComputePipeline kernel : pipeline.kernels) wgpuComputePipelineRelease(kernel);
@RELEASE_BUFFERS@  pipeline = {};
}

}  // namespace @NAME@
)pattern";

}  // namespace shoal::emit
