// All elements combined into one, by an operator or anybody's monoid. For the count, exact sum and extremes of
// integers in one reading there is Reduce.
#pragma once

#include "primitives/scan/scan.h"

namespace shoal::primitives {

struct Fold {
  ScanOptions options = {};
  gpu::View values = {};  // count elements
  gpu::Count count = {};
  gpu::View result = {};                          // one element; the identity where there are none
  std::span<const gpu::View> program_views = {};  // what the monoid's text binds, by binding number
  gpu::View scratch = {};
};

Result<bool> prepare_fold(gpu::Device& device, const ScanOptions& options);

u64 fold_scratch_bytes(const gpu::Device& device, const ScanOptions& options, u32 most_elements);

// Appends result = values[0] o ... o values[count - 1]. Integers are exact, modulo their width; floating sums are
// the same on every run of one device. Two dispatches, 4 bytes an element of one word. Errors: as scan's.
Result<void> fold(gpu::Frame& frame, const Fold& args);

}  // namespace shoal::primitives
