// Decodes Parquet's hybrid of run-length encoding and bit packing: dictionary indices, levels, booleans.
#pragma once

#include <span>
#include <vector>

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/hybrid_decode/hybrid_decode_layout.gen.h"

namespace shoal::primitives {

// Numbers of one width whose runs lie one after the other: the values of a data page, say.
struct HybridStretch {
  std::span<const u8> bytes = {};
  u32 first_byte = 0;     // where they begin in the array that HybridDecode is given
  u32 width = 0;          // bits of a number, 0 to 32
  u32 first_element = 0;  // where its numbers begin in the result
  u32 count = 0;          // of numbers: what fills up the last run is left out
};

// Appends the runs of a stretch to a table: headers are of any length and say where the next one lies, so the host
// walks them, and only them. Pages of different widths make one table where each begins where the last one ended.
// Errors: kCorrupt where the bytes hold fewer numbers, or a header makes no sense; kInvalidArgument for other
// widths; kUnsupported past 2^32 bytes or elements. The table is as it was then. No bytes make it hang or grow past
// 12 times their size.
Result<void> append_hybrid_runs(const HybridStretch& stretch, std::vector<HybridRun>& runs);

struct HybridDecode {
  gpu::View runs = {};  // run_count of HybridRun, as append_hybrid_runs makes them
  u32 run_count = 0;
  gpu::View bytes = {};  // what their packed runs lie in, the lowest byte of each word first
  gpu::Count count = {};
  gpu::View result = {};  // u32, count of them
};

Result<bool> prepare_hybrid_decode(gpu::Device& device);

// Appends the numbers. One dispatch, no scratch; 4 bytes a number, its bits where it is packed, and 12 bytes a run.
// As fast whatever the lengths of runs. Runs that lie outside of `bytes` give numbers that mean nothing, and harm
// nothing. Errors: kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> hybrid_decode(gpu::Frame& frame, const HybridDecode& args);

}  // namespace shoal::primitives
