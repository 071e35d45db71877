#include "primitives/scan/scan.h"

#include "primitives/scan/chained_scan.h"
#include "primitives/scan/strip_scan.h"

namespace shoal::primitives {
namespace {

bool is_chained(const gpu::Device& device, const ScanOptions& options) {
  return can_chain(options) && prefers_look_back(device.capabilities);
}

}  // namespace

Result<bool> prepare_scan(gpu::Device& device, const ScanOptions& options) {
  if (is_chained(device, options)) return prepare_chained_scan(device, options);
  return prepare_strip_scan(device, StripScan::kScan, options);
}

u64 scan_scratch_bytes(const gpu::Device& device, const ScanOptions& options, u32 most_elements) {
  if (is_chained(device, options)) return chained_scan_scratch_bytes(device, most_elements);
  return strip_scan_scratch_bytes(StripScan::kScan, options, most_elements);
}

Result<void> scan(gpu::Frame& frame, const Scan& args) {
  if (is_chained(frame.device(), args.options)) return append_chained_scan(frame, args);
  return append_strip_scan(frame, "scan", StripScan::kScan, args);
}

}  // namespace shoal::primitives
