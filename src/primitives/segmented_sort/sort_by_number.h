// Sorts elements by a number each has and then by themselves: what sorting by segment or by group is made of.
#pragma once

#include "primitives/sort/sort.h"

namespace shoal::primitives {

struct SortByNumber {
  SortOptions options = {};
  gpu::View keys = {};
  gpu::Count count = {};
  u32 most = 0;            // what Arguments::check said
  gpu::View numbers = {};  // u32, count of them, in the caller's scratch: they are put in order too
  u32 number_bits = 0;     // from which on all of them are 0
  gpu::View sorted_keys = {};
  gpu::View values = {};
  gpu::View sorted_values = {};
  bool is_descending = false;  // of the keys; the numbers rise
  gpu::View scratch = {};
};

Result<bool> prepare_sort_by_number(gpu::Device& device, const SortOptions& options);

u64 sort_by_number_scratch_bytes(const gpu::Device& device, const SortOptions& options, u32 most_elements);

// Appends the sort, stable; the arguments have been checked. Where keys have one word and no values, they are
// sorted with the numbers for values, and those with the keys for values; else the rows' numbers go along, and keys
// and values are gathered by them.
Result<void> sort_by_number(gpu::Frame& frame, const SortByNumber& args);

}  // namespace shoal::primitives
