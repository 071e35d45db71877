// What scan, scan_by_key, fold and reduce_by_key share: one kernel over strips, which differs in what it writes and
// in where it begins anew.
#pragma once

#include "primitives/launch.h"
#include "primitives/scan/scan.h"
#include "primitives/selection/selection.h"

namespace shoal::primitives {

enum class StripScan : u8 {
  kScan,            // all elements as one segment; every element's combination
  kScanSegments,    // every element's, of its segment
  kReduceSegments,  // each segment's
  kFold,            // all elements' alone
};

struct Segments {
  Selection heads = {};
  std::span<const gpu::View> views = {};
  // Of kReduceSegments: u32, as many as there may be segments, and one u32.
  gpu::View starts = {}, segment_count = {};
};

// `heads`: null where there are no segments.
Result<bool> prepare_strip_scan(gpu::Device& device, StripScan form, const ScanOptions& options,
                                const Selection* heads = nullptr);
u64 strip_scan_scratch_bytes(StripScan form, const ScanOptions& options, u32 most_elements);
Result<void> append_strip_scan(gpu::Frame& frame, std::string_view name, StripScan form, const Scan& args,
                               const Segments& segments = {});

}  // namespace shoal::primitives
