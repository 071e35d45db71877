// Whether an expression over one column rises or falls with the column's codes. Where it does, a comparison
// is decided for all codes by binary search, exactly, however wide the codes are.
#pragma once

#include <optional>

#include "query/filter_set.h"
#include "query/types.h"

namespace shoal::query {

// Weakly: neighbours may have equal values. For codes in the order of their values, NaN aside.
enum class Direction : u8 { kConstant, kRising, kFalling, kUnknown };
Direction direction_of(const Typed& node);

// Codes in the order of their values: all of a space but a string's, and but NaN's, which sits apart.
struct OrderedCodes {
  const table::CodeSpace* space = nullptr;
  u64 first = 0;
  u64 last = 0;  // first <= last
};

// The codes whose value of `left` is below, equal to and above that of `right`.
struct Trichotomy {
  CodeSet less;
  CodeSet equal;
  CodeSet greater;
};
// Nothing when the two do not move against each other. Neither is null for any of the codes. `overflow` is set
// when a value leaves its type at one end of the codes, and then at no code between unless there as well.
std::optional<Trichotomy> compare_codes(const Typed& left, const Typed& right, const OrderedCodes& codes,
                                        const Typed*& overflow);

}  // namespace shoal::query
