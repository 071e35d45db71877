#include "query/types.h"

#include <algorithm>

namespace shoal::query {

SqlType sql_type(const table::ColumnType& type) {
  switch (type.kind) {
    case table::TypeKind::kBoolean: return kBooleanType;
    case table::TypeKind::kInteger:
      return {.kind = SqlKind::kInteger, .bits = type.bits, .is_signed = type.is_signed};
    case table::TypeKind::kFloat: return {.kind = SqlKind::kFloat, .bits = type.bits};
    case table::TypeKind::kTimestamp:
      return {.kind = SqlKind::kTimestamp, .unit = type.unit, .is_utc = type.is_utc};
    case table::TypeKind::kDate: return {.kind = SqlKind::kDate};
    case table::TypeKind::kString: return {.kind = SqlKind::kString};
    case table::TypeKind::kUnsupported: break;
  }
  return {};
}

std::string type_name(const SqlType& type) {
  using table::TypeKind;
  switch (type.kind) {
    case SqlKind::kNull: return "NULL";
    case SqlKind::kBoolean: return "boolean";
    case SqlKind::kInteger: return fmt::format("{}int{}", type.is_signed ? "" : "u", type.bits);
    case SqlKind::kDecimal: return "decimal";
    case SqlKind::kFloat: return fmt::format("float{}", type.bits);
    case SqlKind::kDate: return "date";
    case SqlKind::kTimestamp:
      return table::type_name({.kind = TypeKind::kTimestamp, .unit = type.unit, .is_utc = type.is_utc});
    case SqlKind::kString: return "string";
  }
  return "NULL";
}

bool is_exact_number(const SqlType& type) {
  return type.kind == SqlKind::kInteger || type.kind == SqlKind::kDecimal;
}
bool is_number(const SqlType& type) { return is_exact_number(type) || type.kind == SqlKind::kFloat; }

bool fits(const SqlType& integer_type, i128 value) {
  if (integer_type.bits == 128) return true;
  const i128 most = i128{1} << (integer_type.bits - (integer_type.is_signed ? 1 : 0));
  return value < most && value >= (integer_type.is_signed ? -most : i128{0});
}

SqlType integer_result_type(const SqlType& a, const SqlType& b) {
  if (a.is_signed == b.is_signed) return a.bits >= b.bits ? a : b;
  const SqlType& with_sign = a.is_signed ? a : b;
  const SqlType& without = a.is_signed ? b : a;
  if (with_sign.bits == 128 || without.bits == 64) return {.kind = SqlKind::kInteger, .bits = 128};
  if (with_sign.bits > without.bits) return with_sign;
  return {.kind = SqlKind::kInteger, .bits = 64};
}

}  // namespace shoal::query
