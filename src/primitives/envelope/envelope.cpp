#include "primitives/envelope/envelope.h"

#include "primitives/arguments.h"
#include "primitives/envelope/envelope.kernel.h"
#include "primitives/envelope/envelope_layout.gen.h"
#include "primitives/key_order.h"
#include "primitives/launch.h"

namespace shoal::primitives {
namespace {

// envelope.wgsl's.
constexpr u32 kRowsPerGroup = 16384, kLanes = 256, kWordsPerColumn = 4, kWordsPerWideColumn = 6;
constexpr u32 kMostColumns = 65536;

// In the order in which they run: those between the first and the last go over rows.
Result<Kernels> kernels_for(gpu::Device& device, const EnvelopeOptions& options) {
  std::vector<std::string_view> entry_points = {"clear_columns", "find_extremes"};
  if (is_wide(options.type)) entry_points.emplace_back("find_lower");
  if (options.has_rows) entry_points.emplace_back("find_rows");
  entry_points.emplace_back("finish_columns");
  std::vector<KernelChoice> choices;
  for (const std::string_view entry_point : entry_points) {
    choices.push_back({.kernel = &envelope_kernel(), .entry_point = entry_point});
    if (options.has_rows) choices.back().features.emplace_back("m4");
    if (is_wide(options.type)) choices.back().features.emplace_back("wide");
    if (options.type == ElementType::kF32) choices.back().features.emplace_back("floats");
  }
  return request_kernels(device, choices);
}

}  // namespace

Result<bool> prepare_envelope(gpu::Device& device, const EnvelopeOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  return are_ready(kernels);
}

u64 envelope_scratch_bytes(const gpu::Device&, ElementType type, u32 column_count) {
  ScratchLayout layout;
  layout.add(u64{column_count} * (is_wide(type) ? kWordsPerWideColumn : kWordsPerColumn) * 4);
  return layout.size_bytes();
}

Result<void> envelope(gpu::Frame& frame, const Envelope& args) {
  gpu::Device& device = frame.device();
  const EnvelopeOptions& options = args.options;
  const u32 bits = element_bytes(options.type) * 8;
  const u64 scratch_bytes = envelope_scratch_bytes(device, options.type, args.column_count);
  Arguments arguments(device, "envelope", args.count);
  arguments
      .require(args.column_count >= 1 && args.column_count <= kMostColumns,
               "`column_count` is not from 1 to 65,536. Ask for as many columns.")
      .read("values", args.values, bits)
      .read_bytes("offsets", args.offsets, (u64{args.column_count} + 1) * 4)
      .write_bytes("extremes", args.extremes, u64{args.column_count} * bits / 4);
  if (options.has_rows) arguments.write_bytes("rows", args.rows, u64{args.column_count} * 16);
  arguments.scratch(args.scratch, scratch_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  SHOAL_TRY(require_ready(kernels, "envelope"));
  Step step{.views = {args.values, args.offsets, scratch_for(frame, args.scratch, scratch_bytes), args.extremes}};
  if (options.has_rows) step.views.push_back(args.rows);
  step.with(EnvelopeParams{
      .count = most, .column_count = args.column_count, .sign_flip = key_flips(options.type, false).sign_flip});
  // Behind the kernels stands the one that counts.
  std::vector<Step> steps(kernels.size() - 1, step);
  for (size_t i = 0; i < steps.size(); ++i) {
    steps[i].kernel = kernels[i];
    steps[i].elements_per_group = kRowsPerGroup;
  }
  steps.front().elements_per_group = steps.back().elements_per_group = 0;
  steps.front().groups = steps.back().groups = divide_round_up(args.column_count, kLanes);
  run_steps(frame, "envelope", u64{most} * (steps.size() - 2) * bits / 8, args.count, most, steps);
  return {};
}

}  // namespace shoal::primitives
