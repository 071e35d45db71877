// Where draws put their vertices, for those whose shader and bytes tell: what one of them covers, and what none can
// see.
#pragma once

#include <functional>

#include "review/analysis/trace_model.h"

namespace shoal::review {

struct Drawn {
  u32 step = 0;
  u32 pass_step = 0;  // that begins its pass
  u32 number = 0;     // in the pass, from 0
  u32 pipeline = 0;
  u32 pipeline_step = 0;  // that makes its pipeline
  bool is_outside =
      false;  // all of it lies beyond one side of the picture, or its scissor rectangle or viewport is empty
  bool covers = false;  // each pixel of the picture, once or more, whatever is there
};

// Calls visitor for each draw of render passes, in the order of the GPU. Vertices are worked out up to some
// millions: draws beyond are neither outside nor cover.
void visit_drawn(const TraceModel& model, const std::function<void(const Drawn&)>& visitor);

}  // namespace shoal::review
