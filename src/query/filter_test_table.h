// Small tables for the tests: values in, columns of codes out, encoded as narrowly as ingest would.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "query/filter.h"
#include "query/value.h"

namespace shoal::query {

struct TestTable {
  std::vector<Column> columns;
  std::vector<std::vector<u64>> codes;     // [column][row], 0xdeadbeef where null: kernels see such garbage
  std::vector<std::vector<Value>> values;  // [column][row]
  std::deque<table::Dictionary> dictionaries;
  std::deque<std::string> strings;

  size_t rows() const { return values.empty() ? 0 : values[0].size(); }
  // Booleans, integers, dates and timestamps; `type` says which.
  void add_integers(std::string name, table::ColumnType type, const std::vector<std::optional<i128>>& values);
  void add_floats(std::string name, u8 bits, const std::vector<std::optional<double>>& values);
  void add_strings(std::string name, const std::vector<std::optional<std::string>>& values);

  std::vector<Value> row(size_t index) const;
  bool keeps(const CompiledFilter& filter, size_t row) const;
  // Bit of slot k of the filter: not null.
  u32 validity(const CompiledFilter& filter, size_t row) const;
  std::vector<u64> row_codes(const CompiledFilter& filter, size_t row) const;
};

}  // namespace shoal::query
