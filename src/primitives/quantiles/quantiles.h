// Exact quantiles, any list of them: elements that stand at given shares of the sorted array, which is not sorted.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/element_type.h"

namespace shoal::primitives {

// The element that numerator / denominator of all do not exceed: the first one with at least that share up to and
// with it (SQL's percentile_disc). 1/2 is the median, the lower one of two.
struct Quantile {
  u32 numerator = 1, denominator = 2;  // numerator <= denominator < 2^31
};

struct QuantilesOptions {
  ElementType type = ElementType::kU32;  // in the order of sort: NaN behind all numbers
};

struct Quantiles {
  QuantilesOptions options = {};
  gpu::View values = {};  // count elements
  gpu::Count count = {};
  std::span<const Quantile> quantiles = {};
  gpu::View result = {};  // an element each; stays as it is where there are no elements. A NaN is 0x7fc00000
  u32 end_bit = 0;        // of u32 and u64: bits from this one on are 0, which saves readings; 0: none are
  gpu::View scratch = {};
  // Neighbours of which one is looked at ahead, to know about where the quantiles are; 0: what suits the count.
  u32 sample_stride = 0;
};

Result<bool> prepare_quantiles(gpu::Device& device, const QuantilesOptions& options);

u64 quantiles_scratch_bytes(const gpu::Device& device, const QuantilesOptions& options, u32 most_elements,
                            std::span<const Quantile> list, u32 sample_stride = 0);

// Appends the quantiles. Reads a sample, then all elements once for each four quantiles: 4 bytes an element of one
// word, and a few in a hundred again. Of fewer than 2^20 elements, or where the sample says nothing, there is a
// reading for each eight of them and every 8 bits, for a single one every 11 bits: 16 or 12 bytes an element of one
// word. The same on every run. Errors: kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> quantiles(gpu::Frame& frame, const Quantiles& args);

}  // namespace shoal::primitives
