#include "primitives/envelope/envelope.h"

#include "primitives/arguments.h"
#include "primitives/envelope/envelope.kernel.h"
#include "primitives/envelope/envelope_layout.gen.h"
#include "primitives/key_order.h"
#include "primitives/launch.h"

namespace shoal::primitives {
namespace {

// envelope.wgsl's.
constexpr u32 kRowsPerGroup = 16384, kLanes = 256, kBytesPerColumn = 16;
constexpr u32 kMostColumns = 65536;

// clear_columns, find_extremes, finish_columns, and find_rows where asked for.
Result<Kernels> kernels_for(gpu::Device& device, const EnvelopeOptions& options) {
  std::vector<KernelChoice> choices;
  for (const std::string_view entry_point : {"clear_columns", "find_extremes", "finish_columns", "find_rows"}) {
    if (entry_point == "find_rows" && !options.has_rows) continue;
    choices.push_back({.kernel = &envelope_kernel(), .entry_point = entry_point});
    if (options.has_rows) choices.back().features.emplace_back("m4");
  }
  return request_kernels(device, choices);
}

}  // namespace

Result<bool> prepare_envelope(gpu::Device& device, const EnvelopeOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  return are_ready(kernels);
}

u64 envelope_scratch_bytes(const gpu::Device&, u32 column_count) {
  ScratchLayout layout;
  layout.add(u64{column_count} * kBytesPerColumn);
  return layout.size_bytes();
}

Result<void> envelope(gpu::Frame& frame, const Envelope& args) {
  gpu::Device& device = frame.device();
  const EnvelopeOptions& options = args.options;
  const u64 scratch_bytes = envelope_scratch_bytes(device, args.column_count);
  Arguments arguments(device, "envelope", args.count);
  arguments
      .require(args.column_count >= 1 && args.column_count <= kMostColumns,
               "`column_count` is not from 1 to 65,536. Ask for as many columns.")
      .require(!is_wide(options.type), "`type` has two words. Give elements of one.")
      .read("values", args.values, 32)
      .read_bytes("offsets", args.offsets, (u64{args.column_count} + 1) * 4)
      .write_bytes("extremes", args.extremes, u64{args.column_count} * 8);
  if (options.has_rows) arguments.write_bytes("rows", args.rows, u64{args.column_count} * 16);
  arguments.scratch(args.scratch, scratch_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  SHOAL_TRY(require_ready(kernels, "envelope"));
  Step step{.views = {args.values, args.offsets, scratch_for(device, args.scratch, scratch_bytes), args.extremes}};
  if (options.has_rows) step.views.push_back(args.rows);
  const KeyFlips flips = key_flips(options.type, false);
  step.with(EnvelopeParams{
      .count = most, .column_count = args.column_count, .sign_flip = flips.sign_flip, .is_float = flips.is_float});
  std::vector<Step> steps;
  const auto add = [&](size_t kernel, bool is_over_rows) {
    step.kernel = kernels[kernel];
    step.elements_per_group = is_over_rows ? kRowsPerGroup : 0;
    step.groups = divide_round_up(args.column_count, kLanes);
    steps.push_back(step);
  };
  add(0, false);
  add(1, true);
  if (options.has_rows) add(3, true);
  add(2, false);
  run_steps(frame, "envelope", u64{most} * (options.has_rows ? 8 : 4), args.count, most, steps);
  return {};
}

}  // namespace shoal::primitives
