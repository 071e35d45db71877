#include "primitives/distinct/distinct.h"

#include "primitives/arguments.h"
#include "primitives/compact/compact.h"
#include "primitives/launch.h"
#include "primitives/sort/sort.h"

namespace shoal::primitives {
namespace {

// Any order that brings equal elements together does.
ElementType bits_of(ElementType type) { return is_wide(type) ? ElementType::kU64 : ElementType::kU32; }

SortOptions sort_options(const DistinctOptions& options) { return {.type = bits_of(options.type)}; }

Selection run_starts(const DistinctOptions& options) {
  return {.by = Selection::By::kRunStarts, .key_type = bits_of(options.type)};
}

struct Plan {
  gpu::View sort, count;
  u64 size_bytes = 0;
};

Plan plan_for(const gpu::Device& device, const DistinctOptions& options, u32 most_elements) {
  ScratchLayout layout;
  Plan plan;
  plan.sort = layout.add(sort_scratch_bytes(device, sort_options(options), most_elements));
  plan.count = layout.add(compact_scratch_bytes(device, most_elements));
  plan.size_bytes = layout.size_bytes();
  return plan;
}

}  // namespace

Result<bool> prepare_count_distinct(gpu::Device& device, const DistinctOptions& options) {
  SHOAL_TRY_SET(const bool is_sort_ready, prepare_sort(device, sort_options(options)));
  SHOAL_TRY_SET(const bool is_count_ready, prepare_count_if(device, run_starts(options)));
  return is_sort_ready && is_count_ready;
}

u64 count_distinct_scratch_bytes(const gpu::Device& device, const DistinctOptions& options, u32 most_elements) {
  return plan_for(device, options, most_elements).size_bytes;
}

Result<void> count_distinct(gpu::Frame& frame, const CountDistinct& args) {
  gpu::Device& device = frame.device();
  const u32 bits = element_bytes(args.options.type) * 8;
  const Plan plan = plan_for(device, args.options, most_elements(args.count, args.values, bits));
  Arguments arguments(device, "count_distinct", args.count);
  arguments.read("values", args.values, bits)
      .write("sorted", args.sorted, bits)
      .write_bytes("result", args.result, 4)
      .scratch(args.scratch, plan.size_bytes)
      .require(args.sorted.buffer == 0 || args.sorted.buffer != args.result.buffer,
               "`sorted` and `result` lie in one buffer, but the last dispatch reads the one and writes the other. "
               "Give them two buffers.");
  SHOAL_TRY_SET(const u32 most, arguments.check());
  const gpu::View scratch = scratch_for(frame, args.scratch, plan.size_bytes);
  const PassScope pass(frame, "count_distinct", u64{most} * bits / 8);
  SHOAL_TRY(sort(frame, {.options = sort_options(args.options),
                         .keys = args.values,
                         .count = args.count,
                         .sorted_keys = args.sorted,
                         .scratch = part_of(scratch, plan.sort)}));
  return count_if(frame, {.keep = run_starts(args.options),
                          .keep_views = std::span(&args.sorted, 1),
                          .count = args.count,
                          .result = args.result,
                          .scratch = part_of(scratch, plan.count)});
}

}  // namespace shoal::primitives
