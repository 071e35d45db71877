#include "primitives/histogram/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

#include "primitives/arguments.h"
#include "primitives/histogram/histogram.kernel.h"
#include "primitives/histogram/histogram_layout.gen.h"
#include "primitives/launch.h"
#include "primitives/tuning/tuning.h"

namespace shoal::primitives {
namespace {

// histogram.wgsl's.
constexpr u32 kOwnBins = 2048, kBinsPerClearingGroup = 4096;
constexpr u32 kColumnCounts = 4096;  // histogram.wgsl's own_words, where columned
constexpr u32 kMostBins = u32{1} << 24;

using Of = HistogramOptions::Of;

// Where lanes that meet in a bank of workgroup memory wait for each other.
bool is_columned(const gpu::Device& device, const HistogramOptions& options) {
  return options.bin_count <= kOwnBins && tuning(device.capabilities, Tunable::kHistogram).values[0] != 0;
}

// Columns are cleared and summed once a workgroup: of many elements each takes more, as long as there are a
// thousand workgroups.
u32 elements_per_group(bool has_columns, u32 most_elements) {
  constexpr u32 kLeast = 32768, kMost = 131072;
  return has_columns ? std::clamp(std::bit_floor(most_elements / 1024), kLeast, kMost) : kLeast;
}

Result<Kernels> kernels_for(gpu::Device& device, const HistogramOptions& options) {
  KernelChoice choice{.kernel = &histogram_kernel(), .entry_point = "clear_bins"};
  if (options.of == Of::kBytes) choice.features.emplace_back("bytes");
  if (options.of == Of::kFloats) choice.features.emplace_back("floats");
  if (options.bin_count <= kOwnBins) choice.features.emplace_back("own");
  if (is_columned(device, options)) choice.features.emplace_back("columned");
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
  const u32 group_elements = elements_per_group(is_columned(device, options), most);
  const double scale = options.bin_count / (static_cast<double>(args.high) - args.low);
  // Guesses up to the last edge are whole numbers below 2^23.
  const u32 unit_bits = 23 - std::min(23u, static_cast<u32>(std::bit_width(options.bin_count)));
  const double units = std::ldexp(1.0, static_cast<int>(unit_bits));
  // Rounding the difference, the scale and their product moves a guess by three units of the last place, and
  // rounding an edge moves that by one of its own. The kernel allows an edge as much, judges it by a guess too, and
  // rounds to units.
  const double rounding = 3 * options.bin_count + std::max(std::abs(args.low), std::abs(args.high)) * scale;
  const double margin = std::min(3 * rounding * 0x1p-24 * units + 2, units);
  step.with(HistogramParams{.count = most,
                            .bin_count = options.bin_count,
                            .low = args.low,
                            .scale = static_cast<float>(scale),
                            .elements_per_group = group_elements,
                            .columns = std::min(32u, kColumnCounts / std::bit_ceil(options.bin_count)),
                            .unit_bits = unit_bits,
                            .unit_scale = static_cast<float>(scale * units),
                            .margin = static_cast<u32>(margin)});
  std::array steps = {step, step};
  steps[0].groups = divide_round_up(options.bin_count, kBinsPerClearingGroup);
  steps[1].kernel = kernels[1];
  steps[1].elements_per_group = group_elements;
  run_steps(frame, "histogram", u64{most} * bits / 8, args.count, most, steps);
  return {};
}

}  // namespace shoal::primitives
