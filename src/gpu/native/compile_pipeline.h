// From the vocabulary's pipelines and layouts to webgpu.h's.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <wgpu.h>

#include "gpu/commands.gen.h"
#include "gpu/native/string_view.h"

namespace shoal::gpu {

WGPUBindGroupLayoutEntry native_layout_entry(const LayoutEntry& entry);

// Views into `constants`.
inline std::vector<WGPUConstantEntry> native_constants(
    const std::vector<std::pair<std::string, double>>& constants) {
  std::vector<WGPUConstantEntry> entries;
  for (const auto& [name, value] : constants) entries.push_back({nullptr, wgpu_text(name), value});
  return entries;
}
inline std::vector<WGPUConstantEntry> native_constants(const std::vector<Constant>& constants) {
  std::vector<WGPUConstantEntry> entries;
  for (const Constant& constant : constants) entries.push_back({nullptr, wgpu_text(constant.name), constant.value});
  return entries;
}

// An entry point of "" is the only one that the module has.
inline WGPUStringView entry_point_of(std::string_view name) {
  return name.empty() ? WGPUStringView{nullptr, WGPU_STRLEN} : wgpu_text(name);
}

// In an error scope of the caller's, which says why it failed. A null `layout` is made from the shader.
WGPUComputePipeline compile_compute_pipeline(WGPUDevice device, std::string_view label, WGPUPipelineLayout layout,
                                             WGPUShaderModule module, std::string_view entry_point,
                                             std::span<const WGPUConstantEntry> constants);

}  // namespace shoal::gpu
