#include "primitives/segmented_sort/sort_by_number.h"

#include <algorithm>

#include "primitives/arguments.h"
#include "primitives/gather/gather.h"
#include "primitives/launch.h"
#include "primitives/note_count.h"
#include "primitives/segmented_sort/sort_by_number.kernel.h"

namespace shoal::primitives {
namespace {

constexpr std::string_view kName = "sort_by_number";
constexpr u32 kPerGroup = 4096;  // blocks.wgsl's rows_per_block
constexpr SortOptions kNumbers{.type = ElementType::kU32, .has_values = true};

bool goes_by_rows(const SortOptions& options) { return options.has_values || is_wide(options.type); }

SortOptions with_word(const SortOptions& options) { return {.type = options.type, .has_values = true}; }

struct Plan {
  gpu::View count, keys, taken, rows, sorted_rows, sort;
  u64 size_bytes = 0;
};

Plan plan_for(const gpu::Device& device, const SortOptions& options, u32 most_elements) {
  const u64 row_bytes = goes_by_rows(options) ? u64{most_elements} * 4 : 0;
  ScratchLayout layout;
  Plan plan;
  plan.count = layout.add(4);
  plan.keys = layout.add(u64{most_elements} * element_bytes(options.type));
  plan.taken = layout.add(u64{most_elements} * 4);
  plan.rows = layout.add(row_bytes);
  plan.sorted_rows = layout.add(row_bytes);
  plan.sort = layout.add(std::max(sort_scratch_bytes(device, with_word(options), most_elements),
                                  sort_scratch_bytes(device, kNumbers, most_elements)));
  plan.size_bytes = layout.size_bytes();
  return plan;
}

// write_rows, take_numbers.
Result<Kernels> kernels_for(gpu::Device& device) {
  std::array choices = {KernelChoice{.kernel = &sort_by_number_kernel(), .entry_point = "write_rows"},
                        KernelChoice{.kernel = &sort_by_number_kernel(), .entry_point = "take_numbers"}};
  return request_kernels(device, choices);
}

// The plan's parts where they lie, and the count of what is sorted.
struct Places {
  gpu::View keys, taken, rows, sorted_rows, sort;
  gpu::Count count;
};

// Keys with numbers, then numbers with keys.
Result<void> sort_pairs(gpu::Frame& frame, const SortByNumber& args, const Places& at) {
  SHOAL_TRY(sort(frame, {.options = with_word(args.options),
                         .keys = args.keys,
                         .count = at.count,
                         .sorted_keys = at.keys,
                         .values = args.numbers,
                         .sorted_values = at.taken,
                         .is_descending = args.is_descending,
                         .scratch = at.sort}));
  return sort(frame, {.options = kNumbers,
                      .keys = at.taken,
                      .count = at.count,
                      .sorted_keys = args.numbers,
                      .values = at.keys,
                      .sorted_values = args.sorted_keys,
                      .end_bit = args.number_bits,
                      .scratch = at.sort});
}

// Rows by key, then by number; keys and values from where they say.
Result<void> sort_rows(gpu::Frame& frame, const SortByNumber& args, const Places& at) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(frame.device()));
  SHOAL_TRY(require_ready(kernels, kName));
  Step step{.kernel = kernels[0], .views = {args.numbers, at.rows, at.taken}, .elements_per_group = kPerGroup};
  run_steps(frame, kName, 0, at.count, args.most, std::span(&step, 1));
  SHOAL_TRY(sort(frame, {.options = with_word(args.options),
                         .keys = args.keys,
                         .count = at.count,
                         .sorted_keys = at.keys,
                         .values = at.rows,
                         .sorted_values = at.sorted_rows,
                         .is_descending = args.is_descending,
                         .scratch = at.sort}));
  step.kernel = kernels[1];
  step.views[1] = at.sorted_rows;
  run_steps(frame, kName, 0, at.count, args.most, std::span(&step, 1));
  SHOAL_TRY(sort(frame, {.options = kNumbers,
                         .keys = at.taken,
                         .count = at.count,
                         .sorted_keys = args.numbers,
                         .values = at.sorted_rows,
                         .sorted_values = at.rows,
                         .end_bit = args.number_bits,
                         .scratch = at.sort}));
  SHOAL_TRY(gather(frame, {.options = {.type = args.options.type},
                           .indices = at.rows,
                           .count = at.count,
                           .values = args.keys,
                           .result = args.sorted_keys}));
  if (!args.options.has_values) return {};
  return gather(frame,
                {.indices = at.rows, .count = at.count, .values = args.values, .result = args.sorted_values});
}

}  // namespace

Result<bool> prepare_sort_by_number(gpu::Device& device, const SortOptions& options) {
  SHOAL_TRY_SET(bool is_ready, prepare_sort(device, with_word(options)));
  SHOAL_TRY_SET(const bool are_numbers_ready, prepare_sort(device, kNumbers));
  SHOAL_TRY_SET(const bool is_count_ready, prepare_note_count(device));
  is_ready = is_ready && are_numbers_ready && is_count_ready;
  if (!goes_by_rows(options)) return is_ready;
  SHOAL_TRY_SET(const bool are_keys_ready, prepare_gather(device, {.type = options.type}));
  SHOAL_TRY_SET(const bool are_values_ready, prepare_gather(device, {}));
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device));
  SHOAL_TRY_SET(const bool are_rows_ready, are_ready(kernels));
  return is_ready && are_keys_ready && are_values_ready && are_rows_ready;
}

u64 sort_by_number_scratch_bytes(const gpu::Device& device, const SortOptions& options, u32 most_elements) {
  return plan_for(device, options, most_elements).size_bytes;
}

Result<void> sort_by_number(gpu::Frame& frame, const SortByNumber& args) {
  const Plan plan = plan_for(frame.device(), args.options, args.most);
  Places at{.keys = part_of(args.scratch, plan.keys),
            .taken = part_of(args.scratch, plan.taken),
            .rows = part_of(args.scratch, plan.rows),
            .sorted_rows = part_of(args.scratch, plan.sorted_rows),
            .sort = part_of(args.scratch, plan.sort),
            .count = args.count};
  if (args.count.is_on_gpu()) {
    // Each sort and gather cuts the count to what its own arrays hold; all are to sort the same rows.
    const gpu::View count = part_of(args.scratch, plan.count);
    SHOAL_TRY(note_count(frame, args.count, args.most, count));
    at.count = gpu::View{count.buffer, count.offset_bytes, 4};
  }
  return goes_by_rows(args.options) ? sort_rows(frame, args, at) : sort_pairs(frame, args, at);
}

}  // namespace shoal::primitives
