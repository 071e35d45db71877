#include "primitives/reduce_by_key/reduce_by_key.h"

#include "primitives/scan/strip_scan.h"

namespace shoal::primitives {

Result<bool> prepare_reduce_by_key(gpu::Device& device, const ScanByKeyOptions& options) {
  return prepare_strip_scan(device, StripScan::kReduceSegments, options.scan, &options.heads);
}

u64 reduce_by_key_scratch_bytes(const gpu::Device&, const ScanByKeyOptions& options, u32 most_elements) {
  return strip_scan_scratch_bytes(StripScan::kReduceSegments, options.scan, most_elements);
}

Result<void> reduce_by_key(gpu::Frame& frame, const ReduceByKey& args) {
  return append_strip_scan(frame, "reduce_by_key", StripScan::kReduceSegments,
                           {.options = args.options.scan,
                            .values = args.values,
                            .count = args.count,
                            .result = args.result,
                            .scratch = args.scratch},
                           {.heads = args.options.heads,
                            .views = args.head_views,
                            .starts = args.starts,
                            .segment_count = args.segment_count});
}

}  // namespace shoal::primitives
