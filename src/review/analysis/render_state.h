// The state of a render pipeline, whichever command makes it.
#pragma once

#include "review/analysis/trace_edit.h"
#include "review/analysis/trace_model.h"

namespace shoal::review {

inline gpu::RenderState render_state(const TraceModel& model, u32 pipeline_step) {
  if (model.steps()[pipeline_step].opcode == gpu::CreateRenderPipeline::kOpcode)
    return model.read<gpu::CreateRenderPipeline>(pipeline_step).state;
  return model.read<gpu::CreateRenderPipelineAsync>(pipeline_step).state;
}

// Says the same pipeline with what change(state) leaves of its state.
template <class Change>
void change_render_state(const TraceModel& model, u32 pipeline_step, TraceEdit& edit, const Change& change) {
  const auto remake = [&](auto command) {
    change(command.state);
    edit.replace(pipeline_step, command);
  };
  if (model.steps()[pipeline_step].opcode == gpu::CreateRenderPipeline::kOpcode) {
    remake(model.read<gpu::CreateRenderPipeline>(pipeline_step));
  } else {
    remake(model.read<gpu::CreateRenderPipelineAsync>(pipeline_step));
  }
}

}  // namespace shoal::review
