// Scans that begin anew at every segment.
#pragma once

#include "primitives/scan/scan.h"
#include "primitives/selection/selection.h"

namespace shoal::primitives {

struct ScanByKeyOptions {
  ScanOptions scan = {};  // its monoid has no bindings
  // Where segments begin: runs of equal keys, or flags, bits, a program. Row 0 begins one in any case.
  Selection heads = {.by = Selection::By::kRunStarts};
};

struct ScanByKey {
  ScanByKeyOptions options = {};
  std::span<const gpu::View> head_views = {};  // what `heads` reads: the keys, say
  gpu::View values = {};                       // count elements
  gpu::Count count = {};
  gpu::View result = {};  // count elements
  bool is_inclusive = false;
  gpu::View scratch = {};
};

Result<bool> prepare_scan_by_key(gpu::Device& device, const ScanByKeyOptions& options);

u64 scan_by_key_scratch_bytes(const gpu::Device& device, const ScanByKeyOptions& options, u32 most_elements);

// Appends the scan of each segment. Three dispatches; 12 bytes an element of one word, and twice what heads are
// read from. Balanced however long segments are. Exactness and errors as scan's.
Result<void> scan_by_key(gpu::Frame& frame, const ScanByKey& args);

}  // namespace shoal::primitives
