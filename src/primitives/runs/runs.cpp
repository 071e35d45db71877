#include "primitives/runs/runs.h"

#include <algorithm>

#include "primitives/arguments.h"
#include "primitives/compact/compact.h"
#include "primitives/launch.h"
#include "primitives/note_count.h"
#include "primitives/runs/expand.kernel.h"
#include "primitives/runs/run_lengths.kernel.h"
#include "primitives/scan/scan.h"

namespace shoal::primitives {
namespace {

constexpr u32 kElementsPerLengthsGroup = 4096;  // run_lengths.wgsl's
constexpr u32 kElementsPerExpandGroup = 1024;   // expand.wgsl's

CompactOptions run_starts(const RunOptions& options, bool has_rows) {
  return {.keep = {.by = Selection::By::kRunStarts, .key_type = options.type},
          .has_rows = has_rows,
          .type = options.type};
}

Result<Kernels> lengths_kernels(gpu::Device& device) {
  const KernelChoice choice{.kernel = &run_lengths_kernel()};
  return request_kernels(device, std::span(&choice, 1));
}

struct EncodePlan {
  gpu::View starts, compact;
  u64 size_bytes = 0;
};

EncodePlan encode_plan(const gpu::Device& device, u32 most_elements) {
  ScratchLayout layout;
  EncodePlan plan;
  plan.starts = layout.add(u64{most_elements} * 4);
  plan.compact = layout.add(compact_scratch_bytes(device, most_elements));
  plan.size_bytes = layout.size_bytes();
  return plan;
}

Result<Kernels> expand_kernels(gpu::Device& device, const RunOptions& options) {
  KernelChoice choice{.kernel = &expand_kernel()};
  if (is_wide(options.type)) choice.features.emplace_back("wide");
  return request_kernels(device, std::span(&choice, 1));
}

struct DecodePlan {
  gpu::View starts, run_count, scan;
  u64 size_bytes = 0;
};

DecodePlan decode_plan(const gpu::Device& device, u32 most_runs) {
  ScratchLayout layout;
  DecodePlan plan;
  plan.starts = layout.add(u64{most_runs} * 4);
  plan.run_count = layout.add(4);
  plan.scan = layout.add(scan_scratch_bytes(device, {}, most_runs));
  plan.size_bytes = layout.size_bytes();
  return plan;
}

}  // namespace

Result<bool> prepare_unique(gpu::Device& device, const RunOptions& options) {
  return prepare_compact(device, run_starts(options, false));
}

u64 unique_scratch_bytes(const gpu::Device& device, u32 most_elements) {
  return compact_scratch_bytes(device, most_elements);
}

Result<void> unique(gpu::Frame& frame, const Unique& args) {
  gpu::Device& device = frame.device();
  const u32 bits = element_bytes(args.options.type) * 8;
  const u64 scratch_bytes = unique_scratch_bytes(device, most_elements(args.count, args.values, bits));
  Arguments arguments(device, "unique", args.count);
  arguments.read("values", args.values, bits)
      .write("result", args.result, bits)
      .write_bytes("result_count", args.result_count, 4)
      .scratch(args.scratch, scratch_bytes);
  SHOAL_TRY(arguments.check());
  return compact(frame, {.options = run_starts(args.options, false),
                         .keep_views = std::span(&args.values, 1),
                         .count = args.count,
                         .values = args.values,
                         .result = args.result,
                         .kept_count = args.result_count,
                         .scratch = args.scratch});
}

Result<bool> prepare_run_length_encode(gpu::Device& device, const RunOptions& options) {
  SHOAL_TRY_SET(const bool is_ready, prepare_compact(device, run_starts(options, true)));
  SHOAL_TRY_SET(const Kernels kernels, lengths_kernels(device));
  SHOAL_TRY_SET(const bool are_lengths_ready, are_ready(kernels));
  return is_ready && are_lengths_ready;
}

u64 run_length_encode_scratch_bytes(const gpu::Device& device, u32 most_elements) {
  return encode_plan(device, most_elements).size_bytes;
}

Result<void> run_length_encode(gpu::Frame& frame, const RunLengthEncode& args) {
  gpu::Device& device = frame.device();
  const u32 bits = element_bytes(args.options.type) * 8;
  const EncodePlan plan = encode_plan(device, most_elements(args.count, args.values, bits));
  Arguments arguments(device, "run_length_encode", args.count);
  arguments.read("values", args.values, bits)
      .write("run_values", args.run_values, bits)
      .write("lengths", args.lengths, 32)
      .write_bytes("run_count", args.run_count, 4)
      .scratch(args.scratch, plan.size_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, lengths_kernels(device));
  SHOAL_TRY(require_ready(kernels, "run_length_encode"));
  const gpu::View scratch = scratch_for(frame, args.scratch, plan.size_bytes);
  const gpu::View starts = part_of(scratch, plan.starts);
  const PassScope pass(frame, "run_length_encode", u64{most} * bits / 4);
  SHOAL_TRY(compact(frame, {.options = run_starts(args.options, true),
                            .keep_views = std::span(&args.values, 1),
                            .count = args.count,
                            .values = args.values,
                            .result = args.run_values,
                            .rows = starts,
                            .kept_count = args.run_count,
                            .scratch = part_of(scratch, plan.compact)}));
  const Step step{.kernel = kernels[0],
                  .views = {starts, args.lengths, args.run_count},
                  .elements_per_group = kElementsPerLengthsGroup};
  run_steps(frame, "run_length_encode", 0, args.count, most, std::span(&step, 1));
  return {};
}

Result<bool> prepare_run_length_decode(gpu::Device& device, const RunOptions& options) {
  SHOAL_TRY_SET(const bool is_ready, prepare_scan(device, {}));
  SHOAL_TRY_SET(const Kernels kernels, expand_kernels(device, options));
  SHOAL_TRY_SET(const bool is_expand_ready, are_ready(kernels));
  SHOAL_TRY_SET(const bool is_note_ready, prepare_note_count(device));
  return is_ready && is_expand_ready && is_note_ready;
}

u64 run_length_decode_scratch_bytes(const gpu::Device& device, u32 most_runs) {
  return decode_plan(device, most_runs).size_bytes;
}

Result<void> run_length_decode(gpu::Frame& frame, const RunLengthDecode& args) {
  constexpr std::string_view kName = "run_length_decode";
  gpu::Device& device = frame.device();
  const u32 bits = element_bytes(args.options.type) * 8;
  const DecodePlan plan = decode_plan(device, most_elements(args.run_count, args.lengths, 32));
  Arguments arguments(device, kName, args.run_count, "run_count");
  arguments.read("run_values", args.run_values, bits)
      .read("lengths", args.lengths, 32)
      .write_bytes("result", args.result, bits / 8)
      .write_bytes("result_count", args.result_count, 4)
      .scratch(args.scratch, plan.size_bytes)
      // The elements' dispatch reads its count where the result would be written.
      .require(
          args.result.buffer != args.result_count.buffer,
          "`result` and `result_count` lie in one buffer, and one is read where the other is written. Give them "
          "two buffers.");
  SHOAL_TRY_SET(const u32 most_runs, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, expand_kernels(device, args.options));
  SHOAL_TRY(require_ready(kernels, kName));
  const gpu::View scratch = scratch_for(frame, args.scratch, plan.size_bytes);
  const gpu::View starts = part_of(scratch, plan.starts);
  const u32 most = static_cast<u32>(std::min<u64>(args.result.size_bytes * 8 / bits, 0xfff00000u));
  const PassScope pass(frame, kName, u64{most_runs} * 12 + u64{most} * bits / 8);
  SHOAL_TRY(scan(frame, {.values = args.lengths,
                         .count = args.run_count,
                         .result = starts,
                         .total = args.result_count,
                         .scratch = part_of(scratch, plan.scan)}));
  const gpu::View run_count = part_of(scratch, plan.run_count);
  SHOAL_TRY(note_count(frame, args.run_count, most_runs, run_count));
  const Step step{.kernel = kernels[0],
                  .views = {starts, run_count, args.run_values, args.result},
                  .elements_per_group = kElementsPerExpandGroup};
  run_steps(frame, kName, 0, gpu::View{args.result_count.buffer, args.result_count.offset_bytes, 4}, most,
            std::span(&step, 1));
  return {};
}

}  // namespace shoal::primitives
