// Which objects are made as another was: of the same descriptor, of objects that are the same themselves.
#pragma once

#include <string>
#include <unordered_map>

#include "review/analysis/trace_model.h"

namespace shoal::review {

struct MadeAgain {
  u32 step = 0;  // that makes it
  u32 object = 0;
  u32 first = 0;  // the one that could take its place
};

// All of these kinds, in order. Buffers and textures are each their own.
std::vector<MadeAgain> objects_made_again(const TraceModel& model);

}  // namespace shoal::review
