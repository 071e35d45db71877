#include "primitives/scan_by_key/scan_by_key.h"

#include "primitives/scan/segmented_scan.h"

namespace shoal::primitives {

Result<bool> prepare_scan_by_key(gpu::Device& device, const ScanByKeyOptions& options) {
  return prepare_segmented_scan(device, options.scan, &options.heads);
}

u64 scan_by_key_scratch_bytes(const gpu::Device&, const ScanByKeyOptions& options, u32 most_elements) {
  return segmented_scan_scratch_bytes(options.scan, most_elements, true);
}

Result<void> scan_by_key(gpu::Frame& frame, const ScanByKey& args) {
  const Segments segments{args.options.heads, args.head_views};
  return append_segmented_scan(frame, "scan_by_key",
                               {.options = args.options.scan,
                                .values = args.values,
                                .count = args.count,
                                .result = args.result,
                                .is_inclusive = args.is_inclusive,
                                .scratch = args.scratch},
                               &segments);
}

}  // namespace shoal::primitives
