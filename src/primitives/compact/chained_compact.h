// The compaction of one reading: what `compact` does on GPUs.
#pragma once

#include "primitives/compact/compact.h"
#include "primitives/look_back/look_back.h"

namespace shoal::primitives {

Result<bool> prepare_chained_compact(gpu::Device& device, const CompactOptions& options, Waiting waiting);
// Errors: as compact's.
Result<void> append_chained_compact(gpu::Frame& frame, const Compact& args, Waiting waiting);

}  // namespace shoal::primitives
