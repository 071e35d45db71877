// A count that kernels read which run over something else.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"

namespace shoal::primitives {

Result<bool> prepare_note_count(gpu::Device& device);

// Appends one dispatch that writes the count, cut to `most`, into `word`: 4 bytes, in scratch that kernels write.
// Errors: kInvalidArgument when the kernel is still being compiled.
Result<void> note_count(gpu::Frame& frame, const gpu::Count& count, u32 most, const gpu::View& word);

}  // namespace shoal::primitives
