// Which render pipelines show storage to their fragments. What fragments may write must be there for the next draw,
// so an adapter that works draws up together can have to end them one by one.
#pragma once

#include <string_view>
#include <unordered_set>

#include "review/analysis/trace_model.h"

namespace shoal::review {

// Whether that entry point, or what it calls, names a storage buffer or texture. `entry_point` may be "": the
// module's only fragment shader. Where the text cannot be parsed, whether it has one at all.
bool fragments_name_storage(std::string_view wgsl, std::string_view entry_point);

// By their layout where the program made one, else by what their fragments name.
std::unordered_set<u32> pipelines_with_fragment_storage(const TraceModel& model);

}  // namespace shoal::review
