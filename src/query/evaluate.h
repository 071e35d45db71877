// SQL's meaning of a typed expression, on real values: three-valued logic, DuckDB's NaN (equal to itself,
// above infinity), -0 = 0, x / 0 by IEEE, exact integers and decimals. Slow and exact: what the filters'
// code sets are made from, and what they are tested against.
#pragma once

#include <span>

#include "query/types.h"

namespace shoal::query {

// The values of one row: of every column of the table, or of the only one the expression reads.
class RowValues {
 public:
  explicit RowValues(std::span<const Value> all) : all_(all) {}
  explicit RowValues(const Value& only) : only_(&only) {}
  const Value& operator[](size_t column) const { return only_ != nullptr ? *only_ : all_[column]; }

 private:
  std::span<const Value> all_;
  const Value* only_ = nullptr;
};

// `overflow` is set to the first node whose result leaves its type, where DuckDB fails; the value is then null.
Value evaluate(const Typed& node, const RowValues& row, const Typed*& overflow);

// Less, equal, greater as -1, 0, 1. Neither is null and the binder has found them comparable: both exact
// numbers or booleans, both floats, both dates or timestamps of any unit, or both strings.
int compare_values(const Value& a, const Value& b);
bool holds(Comparison comparison, int order);

// An exact number as DuckDB converts it to a float of 32 or 64 bits.
Value cast_to_float(const Value& value, u8 bits);

// The power of ten, for exponents up to 38.
i128 power_of_ten(u32 exponent);

}  // namespace shoal::query
