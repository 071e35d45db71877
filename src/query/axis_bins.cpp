#include "query/axis_bins.h"

#include <algorithm>

namespace shoal::query {
namespace {

// As in axis_bins.wgsl.
enum class Mode : u32 { kTable, kEdges, kEdgesOfFloats };
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

AxisTable axis_table(const BinEdges& edges, const table::CodeSpace& space) {
  AxisTable table;
  AxisBins& params = table.params;
  params.bin_count = std::max(edges.bin_count, 1u);
  const bool has_codes =
      edges.bin_of_code.empty() ? !edges.first_codes.empty() && edges.first_codes.front() <= edges.last_code : true;
  if (!has_codes || space.first_code > space.last_code) {
    params.first = words_of(1);
    params.last = words_of(0);
    table.words = {0};
    return table;
  }
  // Codes that do not occur need no place in the table.
  const u64 first = edges.bin_of_code.empty() ? std::max(edges.first_codes.front(), space.first_code) : 0;
  const u64 last =
      edges.bin_of_code.empty() ? std::min(edges.last_code, space.last_code) : edges.bin_of_code.size() - 1;
  params.first = words_of(first);
  params.last = words_of(last);
  if (first > last) {
    table.words = {0};
    return table;
  }
  if (!space.wide && last - first < kMostTableCodes) {
    params.mode = static_cast<u32>(Mode::kTable);
    table.words.assign(static_cast<size_t>((last - first) / 2 + 1), 0);
    for (u64 code = first; code <= last; ++code) {
      const u32 bin = std::min(bin_reference(edges, code), kNoTableBin);
      table.words[static_cast<size_t>((code - first) / 2)] |= bin << (16 * ((code - first) % 2));
    }
    return table;
  }
  const bool is_float = space.type.kind == table::TypeKind::kFloat;
  params.mode = static_cast<u32>(is_float ? Mode::kEdgesOfFloats : Mode::kEdges);
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
