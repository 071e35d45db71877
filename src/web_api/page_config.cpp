#include "web_api/page_config.h"

#include <algorithm>

namespace shoal::web_api {

gpu::Capabilities capabilities_of(const JsonValue& config) {
  const JsonValue& adapter = config["adapter"];
  const JsonValue& limits = adapter["limits"];
  gpu::Capabilities found;
  found.name = adapter.text("description");
  if (found.name.empty()) found.name = adapter.text("vendor", "WebGPU");
  found.target = gpu::ShaderTarget::kTint;
  found.tier = config.text("tier") == "minimum" ? gpu::Tier::kMinimum : gpu::Tier::kFull;
  const auto take = [&](std::string_view name, auto& limit) { limit = limits.whole(name, limit); };
  take("maxBufferSize", found.limits.max_buffer_size_bytes);
  take("maxStorageBufferBindingSize", found.limits.max_storage_binding_size_bytes);
  take("maxUniformBufferBindingSize", found.limits.max_uniform_binding_size_bytes);
  take("maxComputeWorkgroupsPerDimension", found.limits.max_workgroups_per_dimension);
  take("maxComputeInvocationsPerWorkgroup", found.limits.max_invocations_per_workgroup);
  take("maxComputeWorkgroupStorageSize", found.limits.max_workgroup_storage_bytes);
  take("minUniformBufferOffsetAlignment", found.limits.min_uniform_offset_alignment_bytes);
  take("minStorageBufferOffsetAlignment", found.limits.min_storage_offset_alignment_bytes);
  const auto has = [&](std::string_view name) {
    return std::ranges::count(adapter["features"].items(), name,
                              [](const JsonValue& feature) { return std::string_view(feature.text()); }) > 0;
  };
  found.features.timestamps = has("timestamp-query");
  found.features.subgroups = has("subgroups");
  found.features.f16 = has("shader-f16");
  found.features.subgroup_min_size = adapter.whole("subgroup_min_size", 0u);
  found.features.subgroup_max_size = adapter.whole("subgroup_max_size", 0u);
  return found;
}

}  // namespace shoal::web_api
