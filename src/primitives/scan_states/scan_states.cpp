#include "primitives/scan_states/scan_states.h"

#include <array>

#include "primitives/fold_states/fold_states.kernel.h"
#include "primitives/fold_states/states_program.h"
#include "primitives/scan_states/scan_states.kernel.h"
#include "primitives/scan_states/scan_states_layout.gen.h"

namespace shoal::primitives {
namespace {

constexpr std::string_view kName = "scan_states";
constexpr std::string_view kArrays[] = {"partials", "result", "total"};

struct Plan {
  gpu::View partials, total;
  u64 size_bytes = 0;
};

Plan plan_for(const FoldStatesOptions& options, u32 most_rows) {
  ScratchLayout layout;
  Plan plan;
  plan.partials = layout.add(state_partials_bytes(options, most_rows));
  plan.total = layout.add(u64{state_words_of(options)} * 4);
  plan.size_bytes = layout.size_bytes();
  return plan;
}

// fold_states' fold_strips, over the arrays of all three, then scan_partials and scan_strips.
Result<Kernels> kernels_for(gpu::Device& device, const FoldStatesOptions& options) {
  SHOAL_TRY(require_states_text(options, kName));
  const StatesProgram program = states_program(options, kArrays);
  const KernelChoice choice{.program = program.text, .program_bindings = program.bindings};
  std::array choices = {choice, choice, choice};
  choices[0].kernel = &fold_states_kernel();
  choices[0].entry_point = "fold_strips";
  choices[1].kernel = choices[2].kernel = &scan_states_kernel();
  choices[1].entry_point = "scan_partials";
  choices[2].entry_point = "scan_strips";
  return request_kernels(device, choices);
}

}  // namespace

Result<bool> prepare_scan_states(gpu::Device& device, const FoldStatesOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  return are_ready(kernels);
}

u64 scan_states_scratch_bytes(const FoldStatesOptions& options, u32 most_rows) {
  return plan_for(options, most_rows).size_bytes;
}

Result<void> scan_states(gpu::Frame& frame, const ScanStates& args) {
  gpu::Device& device = frame.device();
  const FoldStatesOptions& options = args.options;
  const u32 bits = state_words_of(options) * 32;
  const Plan plan = plan_for(options, most_elements(args.count, args.result, bits));
  Arguments arguments(device, kName, args.count);
  require_states(arguments, options, args.program_views);
  arguments.write("result", args.result, bits).scratch(args.scratch, plan.size_bytes);
  if (args.total.buffer != 0) arguments.write_bytes("total", args.total, bits / 8);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  SHOAL_TRY(require_ready(kernels, kName));
  const gpu::View scratch = scratch_for(frame, args.scratch, plan.size_bytes);
  std::vector<gpu::View> views(args.program_views.begin(), args.program_views.end());
  views.insert(views.end(), {part_of(scratch, plan.partials), args.result,
                             args.total.buffer != 0 ? args.total : part_of(scratch, plan.total)});
  Step step{.elements_per_group = kRowsPerStateStrip, .program_views = views};
  step.with(ScanStatesParams{.is_inclusive = args.is_inclusive ? 1u : 0u});
  std::array steps = {step, step, step};
  for (size_t i = 0; i < steps.size(); ++i) steps[i].kernel = kernels[i];
  steps[1].elements_per_group = 0;
  run_steps(frame, kName, u64{most} * (8 + bits / 8), args.count, most, steps);
  return {};
}

}  // namespace shoal::primitives
