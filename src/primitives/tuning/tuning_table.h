// The constants of primitives that depend on the adapter, as data: a row a line. `shoal bench --tune NAME` tries
// what the space declares and prints the row to add here.
#pragma once

#include <string_view>

namespace shoal::primitives {

// Primitive, class of adapters, constants. Of the classes that an adapter belongs to the narrowest counts:
// software; or nvidia before gpu, which is an adapter that says it is one, as browsers' do not; any is safe
// anywhere.
inline constexpr std::string_view kTuningTable = R"(
strips any blocked=0
strips software blocked=1
reduce any workgroups=8192
reduce software workgroups=16
density any runs=1
density software runs=0
sort any staged=0 teams=8
sort gpu staged=1 teams=16
look_back any chained=0
look_back gpu chained=1
histogram any columned=0
histogram gpu columned=1
)";

// What may be tried, for any class; every row of the table is in it.
//   strips  blocked: whether a lane takes 16 elements in a row of a strip, or 4 beside its neighbour's (team.wgsl)
//   reduce  workgroups: how many there are where no more are needed; each takes up to 16 blocks
//   density runs: whether equal bins of neighbouring rows are added at once, where there are subgroups
//   sort    staged: whether tiles are put in order in workgroup memory first, where it is large enough
//           teams: subgroups a workgroup, 8 at most where not staged, and never more lanes than 256
//   look_back  chained: whether scans and compactions that can read once, where there are subgroups
//   histogram  columned: whether lanes count in columns of their own, with up to 2,048 bins
inline constexpr std::string_view kTuningSpace = R"(
strips any blocked=0
strips any blocked=1
reduce any workgroups=4
reduce any workgroups=16
reduce any workgroups=64
reduce any workgroups=512
reduce any workgroups=2048
reduce any workgroups=8192
reduce any workgroups=32768
density any runs=0
density any runs=1
sort any staged=0 teams=4
sort any staged=0 teams=8
sort any staged=1 teams=4
sort any staged=1 teams=8
sort any staged=1 teams=16
look_back any chained=0
look_back any chained=1
histogram any columned=0
histogram any columned=1
)";

}  // namespace shoal::primitives
