// An axis cut into bins, as the kernels decide it: on column codes alone.
#pragma once

#include <vector>

#include "query/axis_bins_layout.gen.h"
#include "table/code_space.h"

namespace shoal::query {

// Most bins of an axis: pictures have at most 16,384 pixels a side.
inline constexpr u32 kMostBins = 16'384;

// Bin b holds the codes from first_codes[b] to the next bin's first, the last bin up to last_code. A bin is empty
// where two firsts are equal. No bin at all: first_codes is empty.
struct BinEdges {
  std::vector<u64> first_codes;  // ascending
  u64 last_code = 0;
  // Columns whose codes are not in the order of the axis (strings): the bin of each code; firsts are then not used.
  std::vector<u32> bin_of_code;
  u32 bin_count = 0;
  // Where floats lie: the kernel guesses by value.
  double low = 0, high = 1;
  // Codes of which bin b holds the even_bands x b / bin_count-th to the next bin's first, counted from even_first;
  // 0 where bins do not follow from codes that evenly.
  u64 even_bands = 0;
  i128 even_first = 0;  // may lie before the first code there is
};

// How a kernel finds the bin of a code: axis_bins.wgsl has a function for each.
enum class AxisForm : u8 { kEven, kTable, kNarrowEdges, kWideEdges };
AxisForm axis_form(const BinEdges& edges, const table::CodeSpace& space);

struct AxisTable {
  AxisBins params;  // `words` is set by who places them
  std::vector<u32> words;
};
AxisTable axis_table(const BinEdges& edges, const table::CodeSpace& space);

// The CPU twin: the bin of a code, or no bin.
inline constexpr u32 kNoBin = 0xffffffffu;
u32 bin_reference(const BinEdges& edges, u64 code);

}  // namespace shoal::query
