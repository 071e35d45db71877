#include "primitives/segmented_sort/segmented_sort.h"

#include <algorithm>
#include <bit>

#include "primitives/arguments.h"
#include "primitives/launch.h"
#include "primitives/note_count.h"
#include "primitives/segmented_sort/segment_numbers.kernel.h"
#include "primitives/segmented_sort/sort_by_number.h"

namespace shoal::primitives {
namespace {

constexpr std::string_view kName = "segmented_sort";
constexpr u32 kRowsPerGroup = 4096;  // blocks.wgsl's rows_per_block

struct Plan {
  gpu::View segment_count, numbers, sort;
  u64 size_bytes = 0;
};

Plan plan_for(const gpu::Device& device, const SortOptions& options, u32 most_elements) {
  ScratchLayout layout;
  Plan plan;
  plan.segment_count = layout.add(4);
  plan.numbers = layout.add(u64{most_elements} * 4);
  plan.sort = layout.add(sort_by_number_scratch_bytes(device, options, most_elements));
  plan.size_bytes = layout.size_bytes();
  return plan;
}

Result<Kernels> kernels_for(gpu::Device& device) {
  const KernelChoice choice{.kernel = &segment_numbers_kernel()};
  return request_kernels(device, std::span(&choice, 1));
}

// Of offsets an element more than segments.
Result<u32> check_segments(const gpu::Device& device, const SegmentedSort& args) {
  Arguments arguments(device, kName, args.segment_count, "segment_count");
  arguments.read("offsets", args.offsets, 32)
      .read_bytes("offsets", args.offsets, (u64{args.segment_count.elements()} + 1) * 4);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  return std::min(most, static_cast<u32>(args.offsets.size_bytes / 4 - 1));
}

Result<u32> check_rows(const gpu::Device& device, const SegmentedSort& args, u64 scratch_bytes) {
  const u32 bits = element_bytes(args.options.type) * 8;
  Arguments arguments(device, kName, args.count);
  arguments.read("keys", args.keys, bits)
      .read_bytes("offsets", args.offsets, 4)
      .write("sorted_keys", args.sorted_keys, bits);
  if (args.options.has_values) {
    arguments.read("values", args.values, 32).write("sorted_values", args.sorted_values, 32);
  }
  return arguments.scratch(args.scratch, scratch_bytes).check();
}

}  // namespace

Result<bool> prepare_segmented_sort(gpu::Device& device, const SortOptions& options) {
  SHOAL_TRY_SET(const bool is_sort_ready, prepare_sort_by_number(device, options));
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device));
  SHOAL_TRY_SET(const bool is_ready, are_ready(kernels));
  return is_sort_ready && is_ready;
}

u64 segmented_sort_scratch_bytes(const gpu::Device& device, const SortOptions& options, u32 most_elements) {
  return plan_for(device, options, most_elements).size_bytes;
}

Result<void> segmented_sort(gpu::Frame& frame, const SegmentedSort& args) {
  gpu::Device& device = frame.device();
  const u32 bytes = element_bytes(args.options.type);
  const Plan plan = plan_for(device, args.options, most_elements(args.count, args.keys, bytes * 8));
  SHOAL_TRY_SET(const u32 most_segments, check_segments(device, args));
  SHOAL_TRY_SET(const u32 most, check_rows(device, args, plan.size_bytes));
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device));
  SHOAL_TRY(require_ready(kernels, kName));
  const gpu::View scratch = scratch_for(frame, args.scratch, plan.size_bytes);
  const gpu::View segment_count = part_of(scratch, plan.segment_count), numbers = part_of(scratch, plan.numbers);

  const PassScope pass(frame, kName, u64{most} * (2 * bytes + (args.options.has_values ? 8 : 0)));
  SHOAL_TRY(note_count(frame, args.segment_count, most_segments, segment_count));
  const Step step{
      .kernel = kernels[0], .views = {args.offsets, segment_count, numbers}, .elements_per_group = kRowsPerGroup};
  run_steps(frame, kName, 0, args.count, most, std::span(&step, 1));
  return sort_by_number(frame, {.options = args.options,
                                .keys = args.keys,
                                .count = args.count,
                                .most = most,
                                .numbers = numbers,
                                // Up to a number past the last segment's, of rows behind it.
                                .number_bits = static_cast<u32>(std::bit_width(most_segments + 1)),
                                .sorted_keys = args.sorted_keys,
                                .values = args.values,
                                .sorted_values = args.sorted_values,
                                .is_descending = args.is_descending,
                                .scratch = part_of(scratch, plan.sort)});
}

}  // namespace shoal::primitives
