// Random conditions on random tables: DuckDB keeps the same rows.
#include <gtest/gtest.h>

#include <unistd.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "query/filter_test_random.h"

namespace shoal::query {
namespace {

constexpr size_t kRows = 40;
constexpr int kTables = 6;
constexpr int kConditionsPerTable = 150;

std::string duckdb_type(const table::ColumnType& type) {
  using table::TypeKind;
  switch (type.kind) {
    case TypeKind::kBoolean: return "BOOLEAN";
    case TypeKind::kInteger: {
      const std::string_view name = type.bits == 8    ? "TINYINT"
                                    : type.bits == 16 ? "SMALLINT"
                                    : type.bits == 32 ? "INTEGER"
                                                      : "BIGINT";
      return fmt::format("{}{}", type.is_signed ? "" : "U", name);
    }
    case TypeKind::kFloat: return type.bits == 32 ? "FLOAT" : "DOUBLE";
    case TypeKind::kTimestamp: {
      constexpr std::string_view kNames[] = {"TIMESTAMP_S", "TIMESTAMP_MS", "TIMESTAMP", "TIMESTAMP_NS"};
      return std::string(kNames[static_cast<size_t>(type.unit)]);
    }
    case TypeKind::kDate: return "DATE";
    default: return "VARCHAR";
  }
}

std::string duckdb_literal(const Value& value, const table::ColumnType& type) {
  if (value.is_null()) return "NULL";
  std::string text = to_text(value);
  if (type.kind == table::TypeKind::kFloat && std::isfinite(value.real)) text = fmt::format("{:.17g}", value.real);
  std::string quoted = "'";
  for (const char c : text) quoted += c == '\'' ? "''" : std::string(1, c);
  return fmt::format("CAST({}' AS {})", quoted, duckdb_type(type));
}

std::string statements_of(const TestTable& table) {
  std::string columns = "row_id INTEGER";
  for (const Column& column : table.columns) {
    columns += fmt::format(", \"{}\" {}", column.name, duckdb_type(column.codes.type));
  }
  std::string text = fmt::format("CREATE TABLE t ({})", columns);
  for (size_t row = 0; row < table.rows(); ++row) {
    text += fmt::format("\nINSERT INTO t VALUES ({}", row);
    for (size_t c = 0; c < table.columns.size(); ++c) {
      text += ", " + duckdb_literal(table.values[c][row], table.columns[c].codes.type);
    }
    text += ")";
  }
  return text;
}

std::vector<std::string> ask_duckdb(const TestTable& table, const std::vector<std::string>& conditions) {
  const std::string path = fmt::format("{}/shoal_oracle_{}.sql", testing::TempDir(), getpid());
  {
    std::ofstream file(path);
    file << statements_of(table) << "\n--\n";
    for (const std::string& condition : conditions) file << condition << "\n";
  }
  const std::string command = fmt::format("PYTHONPATH='{}' python3 '{}/src/query/filter_oracle.py' '{}'",
                                          SHOAL_ORACLE_PYTHONPATH, SHOAL_SOURCE_DIR, path);
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  char buffer[65536];
  while (const size_t count = std::fread(buffer, 1, sizeof buffer, pipe)) output.append(buffer, count);
  pclose(pipe);
  std::remove(path.c_str());
  std::vector<std::string> answers;
  std::istringstream lines(output);
  for (std::string line; std::getline(lines, line);) answers.push_back(line);
  return answers;
}

TEST(FilterOracle, DuckDbKeepsTheSameRows) {
  const char* given = std::getenv("SHOAL_SEED");
  const u64 first_seed = given != nullptr ? std::strtoull(given, nullptr, 10) : 417;
  int agreed = 0;
  int selective = 0;
  int refused = 0;
  int failed_in_duckdb = 0;
  for (u64 seed = first_seed; seed < first_seed + kTables; ++seed) {
    RandomFilters random(seed);
    const TestTable table = random.table(kRows);
    std::vector<std::string> conditions;
    for (int i = 0; i < kConditionsPerTable; ++i) conditions.push_back(random.condition(table, i % 3));
    const std::vector<std::string> answers = ask_duckdb(table, conditions);
    ASSERT_EQ(answers.size(), conditions.size())
        << "DuckDB did not answer. Run ./dev setup, which brings it to " << SHOAL_ORACLE_PYTHONPATH << ".";
    for (size_t i = 0; i < conditions.size(); ++i) {
      SCOPED_TRACE(fmt::format("SHOAL_SEED={} {}", seed, conditions[i]));
      const auto filter = compile_filter(conditions[i], table.columns);
      if (!filter) {
        ++refused;
        continue;
      }
      if (answers[i].starts_with("error: ")) {  // overflow, mostly, where ours has room
        ++failed_in_duckdb;
        continue;
      }
      std::string kept;
      size_t count = 0;
      for (size_t row = 0; row < kRows; ++row) {
        if (!table.keeps(*filter, row)) continue;
        kept += fmt::format("{}{}", kept.empty() ? "" : " ", row);
        ++count;
      }
      EXPECT_EQ(kept, answers[i]);
      ++agreed;
      if (count != 0 && count != kRows) ++selective;
    }
  }
  std::printf("seed %llu: %d compared (%d of them selective), %d refused, %d errors in DuckDB\n",
              static_cast<unsigned long long>(first_seed), agreed, selective, refused, failed_in_duckdb);
  EXPECT_GE(agreed, 300);
  EXPECT_GE(selective, 150);
  EXPECT_LT(failed_in_duckdb, agreed / 5);
}

}  // namespace
}  // namespace shoal::query
