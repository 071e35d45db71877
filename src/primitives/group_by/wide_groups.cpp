// What a group of 64-bit integers says.
#include "primitives/float_sum/exact_sum.h"
#include "primitives/group_by/group_by.h"
#include "primitives/group_by/product.h"

namespace shoal::primitives {

u64 group_smallest(const WideGroup& group) { return join_words(group.smallest_low, group.smallest_high); }
u64 group_largest(const WideGroup& group) { return join_words(group.largest_low, group.largest_high); }

i128 group_sum(const WideGroup& group, ElementType type) {
  const u128 bits = (u128{group.sum_high} << 64) | join_words(group.sum_low, group.sum_middle);
  return type == ElementType::kI64 ? static_cast<i128>(bits << 32) >> 32 : static_cast<i128>(bits);
}

double group_mean(const WideGroup& group, ElementType type) {
  return group.count == 0 ? 0 : rounded_quotient(exact_sum(group_sum(group, type)), group.count);
}

double group_variance(const WideGroup& group, ElementType type) {
  if (group.count == 0) return 0;
  const i128 sum = group_sum(group, type);
  const auto& words = group.squares;
  const u128 high = (u128{words[4]} << 64) | join_words(words[2], words[3]);
  // n times the squares less the square of the sum.
  const Product scaled = difference(multiplied(high, join_words(words[0], words[1]), group.count),
                                    squared(static_cast<u128>(sum < 0 ? -sum : sum)));
  return rounded(scaled) / group.count / group.count;
}

}  // namespace shoal::primitives
