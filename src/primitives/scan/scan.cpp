#include "primitives/scan/scan.h"

#include "primitives/scan/strip_scan.h"

namespace shoal::primitives {

Result<bool> prepare_scan(gpu::Device& device, const ScanOptions& options) {
  return prepare_strip_scan(device, StripScan::kScan, options);
}

u64 scan_scratch_bytes(const gpu::Device&, const ScanOptions& options, u32 most_elements) {
  return strip_scan_scratch_bytes(StripScan::kScan, options, most_elements);
}

Result<void> scan(gpu::Frame& frame, const Scan& args) {
  return append_strip_scan(frame, "scan", StripScan::kScan, args);
}

}  // namespace shoal::primitives
