#include "primitives/hybrid_decode/hybrid_decode.h"

#include <algorithm>

#include "base/hybrid_runs.h"
#include "base/text.h"
#include "primitives/arguments.h"
#include "primitives/hybrid_decode/hybrid_decode.kernel.h"
#include "primitives/launch.h"

namespace shoal::primitives {
namespace {

constexpr u32 kNumbersPerGroup = 4096;  // blocks.wgsl's rows_per_block
constexpr u32 kMostBits = 32;

Result<Kernels> kernels_for(gpu::Device& device) {
  const KernelChoice choice{.kernel = &hybrid_decode_kernel()};
  return request_kernels(device, std::span(&choice, 1));
}

}  // namespace

Result<void> append_hybrid_runs(const HybridStretch& stretch, std::vector<HybridRun>& runs) {
  if (stretch.width > kMostBits) {
    return fail(ErrorCode::kInvalidArgument, "Numbers in runs have {} bits. Give a width from 0 to 32.",
                stretch.width);
  }
  constexpr u64 kMost = u64{1} << 32;
  if (stretch.first_byte + u64{stretch.bytes.size()} > kMost ||
      u64{stretch.first_element} + stretch.count > kMost) {
    return fail(ErrorCode::kUnsupported,
                "A table of runs counts bytes and numbers below 4,294,967,296. Decode in several calls.");
  }
  const size_t before = runs.size();
  HybridRuns reader(stretch.bytes, stretch.width);
  u32 done = 0;
  while (done < stretch.count && reader.next_run()) {
    HybridRun run{.begin = stretch.first_element + done, .word = reader.repeated_value()};
    if (!reader.is_repeated() && stretch.width != 0) {
      run.bits = stretch.width;
      run.word = stretch.first_byte + static_cast<u32>(reader.packed_bytes().data() - stretch.bytes.data());
    } else if (!reader.is_repeated()) {
      run.word = 0;
    }
    runs.push_back(run);
    done += static_cast<u32>(std::min<u64>(reader.left(), stretch.count - done));
    reader.consume(reader.left());
  }
  if (done == stretch.count) return {};
  runs.resize(before);
  return fail(ErrorCode::kCorrupt,
              "The runs hold {} of {} numbers: their bytes end there, or a header makes no sense. Read the file "
              "anew, or say fewer numbers.",
              group_thousands(done), group_thousands(stretch.count));
}

Result<bool> prepare_hybrid_decode(gpu::Device& device) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device));
  return are_ready(kernels);
}

Result<void> hybrid_decode(gpu::Frame& frame, const HybridDecode& args) {
  constexpr std::string_view kName = "hybrid_decode";
  gpu::Device& device = frame.device();
  Arguments arguments(device, kName, args.count);
  arguments.require(args.run_count != 0, "`run_count` is 0. Give a table of one run at least.")
      .read_bytes("runs", args.runs, u64{args.run_count} * sizeof(HybridRun))
      .read_bytes("bytes", args.bytes, 4)
      .write("result", args.result, 32);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device));
  SHOAL_TRY(require_ready(kernels, kName));
  Step step{
      .kernel = kernels[0], .views = {args.runs, args.bytes, args.result}, .elements_per_group = kNumbersPerGroup};
  step.with(
      HybridDecodeParams{.run_count = args.run_count, .word_count = static_cast<u32>(args.bytes.size_bytes / 4)});
  run_steps(frame, kName, u64{most} * 4 + args.bytes.size_bytes + u64{args.run_count} * sizeof(HybridRun),
            args.count, most, std::span(&step, 1));
  return {};
}

}  // namespace shoal::primitives
