#include "primitives/scan/scan.h"

#include "primitives/scan/segmented_scan.h"

namespace shoal::primitives {

Result<bool> prepare_scan(gpu::Device& device, const ScanOptions& options) {
  return prepare_segmented_scan(device, options, nullptr);
}

u64 scan_scratch_bytes(const gpu::Device&, const ScanOptions& options, u32 most_elements) {
  return segmented_scan_scratch_bytes(options, most_elements, false);
}

Result<void> scan(gpu::Frame& frame, const Scan& args) {
  return append_segmented_scan(frame, "scan", args, nullptr);
}

}  // namespace shoal::primitives
