#include "query/filter_words.h"

namespace shoal::query {

u32 FilterWords::add(std::span<const u32> words) {
  const u32 index = static_cast<u32>(fixed_.size());
  fixed_.insert(fixed_.end(), words.begin(), words.end());
  return index;
}

u32 FilterWords::add_number(u64 number) {
  const u32 words[] = {low_word(number), high_word(number)};
  return add(words);
}

void FilterWords::add_table(u32 offset_word, std::vector<u32> table) {
  tables_.emplace_back(offset_word, std::move(table));
}

std::vector<u32> FilterWords::finish() && {
  std::vector<u32> all = std::move(fixed_);
  for (const auto& [offset_word, table] : tables_) {
    all[offset_word] = static_cast<u32>(all.size());
    all.insert(all.end(), table.begin(), table.end());
  }
  return all;
}

}  // namespace shoal::query
