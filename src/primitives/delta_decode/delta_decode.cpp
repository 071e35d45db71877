#include "primitives/delta_decode/delta_decode.h"

#include "primitives/arguments.h"
#include "primitives/hybrid_decode/hybrid_decode.kernel.h"
#include "primitives/launch.h"
#include "primitives/scan/scan.h"

namespace shoal::primitives {
namespace {

constexpr std::string_view kName = "delta_decode";
constexpr u32 kNumbersPerGroup = 4096;  // blocks.wgsl's rows_per_block

// Sums wrap around, so that signs make no difference.
ScanOptions sums(const DeltaDecodeOptions& options) {
  return {.type = is_wide(options.type) ? ElementType::kU64 : ElementType::kU32};
}

Result<Kernels> kernels_for(gpu::Device& device, const DeltaDecodeOptions& options) {
  KernelChoice choice{.kernel = &hybrid_decode_kernel(), .features = {"deltas"}};
  if (is_wide(options.type)) choice.features.emplace_back("wide");
  return request_kernels(device, std::span(&choice, 1));
}

}  // namespace

Result<bool> prepare_delta_decode(gpu::Device& device, const DeltaDecodeOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  SHOAL_TRY_SET(const bool is_ready, are_ready(kernels));
  SHOAL_TRY_SET(const bool is_scan_ready, prepare_scan(device, sums(options)));
  return is_ready && is_scan_ready;
}

u64 delta_decode_scratch_bytes(const gpu::Device& device, const DeltaDecodeOptions& options, u32 most_elements) {
  return scan_scratch_bytes(device, sums(options), most_elements);
}

Result<void> delta_decode(gpu::Frame& frame, const DeltaDecode& args) {
  gpu::Device& device = frame.device();
  const u32 bits = element_bytes(args.options.type) * 8;
  const u64 scratch_bytes =
      delta_decode_scratch_bytes(device, args.options, most_elements(args.count, args.result, bits));
  Arguments arguments(device, kName, args.count);
  arguments.require(args.options.type != ElementType::kF32, "`type` is f32. Give the type of integers.")
      .require(args.run_count != 0, "`run_count` is 0. Give a table of one run at least.")
      .read_bytes("runs", args.runs, u64{args.run_count} * sizeof(HybridRun))
      .read_bytes("least", args.least, u64{args.run_count} * 8)
      .read_bytes("bytes", args.bytes, 4)
      .write("deltas", args.deltas, bits)
      .write("result", args.result, bits)
      .require(args.deltas.buffer != args.result.buffer,
               "`deltas` and `result` lie in one buffer, and one is read where the other is written. Give them two "
               "buffers.")
      .scratch(args.scratch, scratch_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, args.options));
  SHOAL_TRY(require_ready(kernels, kName));
  const PassScope pass(frame, kName, u64{most} * bits / 2 + args.bytes.size_bytes + u64{args.run_count} * 20);
  Step step{.kernel = kernels[0],
            .views = {args.runs, args.bytes, args.deltas, args.least},
            .elements_per_group = kNumbersPerGroup};
  step.with(
      HybridDecodeParams{.run_count = args.run_count, .word_count = static_cast<u32>(args.bytes.size_bytes / 4)});
  run_steps(frame, kName, 0, args.count, most, std::span(&step, 1));
  return scan(frame, {.options = sums(args.options),
                      .values = args.deltas,
                      .count = args.count,
                      .result = args.result,
                      .is_inclusive = true,
                      .scratch = args.scratch});
}

}  // namespace shoal::primitives
