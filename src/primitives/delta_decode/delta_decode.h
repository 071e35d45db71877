// Decodes Parquet's DELTA_BINARY_PACKED: differences of neighbours, packed above the least one of their block.
#pragma once

#include <span>
#include <vector>

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/element_type.h"
#include "primitives/hybrid_decode/hybrid_decode_layout.gen.h"

namespace shoal::primitives {

struct DeltaDecodeOptions {
  ElementType type = ElementType::kI32;  // an integer
};

// The miniblocks of one stretch of numbers: the values of a data page, say.
struct DeltaBlocks {
  std::vector<HybridRun> runs = {};  // the first number, then a run a miniblock
  std::vector<u64> least = {};       // of each run: what is added to its packed numbers
  u32 count = 0;                     // of numbers
  u64 size_bytes = 0;                // where what follows the stretch begins
};

// Reads headers, and only them: they are of any length and say where the next one lies, so the host walks them.
// `first_byte`: where `bytes` begin in the array that DeltaDecode is given. Errors: kCorrupt where the bytes end
// early or a header makes no sense; kInvalidArgument for a type that is none of integers; kUnsupported past 2^32
// bytes or 4,293,918,720 numbers. No bytes make it hang, or its tables grow past 21 times their size.
Result<DeltaBlocks> read_delta_blocks(std::span<const u8> bytes, u32 first_byte, ElementType type);

struct DeltaDecode {
  DeltaDecodeOptions options = {};
  gpu::View runs = {};   // run_count of HybridRun, as read_delta_blocks makes them
  gpu::View least = {};  // two words each
  u32 run_count = 0;
  gpu::View bytes = {};  // what miniblocks lie in, the lowest byte of each word first
  gpu::Count count = {};
  gpu::View deltas = {};  // count elements: the differences, while it runs
  gpu::View result = {};  // count elements
  gpu::View scratch = {};
};

Result<bool> prepare_delta_decode(gpu::Device& device, const DeltaDecodeOptions& options);

u64 delta_decode_scratch_bytes(const gpu::Device& device, const DeltaDecodeOptions& options, u32 most_elements);

// Appends the numbers: each difference from where it is packed and the least of its miniblock, then their running
// sums, modulo their width. Four dispatches; 16 bytes an element of one word, 32 of two, its bits where it is
// packed, and 20 bytes a miniblock. As fast whatever the widths. Exact, the same on every adapter. Runs that lie
// outside of `bytes` give numbers that mean nothing, and harm nothing. Errors: kInvalidArgument, kUnsupported as
// Arguments::check says.
Result<void> delta_decode(gpu::Frame& frame, const DeltaDecode& args);

}  // namespace shoal::primitives
