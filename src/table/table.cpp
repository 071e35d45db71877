#include "table/table.h"

#include <algorithm>
#include <numeric>

#include "base/text.h"

namespace shoal::table {
namespace {

bool is_float(const ColumnType& type) { return type.kind == TypeKind::kFloat; }

// Floats are narrow while every chunk is stored as f32.
void update_float_space(CodeSpace& space, std::span<const StoredColumn> chunks) {
  space.wide =
      std::ranges::any_of(chunks, [](const StoredColumn& chunk) { return chunk.storage == Storage::kU64; });
  space.first_code = space.first_finite_code = std::numeric_limits<u64>::max();
  space.last_code = space.last_finite_code = 0;
  for (const StoredColumn& chunk : chunks) {
    if (!chunk.has_values) continue;
    const bool widens = space.wide && chunk.storage != Storage::kU64;
    const CodeSpace narrow{.type = space.type};
    const auto code = [&](u64 stored) { return widens ? f64_image(float_of_code(narrow, stored)) : stored; };
    space.first_code = std::min(space.first_code, code(chunk.first_code));
    space.last_code = std::max(space.last_code, code(chunk.last_code));
    if (chunk.first_finite_code > chunk.last_finite_code) continue;
    space.first_finite_code = std::min(space.first_finite_code, code(chunk.first_finite_code));
    space.last_finite_code = std::max(space.last_finite_code, code(chunk.last_finite_code));
  }
}

void update_integer_space(CodeSpace& space, std::span<const StoredColumn> chunks) {
  bool is_first = true;
  i128 smallest = 0, largest = 0;
  u64 divisor = 0;
  for (const StoredColumn& chunk : chunks) {
    if (!chunk.has_values) continue;
    const i128 last = chunk.base + static_cast<i128>(chunk.last_code) * static_cast<i128>(chunk.divisor);
    if (is_first) smallest = largest = chunk.base;
    const i128 apart = chunk.base > smallest ? chunk.base - smallest : smallest - chunk.base;
    // A chunk of one value fits every divisor.
    if (chunk.last_code > 0) divisor = std::gcd(divisor, chunk.divisor);
    divisor = std::gcd(divisor, static_cast<u64>(apart));
    smallest = std::min(smallest, chunk.base);
    largest = std::max(largest, last);
    is_first = false;
  }
  space.base = smallest;
  space.divisor = std::max<u64>(divisor, 1);
  space.first_code = is_first ? 1 : 0;
  space.last_code = static_cast<u64>(largest - smallest) / space.divisor;
  // The last u32 stays free: it stands for "beyond every code" where bins and ranges end.
  space.wide = space.last_code >= std::numeric_limits<u32>::max();
}

}  // namespace

Result<Table> Table::plan(const ChunkSource& source, u32 most_strings) {
  Table table;
  table.source_ = &source;
  SHOAL_TRY_SET(table.chunks_, plan_chunks(source.row_groups()));
  for (const SourceColumn& column : source.columns()) {
    Column& added = table.columns_.emplace_back();
    added.source = column;
    if (column.type.kind == TypeKind::kString) {
      added.dictionary = std::make_unique<Dictionary>(column.name, most_strings);
    }
    added.space = {.type = column.type, .dictionary = added.dictionary.get(), .first_code = 1, .last_code = 0};
  }
  return table;
}

u64 Table::size_bytes() const {
  u64 size_bytes = 0;
  for (const Column& column : columns_) {
    for (const StoredColumn& chunk : column.chunks) size_bytes += chunk.size_bytes();
  }
  return size_bytes;
}

Result<size_t> Table::find(std::string_view name) const {
  const auto found = std::ranges::find(columns_, name, [](const Column& column) { return column.source.name; });
  if (found == columns_.end()) {
    std::vector<std::string> names;
    for (const Column& column : columns_) names.push_back(column.source.name);
    return fail(ErrorCode::kNotFound, "There is no column {}.{}", quote(name), did_you_mean(name, names));
  }
  if (!found->source.unsupported.empty()) return fail(ErrorCode::kUnsupported, "{}", found->source.unsupported);
  return static_cast<size_t>(found - columns_.begin());
}

Result<void> Table::add_strings(size_t column, std::span<const std::string> strings) {
  for (const std::string& text : strings) SHOAL_TRY(columns_[column].dictionary->insert(text));
  return {};
}

void Table::add(size_t column, StoredColumn stored) {
  Column& target = columns_[column];
  target.space.nullable = target.space.nullable || stored.null_count > 0;
  target.chunks.push_back(std::move(stored));
  if (is_float(target.source.type)) {
    update_float_space(target.space, target.chunks);
  } else {
    update_integer_space(target.space, target.chunks);
  }
  // Strings keep their codes; what the chunks narrowed away comes back.
  if (target.dictionary != nullptr && target.space.first_code <= target.space.last_code) {
    target.space.last_code = static_cast<u64>(integer_of_code(target.space, target.space.last_code));
    target.space.first_code = static_cast<u64>(target.space.base);
    target.space.base = 0;
    target.space.divisor = 1;
  }
}

CodeMapping map_codes(const CodeSpace& space, const StoredColumn& stored) {
  if (is_float(space.type) || !stored.has_values) return {};
  return {.multiplier = std::max<u64>(stored.last_code > 0 ? stored.divisor / space.divisor : 1, 1),
          .bias = static_cast<u64>((stored.base - space.base) / static_cast<i128>(space.divisor))};
}

}  // namespace shoal::table
