// Random tables of every column type and random conditions over them, from a seed.
#pragma once

#include <random>
#include <string>

#include "query/filter_test_table.h"

namespace shoal::query {

class RandomFilters {
 public:
  explicit RandomFilters(u64 seed) : random_(seed) {}

  TestTable table(size_t rows);
  // Mostly well typed; some are refused, as real ones are.
  std::string condition(const TestTable& table, int depth);

 private:
  u64 below(u64 count) { return random_() % count; }
  bool chance(u64 percent) { return below(100) < percent; }
  template <class T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  std::optional<i128> integer(i128 low, i128 high);
  std::string leaf(const TestTable& table);
  std::string operand(const TestTable& table, size_t column);
  std::string constant(const TestTable& table, size_t column);
  std::string number(const TestTable& table);

  std::mt19937_64 random_;
};

}  // namespace shoal::query
