// The k largest or smallest elements, sorted, with their rows.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/element_type.h"

namespace shoal::primitives {

struct TopKOptions {
  ElementType type = ElementType::kU32;  // in the order of sort: NaN is the largest
};

struct TopK {
  TopKOptions options = {};
  gpu::View values = {};  // count elements
  gpu::Count count = {};
  u32 k = 10;                   // 1 to 65,536; all elements where there are fewer
  gpu::View result = {};        // k elements
  gpu::View rows = {};          // u32, k of them
  gpu::View result_count = {};  // one u32: min(k, count)
  u32 end_bit = 0;              // of u32 and u64: bits from this one on are 0, which saves readings; 0: none are
  gpu::View scratch = {};
  // Neighbours of which one is looked at ahead, to know about where the k-th is; 0: what suits the count.
  u32 sample_stride = 0;
};

Result<bool> prepare_top_k(gpu::Device& device, const TopKOptions& options);

u64 top_k_scratch_bytes(const gpu::Device& device, const TopKOptions& options, u32 most_elements, u32 k,
                        u32 sample_stride = 0);

// Appends the k largest elements, the largest first; of equal ones those of the first rows, in the order of rows.
// Reads a sample, then all elements once: 4 bytes an element of one word and little more. Up to some thousand are
// ranked among what reaches an image of the sample, which takes 18 dispatches; for more, and on software adapters,
// the parts of strips that have any that may be among the k are read again and sorted. Of fewer than 2^20 elements,
// or where the k-th has so many equals that there is no room for them, elements are read three times to find the
// k-th (twice that of two words) and twice to take them: 20 bytes an element of one word, 64 of two. The same on
// every run. Errors: kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> top_k(gpu::Frame& frame, const TopK& args);

// The k smallest, the smallest first.
Result<void> bottom_k(gpu::Frame& frame, const TopK& args);

}  // namespace shoal::primitives
