// What a line of many points is drawn from: extremes of each pixel column, and M4's four rows.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/element_type.h"

namespace shoal::primitives {

struct EnvelopeOptions {
  ElementType type = ElementType::kF32;
  bool has_rows = false;
};

struct Envelope {
  EnvelopeOptions options = {};
  gpu::View values = {};  // count elements
  gpu::Count count = {};
  // u32, column_count + 1 that do not fall: column i is rows offsets[i] up to offsets[i + 1]. lower_bound finds
  // them where x is sorted.
  gpu::View offsets = {};
  u32 column_count = 0;  // 1 to 65,536
  gpu::View extremes =
      {};  // two elements a column: the smallest, the largest; of none NaN, or 0 where they are integers
  // u32, four a column: the first row, the smallest's, the largest's, the last; 0xffffffff where there is none.
  gpu::View rows = {};
  gpu::View scratch = {};
};

Result<bool> prepare_envelope(gpu::Device& device, const EnvelopeOptions& options);

u64 envelope_scratch_bytes(const gpu::Device& device, ElementType type, u32 column_count);

// Appends the extremes, of which NaN is none; of several equal elements the first row. Three dispatches and 4 bytes
// an element, or four and 8 with rows; of elements of two words a dispatch more, and 16 bytes, or 24. Exact, and
// the same on every run. Errors: kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> envelope(gpu::Frame& frame, const Envelope& args);

}  // namespace shoal::primitives
