#include "primitives/scan_by_key/scan_by_key.h"

#include "primitives/scan/strip_scan.h"

namespace shoal::primitives {

Result<bool> prepare_scan_by_key(gpu::Device& device, const ScanByKeyOptions& options) {
  return prepare_strip_scan(device, StripScan::kScanSegments, options.scan, &options.heads);
}

u64 scan_by_key_scratch_bytes(const gpu::Device&, const ScanByKeyOptions& options, u32 most_elements) {
  return strip_scan_scratch_bytes(StripScan::kScanSegments, options.scan, most_elements);
}

Result<void> scan_by_key(gpu::Frame& frame, const ScanByKey& args) {
  return append_strip_scan(frame, "scan_by_key", StripScan::kScanSegments,
                           {.options = args.options.scan,
                            .values = args.values,
                            .count = args.count,
                            .result = args.result,
                            .is_inclusive = args.is_inclusive,
                            .scratch = args.scratch},
                           {.heads = args.options.heads, .views = args.head_views});
}

}  // namespace shoal::primitives
