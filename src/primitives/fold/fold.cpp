#include "primitives/fold/fold.h"

#include "primitives/scan/strip_scan.h"

namespace shoal::primitives {

Result<bool> prepare_fold(gpu::Device& device, const ScanOptions& options) {
  return prepare_strip_scan(device, StripScan::kFold, options);
}

u64 fold_scratch_bytes(const gpu::Device&, const ScanOptions& options, u32 most_elements) {
  return strip_scan_scratch_bytes(StripScan::kFold, options, most_elements);
}

Result<void> fold(gpu::Frame& frame, const Fold& args) {
  return append_strip_scan(frame, "fold", StripScan::kFold,
                           {.options = args.options,
                            .values = args.values,
                            .count = args.count,
                            .total = args.result,
                            .program_views = args.program_views,
                            .scratch = args.scratch});
}

}  // namespace shoal::primitives
