#include "primitives/segmented_reduce/segmented_reduce.h"

#include <algorithm>

#include "primitives/arguments.h"
#include "primitives/launch.h"
#include "primitives/scan/strip_scan.h"
#include "primitives/segmented_reduce/segment_heads.kernel.h"
#include "primitives/segmented_reduce/segment_heads_layout.gen.h"
#include "primitives/segmented_reduce/spread_segments.kernel.h"

namespace shoal::primitives {
namespace {

constexpr u32 kPerGroup = 4096;  // blocks.wgsl's rows_per_block
constexpr StripScan kForm = StripScan::kReduceSegments;
constexpr Selection kHeads{.by = Selection::By::kBits, .is_written_elsewhere = true};

struct Plan {
  gpu::View bits, reduced, starts, run_count, scan;
  u64 size_bytes = 0;
};

Plan plan_for(const ScanOptions& options, u32 most_elements) {
  ScratchLayout layout;
  Plan plan;
  plan.bits = layout.add(divide_round_up(u64{most_elements}, u64{8}));
  plan.reduced = layout.add(u64{most_elements} * element_bytes(options.type));
  plan.starts = layout.add(u64{most_elements} * 4);
  plan.run_count = layout.add(4);
  plan.scan = layout.add(strip_scan_scratch_bytes(kForm, options, most_elements));
  plan.size_bytes = layout.size_bytes();
  return plan;
}

// clear_bits, set_bits, spread_segments.
Result<Kernels> kernels_for(gpu::Device& device, const ScanOptions& options) {
  const MonoidProgram monoid =
      options.monoid.text.empty() ? operator_program(options.type, options.op) : options.monoid;
  std::array<KernelChoice, 3> choices = {
      KernelChoice{.kernel = &segment_heads_kernel(), .entry_point = "clear_bits"},
      KernelChoice{.kernel = &segment_heads_kernel(), .entry_point = "set_bits"},
      KernelChoice{.kernel = &spread_segments_kernel(), .program = monoid.text}};
  if (is_wide(options.type)) choices[2].features.emplace_back("wide");
  return request_kernels(device, choices);
}

}  // namespace

Result<bool> prepare_segmented_reduce(gpu::Device& device, const ScanOptions& options) {
  SHOAL_TRY_SET(const bool is_scan_ready, prepare_strip_scan(device, kForm, options, &kHeads));
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  SHOAL_TRY_SET(const bool is_ready, are_ready(kernels));
  return is_scan_ready && is_ready;
}

u64 segmented_reduce_scratch_bytes(const gpu::Device&, const ScanOptions& options, u32 most_elements) {
  return plan_for(options, most_elements).size_bytes;
}

Result<void> segmented_reduce(gpu::Frame& frame, const SegmentedReduce& args) {
  constexpr std::string_view kName = "segmented_reduce";
  gpu::Device& device = frame.device();
  const ScanOptions& options = args.options;
  const u32 bits = element_bytes(options.type) * 8;
  const u64 offset_bytes = (u64{args.segment_count.elements()} + 1) * 4;
  const Plan plan = plan_for(options, most_elements(args.count, args.values, bits));
  Arguments of_segments(device, kName, args.segment_count, "segment_count");
  of_segments.read("offsets", args.offsets, 32).read_bytes("offsets", args.offsets, offset_bytes);
  of_segments.write("result", args.result, bits);
  SHOAL_TRY_SET(u32 most_segments, of_segments.check());
  // An offset more than segments.
  most_segments = std::min(most_segments, static_cast<u32>(args.offsets.size_bytes / 4 - 1));
  Arguments arguments(device, kName, args.count);
  arguments
      .require(options.monoid.bindings.empty(),
               "A monoid with bindings of its own cannot be reduced by segments. Give it constants.")
      .read("values", args.values, bits)
      .read_bytes("offsets", args.offsets, offset_bytes)
      .write_bytes("result", args.result, 16)
      .scratch(args.scratch, plan.size_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  SHOAL_TRY(require_ready(kernels, kName));
  const gpu::View scratch = scratch_for(frame, args.scratch, plan.size_bytes);
  const gpu::View head_bits = part_of(scratch, plan.bits), reduced = part_of(scratch, plan.reduced),
                  starts = part_of(scratch, plan.starts), run_count = part_of(scratch, plan.run_count);

  const PassScope pass(frame, kName, u64{most} * 2 * bits / 8 + u64{most_segments} * 12);
  Step step{.kernel = kernels[0], .views = {args.offsets, head_bits}, .elements_per_group = kPerGroup};
  run_steps(frame, kName, 0, args.count, most, std::span(&step, 1));
  step.kernel = kernels[1];
  step.with(SegmentHeadsParams{.bit_count = most});
  run_steps(frame, kName, 0, args.segment_count, most_segments, std::span(&step, 1));
  SHOAL_TRY(append_strip_scan(
      frame, kName, kForm,
      {.options = options,
       .values = args.values,
       .count = args.count,
       .result = reduced,
       .scratch = part_of(scratch, plan.scan)},
      {.heads = kHeads, .views = std::span(&head_bits, 1), .starts = starts, .segment_count = run_count}));
  const Step spread{.kernel = kernels[2],
                    .views = {args.offsets, starts, run_count, reduced, args.result},
                    .elements_per_group = kPerGroup};
  run_steps(frame, kName, 0, args.segment_count, most_segments, std::span(&spread, 1));
  return {};
}

}  // namespace shoal::primitives
