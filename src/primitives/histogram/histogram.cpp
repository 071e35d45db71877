#include "primitives/histogram/histogram.h"

#include "primitives/arguments.h"
#include "primitives/histogram/histogram.kernel.h"
#include "primitives/histogram/histogram_layout.gen.h"
#include "primitives/launch.h"

namespace shoal::primitives {
namespace {

// histogram.wgsl's.
constexpr u32 kElementsPerGroup = 32768, kOwnBins = 2048, kBinsPerClearingGroup = 4096;
constexpr u32 kMostBins = u32{1} << 24;

using Of = HistogramOptions::Of;

Result<Kernels> kernels_for(gpu::Device& device, const HistogramOptions& options) {
  KernelChoice choice{.kernel = &histogram_kernel(), .entry_point = "clear_bins"};
  if (options.of == Of::kBytes) choice.features.emplace_back("bytes");
  if (options.of == Of::kFloats) choice.features.emplace_back("floats");
  if (options.bin_count <= kOwnBins) choice.features.emplace_back("own");
  std::array choices = {choice, choice};
  choices[1].entry_point = "histogram";
  return request_kernels(device, choices);
}

}  // namespace

std::vector<float> histogram_edges(double low, double high, u32 bin_count) {
  std::vector<float> edges;
  for (u32 bin = 0; bin <= bin_count; ++bin) {
    const double share = static_cast<double>(bin) / bin_count;
    // Adding 0 makes 0 of -0.
    edges.push_back(static_cast<float>(low * (1 - share) + high * share) + 0.0f);
  }
  return edges;
}

Result<bool> prepare_histogram(gpu::Device& device, const HistogramOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  return are_ready(kernels);
}

Result<void> histogram(gpu::Frame& frame, const Histogram& args) {
  gpu::Device& device = frame.device();
  const HistogramOptions& options = args.options;
  const bool has_floats = options.of == Of::kFloats;
  const u32 bits = options.of == Of::kBytes ? 8 : 32;
  Arguments arguments(device, "histogram", args.count);
  arguments
      .require(options.bin_count >= 2 && options.bin_count <= kMostBins,
               "`bin_count` is not from 2 to 16,777,216. Ask for as many bins as that.")
      .require(options.of != Of::kBytes || options.bin_count == 256,
               "`bin_count` is not 256, though bytes are counted. Give it 256.")
      .require(!has_floats || args.low < args.high,
               "`low` is not below `high`. Give the first and the last of the edges.")
      .read("values", args.values, bits)
      .write_bytes("counts", args.counts, u64{options.bin_count} * 4);
  if (has_floats) arguments.read_bytes("edges", args.edges, (u64{options.bin_count} + 1) * 4);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  SHOAL_TRY(require_ready(kernels, "histogram"));
  Step step{.kernel = kernels[0], .views = {args.values, args.counts}};
  if (has_floats) step.views.push_back(args.edges);
  step.with(HistogramParams{
      .count = most,
      .bin_count = options.bin_count,
      .low = args.low,
      .scale = static_cast<float>(options.bin_count / (static_cast<double>(args.high) - args.low))});
  std::array steps = {step, step};
  steps[0].groups = divide_round_up(options.bin_count, kBinsPerClearingGroup);
  steps[1].kernel = kernels[1];
  steps[1].elements_per_group = kElementsPerGroup;
  run_steps(frame, "histogram", u64{most} * bits / 8, args.count, most, steps);
  return {};
}

}  // namespace shoal::primitives
