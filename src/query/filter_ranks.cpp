#include "query/filter_ranks.h"

#include <algorithm>
#include <string_view>

namespace shoal::query {
namespace {

struct Entry {
  std::string_view text;
  u32* rank = nullptr;
};

void add_entries(const table::CodeSpace& space, std::vector<u32>& ranks, std::vector<Entry>& entries) {
  if (space.first_code > space.last_code) return;
  ranks.resize(static_cast<size_t>(space.last_code - space.first_code + 1));
  for (size_t i = 0; i < ranks.size(); ++i) {
    entries.push_back({(*space.dictionary)[static_cast<u32>(space.first_code + i)], &ranks[i]});
  }
}

}  // namespace

std::pair<std::vector<u32>, std::vector<u32>> common_ranks(const table::CodeSpace& a, const table::CodeSpace& b) {
  std::pair<std::vector<u32>, std::vector<u32>> ranks;
  std::vector<Entry> entries;
  add_entries(a, ranks.first, entries);
  add_entries(b, ranks.second, entries);
  std::sort(entries.begin(), entries.end(), [](const Entry& x, const Entry& y) { return x.text < y.text; });
  u32 rank = 0;
  for (size_t i = 0; i < entries.size(); ++i) {
    if (i > 0 && entries[i].text != entries[i - 1].text) ++rank;
    *entries[i].rank = rank;
  }
  return ranks;
}

}  // namespace shoal::query
