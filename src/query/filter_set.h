// A set of column codes: sorted, disjoint ranges that do not touch.
#pragma once

#include <span>
#include <vector>

#include "base/int.h"

namespace shoal::query {

struct CodeRange {
  u64 first = 0;
  u64 last = 0;  // inclusive: a space may use all 2^64 codes

  friend bool operator==(const CodeRange&, const CodeRange&) = default;
};

class CodeSet {
 public:
  CodeSet() = default;
  static CodeSet range(u64 first, u64 last);  // empty when first > last
  // Ranges in any order, which may overlap; those with first > last are empty.
  static CodeSet of(std::vector<CodeRange> ranges);
  static CodeSet unite(std::span<const CodeSet> sets);
  // What lies in `space` and in all sets.
  static CodeSet intersect(std::span<const CodeSet> sets, const CodeSet& space);

  CodeSet minus(const CodeSet& other) const;
  bool contains(u64 code) const;
  bool is_empty() const { return ranges_.empty(); }
  std::span<const CodeRange> ranges() const { return ranges_; }

  friend bool operator==(const CodeSet&, const CodeSet&) = default;

 private:
  std::vector<CodeRange> ranges_;
};

}  // namespace shoal::query
