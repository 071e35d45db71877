#include "query/filter_test_random.h"

#include <cmath>
#include <limits>

#include "query/value_calendar.h"

namespace shoal::query {
namespace {

using table::TimeUnit;
using table::TypeKind;

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

const std::vector<std::string> kStrings = {"",     "a",    "A",   "ab", "SFO", "SF",   "OAK", "JFK",
                                           "it's", "100%", "a_b", "é",  "zé",  "日本", "NaN", "SEA"};
const std::vector<std::string> kPatterns = {"%", "_", "S%", "%F%", "_F_", "a\\_b", "%é", "", "100!%", "%a%b%"};
const std::vector<std::string> kComparisons = {"=", "<>", "<", "<=", ">", ">="};

std::string quoted(const std::string& text) {
  std::string literal = "'";
  for (const char c : text) literal += c == '\'' ? "''" : std::string(1, c);
  return literal + "'";
}

bool is_number(const table::ColumnType& type) {
  return type.kind == TypeKind::kInteger || type.kind == TypeKind::kFloat;
}
bool is_time(const table::ColumnType& type) {
  return type.kind == TypeKind::kDate || type.kind == TypeKind::kTimestamp;
}

}  // namespace

std::optional<i128> RandomFilters::integer(i128 low, i128 high) {
  const u128 span = static_cast<u128>(high - low) + 1;
  switch (below(8)) {
    case 0: return std::nullopt;
    case 1: return low;
    case 2: return high;
    case 3:
    case 4: {  // around zero, where ranges allow it
      const i128 near = static_cast<i128>(below(200)) - 100;
      return near < low ? low : (near > high ? high : near);
    }
    default: {
      const u128 wide = (static_cast<u128>(random_()) << 64) | random_();
      return low + static_cast<i128>(wide % span);
    }
  }
}

TestTable RandomFilters::table(size_t rows) {
  TestTable t;
  const auto integers = [&](const std::string& name, table::ColumnType type, i128 low, i128 high, i128 factor = 1) {
    std::vector<std::optional<i128>> values;
    const bool has_nulls = chance(60);
    while (values.size() < rows) {
      auto value = integer(low, high);
      if (!value && !has_nulls) continue;
      values.push_back(value ? std::optional(*value * factor) : std::nullopt);
    }
    t.add_integers(name, type, values);
  };
  const auto integer_type = [](u8 bits, bool is_signed) {
    return table::ColumnType{.kind = TypeKind::kInteger, .bits = bits, .is_signed = is_signed};
  };
  const auto timestamp_type = [](TimeUnit unit) {
    return table::ColumnType{.kind = TypeKind::kTimestamp, .unit = unit};
  };
  integers("i8", integer_type(8, true), -128, 127);
  integers("i16", integer_type(16, true), -3000, 3000);
  integers("i32", integer_type(32, true), -1'000'000'000, 1'000'000'000);
  integers("i64", integer_type(64, true), std::numeric_limits<i64>::min(), std::numeric_limits<i64>::max());
  integers("i64b", integer_type(64, true), -1'000'000, 1'000'000, 1000);
  integers("u8", integer_type(8, false), 0, 255);
  integers("u32", integer_type(32, false), 0, ~u32{0});
  integers("u64", integer_type(64, false), 0, i128{~u64{0}});
  integers("flag", {.kind = TypeKind::kBoolean}, 0, 1);
  integers("flag2", {.kind = TypeKind::kBoolean}, 0, 1);
  integers("day", {.kind = TypeKind::kDate}, -1000, 20'000);
  integers("day2", {.kind = TypeKind::kDate}, 10'000, 10'100);
  integers("seconds", timestamp_type(TimeUnit::kSecond), -100'000'000, 1'000'000'000);
  integers("millis", timestamp_type(TimeUnit::kMilli), -86'400'000, 86'400'000, 500);
  integers("micros", timestamp_type(TimeUnit::kMicro), -1'000'000, 1'000'000, 60'000'000);
  integers("nanos", timestamp_type(TimeUnit::kNano), -2'000'000'000'000'000'000, 2'000'000'000'000'000'000);

  const std::vector<double> special = {0.0, -0.0, kInfinity, -kInfinity, kNan,
                                       0.5, -1.5, 1e30,      0x1p-149,   -0x1p-149};
  const auto floats = [&](const std::string& name, u8 bits, bool is_fine) {
    std::vector<std::optional<double>> values;
    const bool has_nulls = chance(60);
    const bool has_special = chance(70);
    while (values.size() < rows) {
      const u64 what = below(10);
      double value = static_cast<double>(static_cast<i64>(below(2001)) - 1000) / 8;
      if (what == 0 && has_nulls) {
        values.emplace_back();
        continue;
      }
      if (what < 4 && has_special) value = pick(special);
      if (what > 7 && is_fine) value = static_cast<double>(random_()) / 3e15 - 2000;
      values.emplace_back(bits == 32 ? static_cast<double>(static_cast<float>(value)) : value);
    }
    t.add_floats(name, bits, values);
  };
  floats("f32", 32, true);
  floats("f32b", 32, false);
  floats("f64", 64, true);
  floats("f64b", 64, true);
  floats("f64n", 64, false);

  for (const std::string name : {"text", "text2"}) {
    std::vector<std::optional<std::string>> values;
    const bool has_nulls = chance(60);
    while (values.size() < rows) {
      values.push_back(has_nulls && chance(10) ? std::nullopt : std::optional(pick(kStrings)));
    }
    t.add_strings(name, values);
  }
  return t;
}

std::string RandomFilters::number(const TestTable& table) {
  (void)table;
  switch (below(8)) {
    case 0: return "0";
    case 1: return fmt::format("{}.{}", static_cast<i64>(below(200)) - 100, below(100));
    case 2: return fmt::format("{}e0", static_cast<i64>(below(2000)) - 1000);
    case 3: return fmt::format("{}", static_cast<i64>(random_()));
    case 4:
      return pick(std::vector<std::string>{"1e300", "-1e300", "0.1", "9007199254740993", "18446744073709551615"});
    default: return fmt::format("{}", static_cast<i64>(below(200)) - 100);
  }
}

// A value of the column, one near it, or any of its type.
std::string RandomFilters::constant(const TestTable& table, size_t column) {
  const table::ColumnType& type = table.columns[column].codes.type;
  const Value& value = table.values[column][below(table.rows())];
  if (chance(3) || value.is_null()) return chance(50) ? "NULL" : (is_number(type) ? number(table) : "NULL");
  switch (type.kind) {
    case TypeKind::kInteger: {
      if (chance(30)) return number(table);
      const std::string digits = integer_text(value.integer + static_cast<i64>(below(3)) - 1);
      if (chance(10)) return digits + ".5";
      return chance(5) ? quoted(to_text(value)) : digits;
    }
    case TypeKind::kFloat: {
      if (chance(40)) return number(table);
      return std::isfinite(value.real) && chance(50) ? fmt::format("{:e}", value.real) : quoted(to_text(value));
    }
    case TypeKind::kBoolean: return chance(50) ? "TRUE" : (chance(50) ? "FALSE" : "1");
    case TypeKind::kDate: {
      const std::string text = quoted(date_text(static_cast<i64>(value.integer) + static_cast<i64>(below(3)) - 1));
      return chance(50) ? text : "DATE " + text;
    }
    case TypeKind::kTimestamp: {
      const std::string text = quoted(timestamp_text(static_cast<i64>(value.integer), value.unit, false));
      return chance(40) ? text : "TIMESTAMP " + text;
    }
    default: return quoted(chance(70) ? std::string(value.text) : pick(kStrings));
  }
}

std::string RandomFilters::operand(const TestTable& table, size_t column) {
  const std::string& name = table.columns[column].name;
  const table::ColumnType& type = table.columns[column].codes.type;
  if (is_number(type)) {
    switch (below(10)) {
      case 0: return fmt::format("({} + {})", name, number(table));
      case 1: return fmt::format("({} - {})", number(table), name);
      case 2: return fmt::format("({} * {})", name, number(table));
      case 3: return fmt::format("({} / {})", name, number(table));
      case 4: return "-" + name;
      case 5: return fmt::format("({0} * 2 - {0} * {0})", name);
      default: return name;
    }
  }
  if (type.kind == TypeKind::kDate && chance(20)) return fmt::format("({} + {})", name, below(100));
  return name;
}

std::string RandomFilters::leaf(const TestTable& table) {
  const size_t column = below(table.columns.size());
  const table::ColumnType& type = table.columns[column].codes.type;
  const std::string value = operand(table, column);
  const std::string is_not = chance(30) ? "NOT " : "";
  if (chance(15)) {  // against another column
    for (int tries = 0; tries < 50; ++tries) {
      const size_t other = below(table.columns.size());
      const table::ColumnType& other_type = table.columns[other].codes.type;
      const bool matches = type.kind == other_type.kind || (is_time(type) && is_time(other_type));
      if (!matches || other == column) continue;
      std::string left = table.columns[column].name;
      if (type.kind == TypeKind::kInteger && chance(50)) {
        left = fmt::format("{} {} {} * {}", left, chance(50) ? "+" : "-", table.columns[below(8)].name, below(50));
      }
      return fmt::format("{} {} {}", left, chance(10) ? "IS DISTINCT FROM" : pick(kComparisons),
                         table.columns[other].name);
    }
  }
  if (type.kind == TypeKind::kString && chance(30)) {
    return fmt::format("{} {}LIKE {}{}", value, is_not, quoted(pick(kPatterns)), chance(30) ? " ESCAPE '!'" : "");
  }
  if (type.kind == TypeKind::kBoolean && chance(50)) return value;
  switch (below(8)) {
    case 0: return fmt::format("{} IS {}NULL", value, is_not);
    case 1:
      return fmt::format("{} {}BETWEEN {} AND {}", value, is_not, constant(table, column), constant(table, column));
    case 2: {
      std::string list = constant(table, column);
      for (u64 i = below(chance(20) ? 40 : 5); i > 0; --i) list += ", " + constant(table, column);
      return fmt::format("{} {}IN ({})", value, is_not, list);
    }
    case 3: return fmt::format("{} IS {}DISTINCT FROM {}", value, is_not, constant(table, column));
    case 4: return fmt::format("{} {} {}", constant(table, column), pick(kComparisons), value);
    default: return fmt::format("{} {} {}", value, pick(kComparisons), constant(table, column));
  }
}

std::string RandomFilters::condition(const TestTable& table, int depth) {
  if (depth == 0 || chance(20)) return leaf(table);
  switch (below(8)) {
    case 0: return fmt::format("NOT ({})", condition(table, depth - 1));
    case 1:
      return fmt::format("({}) IS {}{}", condition(table, depth - 1), chance(50) ? "NOT " : "",
                         pick(std::vector<std::string>{"NULL", "TRUE", "FALSE"}));
    default: {
      const std::string_view word = chance(50) ? " AND " : " OR ";
      std::string text = fmt::format("({})", condition(table, depth - 1));
      for (u64 i = 0; i <= below(3); ++i) text += fmt::format("{}({})", word, condition(table, depth - 1));
      return text;
    }
  }
}

}  // namespace shoal::query
