// Collects a filter's words: fixed places first, whose indices are in the kernel's text, tables of any length
// behind them, which are found through an offset in a fixed place.
#pragma once

#include <span>
#include <utility>
#include <vector>

#include "base/int.h"

namespace shoal::query {

class FilterWords {
 public:
  // Appends fixed words and returns the index of the first.
  u32 add(std::span<const u32> words);
  u32 add_number(u64 number);  // two words
  // Appends a table; its offset is written to the fixed word `offset_word` by finish().
  void add_table(u32 offset_word, std::vector<u32> table);
  std::vector<u32> finish() &&;

 private:
  std::vector<u32> fixed_;
  std::vector<std::pair<u32, std::vector<u32>>> tables_;
};

}  // namespace shoal::query
