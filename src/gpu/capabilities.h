// What an adapter offers, as the recording side needs to know it. Limits keep WebGPU's meaning.
#pragma once

#include <string>

#include "base/int.h"

namespace shoal::gpu {

// Which compiler reads our WGSL: they disagree on directives.
enum class ShaderTarget : u8 { kNaga, kTint };
enum class AdapterType : u8 { kDiscrete, kIntegrated, kSoftware, kUnknown };

// kFull asks for what the adapter has; kMinimum for WebGPU's default limits and no optional feature.
enum class Tier : u8 { kFull, kMinimum };

struct Limits {
  u64 max_buffer_size_bytes = 256u << 20;
  u64 max_storage_binding_size_bytes = 128u << 20;
  u32 max_uniform_binding_size_bytes = 64u << 10;
  u32 max_workgroups_per_dimension = 65'535;
  u32 max_invocations_per_workgroup = 256;
  u32 max_workgroup_storage_bytes = 16'384;
  u32 min_uniform_offset_alignment_bytes = 256;
  u32 min_storage_offset_alignment_bytes = 256;
};

struct Features {
  bool timestamps = false;
  bool subgroups = false;
  bool f16 = false;
  u32 subgroup_min_size = 0;  // invocations
  u32 subgroup_max_size = 0;
};

struct Capabilities {
  std::string name;    // "llvmpipe (LLVM 15.0.6, 256 bits)"
  std::string driver;  // free text
  AdapterType type = AdapterType::kUnknown;
  ShaderTarget target = ShaderTarget::kNaga;
  Tier tier = Tier::kFull;
  Limits limits;
  Features features;
  double timestamp_period_ns = 1;
};

}  // namespace shoal::gpu
