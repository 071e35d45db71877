#include "query/filter_test_table.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace shoal::query {
namespace {

constexpr u64 kGarbage = 0xdeadbeefdeadbeef;

void set_code_range(table::CodeSpace& space, const std::vector<std::optional<u64>>& codes) {
  space.first_code = 1;
  space.last_code = 0;
  bool is_first = true;
  for (const auto& code : codes) {
    if (!code) {
      space.nullable = true;
      continue;
    }
    space.first_code = is_first ? *code : std::min(space.first_code, *code);
    space.last_code = is_first ? *code : std::max(space.last_code, *code);
    is_first = false;
  }
}

void append(TestTable& table, std::string name, table::CodeSpace space,
            const std::vector<std::optional<u64>>& codes) {
  set_code_range(space, codes);
  std::vector<u64> row_codes;
  std::vector<Value> values;
  for (const auto& code : codes) {
    row_codes.push_back(code.value_or(space.wide ? kGarbage : low_word(kGarbage)));
    values.push_back(code ? value_of_code(space, *code) : Value{});
  }
  table.columns.push_back({std::move(name), space});
  table.codes.push_back(std::move(row_codes));
  table.values.push_back(std::move(values));
}

}  // namespace

void TestTable::add_integers(std::string name, table::ColumnType type,
                             const std::vector<std::optional<i128>>& input) {
  table::CodeSpace space;
  space.type = type;
  std::optional<i128> low;
  std::optional<i128> high;
  for (const auto& value : input) {
    if (!value) continue;
    low = std::min(low.value_or(*value), *value);
    high = std::max(high.value_or(*value), *value);
  }
  space.base = low.value_or(0);
  u64 divisor = 0;
  for (const auto& value : input) {
    if (value) divisor = std::gcd(divisor, static_cast<u64>(*value - space.base));
  }
  space.divisor = std::max<u64>(divisor, 1);
  space.wide = low && (*high - *low) / static_cast<i128>(space.divisor) > i128{~u32{0}};
  std::vector<std::optional<u64>> encoded;
  for (const auto& value : input) {
    encoded.push_back(value ? table::code_of_integer(space, *value) : std::nullopt);
  }
  append(*this, std::move(name), space, encoded);
}

void TestTable::add_floats(std::string name, u8 bits, const std::vector<std::optional<double>>& input) {
  table::CodeSpace space;
  space.type = {.kind = table::TypeKind::kFloat, .bits = bits};
  for (const auto& value : input) {
    if (value && !std::isnan(*value) && static_cast<double>(static_cast<float>(*value)) != *value)
      space.wide = true;
  }
  std::vector<std::optional<u64>> encoded;
  for (const auto& value : input) {
    if (!value) {
      encoded.emplace_back();
    } else {
      encoded.push_back(space.wide ? table::f64_image(*value) : u64{table::f32_image(static_cast<float>(*value))});
    }
  }
  append(*this, std::move(name), space, encoded);
}

void TestTable::add_strings(std::string name, const std::vector<std::optional<std::string>>& input) {
  table::Dictionary& dictionary = dictionaries.emplace_back();
  std::vector<std::optional<u64>> encoded;
  for (const auto& value : input) {
    if (value) {
      encoded.push_back(*dictionary.insert(*value));
    } else {
      encoded.emplace_back();
    }
  }
  table::CodeSpace space;
  space.type = {.kind = table::TypeKind::kString};
  space.dictionary = &dictionary;
  append(*this, std::move(name), space, encoded);
}

std::vector<Value> TestTable::row(size_t index) const {
  std::vector<Value> row;
  for (const auto& column : values) row.push_back(column[index]);
  return row;
}

u32 TestTable::validity(const CompiledFilter& filter, size_t row) const {
  u32 valid = 0;
  for (size_t slot = 0; slot < filter.columns.size(); ++slot) {
    if (!values[filter.columns[slot]][row].is_null()) valid |= u32{1} << slot;
  }
  return valid;
}

std::vector<u64> TestTable::row_codes(const CompiledFilter& filter, size_t row) const {
  std::vector<u64> row_codes;
  for (const size_t column : filter.columns) row_codes.push_back(codes[column][row]);
  return row_codes;
}

bool TestTable::keeps(const CompiledFilter& filter, size_t row) const {
  return keep_reference(filter, row_codes(filter, row), validity(filter, row));
}

}  // namespace shoal::query
