// The middle of a reduce-then-scan, for primitives that scan something of their own.
#pragma once

#include "primitives/launch.h"

namespace shoal::primitives {

// Exclusive sums of one u32 a strip, in place, and their total: views are the sums and the total.
KernelChoice sum_partials_choice();
// Of two u32 a strip, each below 2^32 in sum.
KernelChoice pair_sum_partials_choice();

}  // namespace shoal::primitives
