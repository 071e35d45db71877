// What scan and scan_by_key share: they differ in where a scan begins anew.
#pragma once

#include "primitives/launch.h"
#include "primitives/scan/scan.h"
#include "primitives/selection/selection.h"

namespace shoal::primitives {

struct Segments {
  Selection heads = {};
  std::span<const gpu::View> views = {};
};

// `segments`: null for one scan over all.
Result<bool> prepare_segmented_scan(gpu::Device& device, const ScanOptions& options, const Selection* heads);
u64 segmented_scan_scratch_bytes(const ScanOptions& options, u32 most_elements, bool is_segmented);
Result<void> append_segmented_scan(gpu::Frame& frame, std::string_view name, const Scan& args,
                                   const Segments* segments);

}  // namespace shoal::primitives
