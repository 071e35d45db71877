// The last frame of a stream, and what the stream created for it, by id.
#pragma once

#include <map>
#include <vector>

#include "base/result.h"
#include "gpu/commands.gen.h"

namespace shoal::emit {

struct RecordedDispatch {
  u32 pipeline = 0;
  std::array<u32, 4> groups = {};  // 0: none
  u32 dynamic_offset = 0;
  bool is_indirect = false;
  u32 x = 0, y = 0;
};

struct RecordedFrame {
  std::map<u32, gpu::CreateBuffer> buffers;
  std::map<u32, gpu::CreateShaderModule> modules;
  std::map<u32, gpu::CreateBindGroupLayout> layouts;
  std::map<u32, gpu::CreatePipelineLayout> pipeline_layouts;
  std::map<u32, gpu::CreateComputePipelineAsync> pipelines;
  std::map<u32, gpu::CreateBindGroup> bind_groups;
  std::map<u32, std::vector<u32>> contents;  // of buffers that were written
  std::vector<RecordedDispatch> dispatches;
};

// What it holds points into `words`. Errors: kUnsupported for a command that has no place here.
Result<RecordedFrame> read_frame(std::span<const u32> words);

}  // namespace shoal::emit
