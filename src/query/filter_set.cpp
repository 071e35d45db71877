#include "query/filter_set.h"

#include <algorithm>
#include <limits>

#include "base/heap_sort.h"

namespace shoal::query {

CodeSet CodeSet::range(u64 first, u64 last) {
  CodeSet set;
  if (first <= last) set.ranges_.push_back({first, last});
  return set;
}

CodeSet CodeSet::of(std::vector<CodeRange> ranges) {
  std::erase_if(ranges, [](const CodeRange& range) { return range.first > range.last; });
  heap_sort(ranges, {}, &CodeRange::first);
  CodeSet set;
  for (const CodeRange& range : ranges) {
    // Ranges that touch are one: last + 1 cannot wrap, since a later range that starts at 0 overlaps.
    if (!set.ranges_.empty() &&
        (range.first <= set.ranges_.back().last || range.first == set.ranges_.back().last + 1)) {
      set.ranges_.back().last = std::max(set.ranges_.back().last, range.last);
    } else {
      set.ranges_.push_back(range);
    }
  }
  return set;
}

CodeSet CodeSet::unite(std::span<const CodeSet> sets) {
  std::vector<CodeRange> all;
  for (const CodeSet& set : sets) all.insert(all.end(), set.ranges_.begin(), set.ranges_.end());
  return of(std::move(all));
}

CodeSet CodeSet::intersect(std::span<const CodeSet> sets, const CodeSet& space) {
  // What no set lacks: one sort however many sets there are.
  std::vector<CodeRange> lacking;
  for (const CodeSet& set : sets) {
    const CodeSet rest = space.minus(set);
    lacking.insert(lacking.end(), rest.ranges_.begin(), rest.ranges_.end());
  }
  return space.minus(of(std::move(lacking)));
}

CodeSet CodeSet::minus(const CodeSet& other) const {
  CodeSet rest;
  auto cut = other.ranges_.begin();
  for (CodeRange range : ranges_) {
    while (cut != other.ranges_.end() && cut->last < range.first) ++cut;
    bool has_rest = true;
    for (auto c = cut; c != other.ranges_.end() && c->first <= range.last; ++c) {
      if (c->first > range.first) rest.ranges_.push_back({range.first, c->first - 1});
      if (c->last >= range.last) {
        has_rest = false;
        break;
      }
      range.first = c->last + 1;
    }
    if (has_rest) rest.ranges_.push_back(range);
  }
  return rest;
}

bool CodeSet::contains(u64 code) const {
  const auto behind = std::upper_bound(ranges_.begin(), ranges_.end(), code,
                                       [](u64 value, const CodeRange& range) { return value < range.first; });
  return behind != ranges_.begin() && std::prev(behind)->last >= code;
}

}  // namespace shoal::query
