// What each run of equal keys, or any other segment, combines to.
#pragma once

#include "primitives/scan_by_key/scan_by_key.h"

namespace shoal::primitives {

struct ReduceByKey {
  ScanByKeyOptions options = {};
  std::span<const gpu::View> head_views = {};  // what `heads` reads: the keys, say
  gpu::View values = {};                       // count elements
  gpu::Count count = {};
  gpu::View result = {};         // an element a segment, in order; as many as there are elements fit in any case
  gpu::View starts = {};         // u32, the first row of each segment: gather keys from there
  gpu::View segment_count = {};  // one u32
  gpu::View scratch = {};
};

Result<bool> prepare_reduce_by_key(gpu::Device& device, const ScanByKeyOptions& options);

u64 reduce_by_key_scratch_bytes(const gpu::Device& device, const ScanByKeyOptions& options, u32 most_elements);

// Appends the combination of each segment. Three dispatches; 8 bytes an element of one word, twice what heads are
// read from, and 8 bytes a segment. Balanced however long segments are. Exactness and errors as scan's.
Result<void> reduce_by_key(gpu::Frame& frame, const ReduceByKey& args);

}  // namespace shoal::primitives
