#include "primitives/fold_states/fold_states.h"

#include <algorithm>
#include <array>

#include "primitives/arguments.h"
#include "primitives/fold_states/fold_states.kernel.h"
#include "primitives/fold_states/states_program.h"
#include "primitives/launch.h"

namespace shoal::primitives {
namespace {

constexpr std::string_view kName = "fold_states";
constexpr u32 kRowsPerStrip = 2048;  // fold_states.wgsl's
constexpr u32 kMostWords = 16;

u64 partial_bytes(const FoldStatesOptions& options, u32 most_rows) {
  const u64 strips = divide_round_up(u64{most_rows}, u64{kRowsPerStrip});
  return align_up(std::max<u64>(strips, 1) * options.state_words * 4, u64{16});
}

// fold_strips, fold_partials.
Result<Kernels> kernels_for(gpu::Device& device, const FoldStatesOptions& options) {
  if (options.program.text.empty()) {
    return fail(ErrorCode::kInvalidArgument,
                "`program` of fold_states is empty. Give WGSL with State, identity, lift and combine.");
  }
  const StatesProgram program = states_program(options);
  KernelChoice choice{.kernel = &fold_states_kernel(),
                      .entry_point = "fold_strips",
                      .program = program.text,
                      .program_bindings = program.bindings};
  std::array choices = {choice, choice};
  choices[1].entry_point = "fold_partials";
  return request_kernels(device, choices);
}

}  // namespace

StatesProgram states_program(const FoldStatesOptions& options) {
  const MonoidProgram& given = options.program;
  StatesProgram program{.text = std::string(given.text),
                        .bindings = {given.bindings.begin(), given.bindings.end()}};
  // A State of more words than was said does not compile.
  for (const std::string_view name : {"partials", "result"}) {
    const u32 binding = static_cast<u32>(program.bindings.size());
    program.text +=
        fmt::format("\n@group(1) @binding({}) var<storage, read_write> {}: array<State>;", binding, name);
    program.bindings.push_back({.group = 1,
                                .binding = binding,
                                .kind = wgsl::BindingKind::kStorageReadWrite,
                                .name = {},
                                .min_size_bytes = u64{options.state_words} * 4});
  }
  // Kernels of one text are one kernel.
  program.text += fmt::format("\nconst state_words = {}u;\n", options.state_words);
  return program;
}

Result<bool> prepare_fold_states(gpu::Device& device, const FoldStatesOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  return are_ready(kernels);
}

u64 fold_states_scratch_bytes(const FoldStatesOptions& options, u32 most_rows) {
  return partial_bytes(options, most_rows);
}

Result<void> fold_states(gpu::Frame& frame, const FoldStates& args) {
  gpu::Device& device = frame.device();
  const FoldStatesOptions& options = args.options;
  const bool has_words = options.state_words >= 1 && options.state_words <= kMostWords;
  Arguments arguments(device, kName, args.count);
  arguments.require(has_words, "`state_words` is not from 1 to 16. Give the words of a State in an array.")
      .require(args.program_views.size() == options.program.bindings.size(),
               "`program_views` has not a view for each binding of the program. Give one each.")
      .write_bytes("result", args.result, u64{options.state_words} * 4);
  for (const gpu::View& view : args.program_views) arguments.read_bytes("program_views", view, 4);
  SHOAL_TRY_SET(u32 most, arguments.check());
  // Arrays that would cut it are the program's, which alone knows what they hold.
  if (args.count.is_on_gpu()) most = std::min(most, args.most_rows);
  const u64 scratch_bytes = partial_bytes(options, most);
  if (args.scratch.buffer != 0) {
    SHOAL_TRY(Arguments(device, kName, args.count).scratch(args.scratch, scratch_bytes).check());
  }
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  SHOAL_TRY(require_ready(kernels, kName));
  const gpu::View scratch = scratch_for(device, args.scratch, scratch_bytes);
  std::vector<gpu::View> views(args.program_views.begin(), args.program_views.end());
  views.push_back({scratch.buffer, scratch.offset_bytes, scratch_bytes});
  views.push_back(args.result);
  const Step step{.elements_per_group = kRowsPerStrip, .program_views = views};
  std::array steps = {step, step};
  steps[0].kernel = kernels[0];
  steps[1].kernel = kernels[1];
  steps[1].elements_per_group = 0;
  run_steps(frame, kName, u64{most} * 4, args.count, most, steps);
  return {};
}

}  // namespace shoal::primitives
