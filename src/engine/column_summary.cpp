#include "engine/column_summary.h"

#include <algorithm>

#include "base/text.h"

namespace shoal::engine {
namespace {

std::string_view storage_name(const table::ColumnType& type, table::Storage storage) {
  const bool is_float = type.kind == table::TypeKind::kFloat;
  switch (storage) {
    case table::Storage::kU8: return "u8";
    case table::Storage::kU16: return "u16";
    case table::Storage::kU32: return is_float ? "f32" : "u32";
    case table::Storage::kU64: return is_float ? "f64" : "u64";
    case table::Storage::kF32OfF64: return "f32";
  }
  return "";
}

std::string encoding_text(const table::Column& column) {
  std::vector<std::string_view> names;
  for (const table::StoredColumn& chunk : column.chunks) {
    const std::string_view name = storage_name(column.source.type, chunk.storage);
    if (std::ranges::count(names, name) == 0) names.push_back(name);
  }
  std::string text;
  for (const std::string_view name : names) text.append(text.empty() ? "" : ", ").append(name);
  if (column.dictionary != nullptr) {
    return fmt::format("dictionary {} ({} strings)", text, group_thousands(column.dictionary->size()));
  }
  if (column.space.divisor > 1) return fmt::format("{} x {}", text, group_thousands(column.space.divisor));
  return text;
}

}  // namespace

ColumnSummary summarize(const table::Column& column) {
  ColumnSummary summary{.type = table::type_name(column.source.type), .encoding = "none"};
  if (!column.source.unsupported.empty()) return summary;
  summary.encoding = encoding_text(column);
  for (const table::StoredColumn& chunk : column.chunks) {
    summary.nulls += chunk.null_count;
    summary.gpu_bytes += chunk.size_bytes();
  }
  if (column.dictionary != nullptr) {
    const table::Dictionary& dictionary = *column.dictionary;
    for (u32 code = 0; code < dictionary.size(); ++code) {
      if (code == 0 || dictionary[code] < summary.min.text) summary.min = query::string_value(dictionary[code]);
      if (code == 0 || dictionary[code] > summary.max.text) summary.max = query::string_value(dictionary[code]);
    }
  } else if (column.space.first_code <= column.space.last_code) {
    summary.min = query::value_of_code(column.space, column.space.first_code);
    summary.max = query::value_of_code(column.space, column.space.last_code);
  }
  return summary;
}

}  // namespace shoal::engine
