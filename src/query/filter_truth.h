// A condition over one column, decided for every code of the column at once.
#pragma once

#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/filter_set.h"
#include "query/types.h"

namespace shoal::query {

// A column with at most so many codes, or of strings, can be tried code by code.
constexpr u64 kMostTriedCodes = 65'536;
bool can_try_all_codes(const table::CodeSpace& space);

// The codes between the first and the last of a space that a condition is true and false for; for the others
// it is null. The counts bound how many ranges each set can have whatever constants the condition has: the
// shape of the kernel follows from them, so that moving a threshold does not change it.
struct TruthSets {
  static constexpr u64 kAnyNumber = u64{1} << 32;
  CodeSet is_true;
  CodeSet is_false;
  u64 most_true_ranges = kAnyNumber;
  u64 most_false_ranges = kAnyNumber;
};

// `condition` reads `column` and no other. Errors, with a caret into `text`: kUnsupported when it is neither
// monotone nor can all codes be tried, or takes too long to try; kInvalidArgument when a value overflows.
Result<TruthSets> truth_sets(const Typed& condition, const Column& column, std::string_view text);

// What AND (kAnd) or OR (kOr) makes of conditions over the same column.
TruthSets combine(Typed::Op op, const std::vector<TruthSets>& parts, const table::CodeSpace& space);

}  // namespace shoal::query
