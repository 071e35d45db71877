// The scan of one reading: what `scan` does on GPUs where the operation lets it.
#pragma once

#include "primitives/look_back/look_back.h"
#include "primitives/scan/scan.h"

namespace shoal::primitives {

// Words whose operation commutes and gives the same bits in every order: all but floating sums, 64-bit integers,
// and operations of somebody else.
bool can_chain(const ScanOptions& options);

Result<bool> prepare_chained_scan(gpu::Device& device, const ScanOptions& options, Waiting waiting = {});
u64 chained_scan_scratch_bytes(const gpu::Device& device, u32 most_elements);
// Errors: as scan's.
Result<void> append_chained_scan(gpu::Frame& frame, const Scan& args, Waiting waiting = {});

}  // namespace shoal::primitives
