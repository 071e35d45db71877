#include "query/axis_bins.h"

#include <algorithm>

namespace shoal::query {
namespace {

constexpr u64 kMostTableCodes = 65'536;
constexpr u32 kNoTableBin = 0xffff;

std::array<u32, 2> words_of(u64 code) { return {low_word(code), high_word(code)}; }

}  // namespace

u32 bin_reference(const BinEdges& edges, u64 code) {
  if (!edges.bin_of_code.empty())
    return code < edges.bin_of_code.size() ? edges.bin_of_code[static_cast<size_t>(code)] : kNoBin;
  if (edges.first_codes.empty() || code < edges.first_codes.front() || code > edges.last_code) return kNoBin;
  const auto above = std::ranges::upper_bound(edges.first_codes, code);
  return static_cast<u32>(above - edges.first_codes.begin()) - 1;
}

AxisForm axis_form(const BinEdges& edges, const table::CodeSpace& space) {
  if (space.wide) return AxisForm::kWideEdges;
  // The kernel's products stay below 2^31.
  const bool is_even = edges.even_bands != 0 && edges.even_bands < (u64{1} << 31) / std::max(edges.bin_count, 1u);
  if (is_even) return AxisForm::kEven;
  const bool has_few = space.first_code > space.last_code || space.last_code - space.first_code < kMostTableCodes;
  return has_few ? AxisForm::kTable : AxisForm::kNarrowEdges;
}

AxisTable axis_table(const BinEdges& edges, const table::CodeSpace& space) {
  const AxisForm form = axis_form(edges, space);
  AxisTable table;
  AxisBins& params = table.params;
  params.bin_count = std::max(edges.bin_count, 1u);
  params.first = words_of(1);
  params.last = words_of(0);
  params.table_codes = 1;
  const bool is_ordered = edges.bin_of_code.empty();
  // Codes that have a bin; strings lie along the axis in another order than their codes.
  const u64 first = is_ordered && !edges.first_codes.empty() ? std::max(edges.first_codes.front(), space.first_code)
                                                             : space.first_code;
  const u64 last = is_ordered ? std::min(edges.last_code, space.last_code) : space.last_code;
  const bool has_codes = first <= last && !(is_ordered && edges.first_codes.empty());
  if (has_codes) {
    params.first = words_of(first);
    params.last = words_of(last);
  }
  if (form == AxisForm::kEven) {
    params.table_first = static_cast<u32>(static_cast<u64>(edges.even_first));
    params.bands = static_cast<u32>(edges.even_bands);
    params.guess_scale = 1.0f / static_cast<float>(params.bands);
    return table;
  }
  if (form == AxisForm::kTable) {
    // All codes that occur, so that a kernel need not ask whether a code is in the table.
    params.table_first = low_word(space.first_code);
    const u64 codes = space.first_code <= space.last_code ? space.last_code - space.first_code + 1 : 1;
    params.table_codes = static_cast<u32>(codes);
    table.words.assign(static_cast<size_t>((codes + 1) / 2), 0xffffffffu);
    for (u64 code = first; has_codes && code <= last; ++code) {
      const u32 bin = std::min(bin_reference(edges, code), kNoTableBin);
      const u64 place = code - space.first_code;
      u32& word = table.words[static_cast<size_t>(place / 2)];
      const u32 shift = 16 * static_cast<u32>(place % 2);
      word = (word & ~(kNoTableBin << shift)) | bin << shift;
    }
    return table;
  }
  if (!has_codes) {
    table.words.assign(size_t{params.bin_count} * (space.wide ? 2 : 1), 0);
    return table;
  }
  const bool is_float = space.type.kind == table::TypeKind::kFloat;
  params.by_value = is_float ? 1 : 0;
  const double count = static_cast<double>(params.bin_count);
  if (is_float) {
    params.guess_low = static_cast<float>(edges.low);
    params.guess_scale = static_cast<float>(count / (edges.high - edges.low));
  } else {
    // By distance from `first`, which may lie inside a bin when no smaller code occurs.
    const double begin = static_cast<double>(edges.first_codes.front());
    params.guess_low = static_cast<float>(begin - static_cast<double>(first));
    params.guess_scale = static_cast<float>(count / (static_cast<double>(edges.last_code) - begin + 1));
  }
  for (const u64 code : edges.first_codes) {
    table.words.push_back(low_word(code));
    if (space.wide) table.words.push_back(high_word(code));
  }
  return table;
}

}  // namespace shoal::query
