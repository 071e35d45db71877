#include "query/filter_membership.h"

#include <algorithm>
#include <limits>

#include "query/filter_truth.h"

namespace shoal::query {
namespace {

constexpr u64 kMostUnrolledRanges = 4;

// First and last, two words each. Padding and the empty set are ranges that end before they start.
void add_range(std::vector<u32>& words, CodeRange range) {
  for (const u64 end : {range.first, range.last}) {
    words.push_back(low_word(end));
    words.push_back(high_word(end));
  }
}

void write_ranges(Formula& formula, std::span<const CodeRange> ranges, FilterWords& words) {
  formula.kind = Formula::Kind::kRanges;
  std::vector<u32> fixed;
  for (size_t i = 0; i < formula.range_count; ++i) {
    add_range(fixed, i < ranges.size() ? ranges[i] : CodeRange{1, 0});
  }
  formula.word = words.add(fixed);
}

void write_bit_table(Formula& formula, const CodeSet& set, const table::CodeSpace& space, FilterWords& words) {
  formula.kind = Formula::Kind::kBitTable;
  const bool has_codes = space.first_code <= space.last_code;
  const u64 count = has_codes ? space.last_code - space.first_code + 1 : 0;
  std::vector<u32> bits(static_cast<size_t>(divide_round_up<u64>(count, 32)));
  for (const CodeRange& range : set.ranges()) {
    for (u64 code = range.first; code <= range.last; ++code) {
      const size_t bit = static_cast<size_t>(code - space.first_code);
      bits[bit / 32] |= u32{1} << (bit % 32);
    }
  }
  const u32 fixed[] = {0, static_cast<u32>(count), low_word(space.first_code), high_word(space.first_code)};
  formula.word = words.add(fixed);
  words.add_table(formula.word, std::move(bits));
}

void write_sorted_ranges(Formula& formula, std::span<const CodeRange> ranges, FilterWords& words) {
  formula.kind = Formula::Kind::kSortedRanges;
  std::vector<u32> table;
  const auto add_code = [&](u64 code) {
    table.push_back(low_word(code));
    if (formula.is_wide) table.push_back(high_word(code));
  };
  for (const CodeRange& range : ranges) add_code(range.first);
  for (const CodeRange& range : ranges) add_code(range.last);
  const u32 fixed[] = {0, static_cast<u32>(ranges.size())};
  formula.word = words.add(fixed);
  words.add_table(formula.word, std::move(table));
}

}  // namespace

Formula membership_formula(const Membership& membership, const table::CodeSpace& space, u32 slot,
                           FilterWords& words) {
  const CodeSet gaps = CodeSet::range(space.first_code, space.last_code).minus(membership.passes);
  Formula formula;
  formula.slot = slot;
  formula.is_wide = space.wide;
  formula.is_nullable = space.nullable;
  formula.null_passes = membership.null_passes;
  formula.is_negated = membership.most_gaps < membership.most_ranges;
  const CodeSet& set = formula.is_negated ? gaps : membership.passes;
  // The bound is the shape; NaN and nulls among constants can exceed it, then the number there is decides.
  const u64 count = std::max<u64>(std::min(membership.most_gaps, membership.most_ranges), set.ranges().size());
  if (count <= kMostUnrolledRanges) {
    formula.range_count = count <= 1 ? 1 : (count == 2 ? 2 : 4);
    write_ranges(formula, set.ranges(), words);
    return formula;
  }
  if (can_try_all_codes(space)) {
    formula.is_negated = false;
    write_bit_table(formula, membership.passes, space, words);
  } else {
    write_sorted_ranges(formula, set.ranges(), words);
  }
  return formula;
}

}  // namespace shoal::query
