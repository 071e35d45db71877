// A set of codes as words and the kind of test that reads them.
#pragma once

#include "query/filter_formula.h"
#include "query/filter_set.h"
#include "query/filter_words.h"
#include "table/code_space.h"

namespace shoal::query {

struct Membership {
  CodeSet passes;
  u64 most_ranges = 0;  // that the set, and what it lacks, can have for any constants: see TruthSets
  u64 most_gaps = 0;
  bool null_passes = false;
};

// One to four ranges (or gaps) are compared one by one; more are a bit table where the codes are few or a
// dictionary's, else a sorted list that is searched. `slot` is where the kernel has the column's code.
Formula membership_formula(const Membership& membership, const table::CodeSpace& space, u32 slot,
                           FilterWords& words);

}  // namespace shoal::query
