// What the host code of a pipeline's primitives says to a GPU, without one: the stream of commands.
#pragma once

#include <vector>

#include "emit/pipeline.h"
#include "gpu/capabilities.h"

namespace shoal::emit {

// Which device the code is for. Any has what WebGPU promises; more is asked for by name.
struct TargetOptions {
  u32 subgroup_size = 0;  // the smallest that the device may have; 0: no subgroups are used
  bool is_gpu = false;    // forms that suit GPUs alone, with 32 KiB of workgroup memory
};
gpu::Capabilities capabilities_for(const TargetOptions& target);

// Gives the pipeline's arrays and counts their buffers, and records it twice: the second frame creates nothing.
// Errors: what the primitives say of the arguments.
Result<std::vector<u32>> record_pipeline(Pipeline& pipeline, const gpu::Capabilities& capabilities);

}  // namespace shoal::emit
