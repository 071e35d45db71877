#include "primitives/point_density/point_density.h"

#include <bit>
#include <cmath>

#include "primitives/arguments.h"
#include "primitives/key_order.h"
#include "primitives/launch.h"
#include "primitives/point_density/point_density.kernel.h"
#include "primitives/point_density/point_density_layout.gen.h"

namespace shoal::primitives {
namespace {

using Of = PointDensityOptions::Of;

constexpr std::string_view kName = "point_density";
constexpr u32 kPointsPerGroup = 4096, kBinsPerGroup = 4096;  // point_density.wgsl's
constexpr u32 kMostBins = u32{1} << 24;
// Differences smaller than those that f32 holds in full, which adapters may take for 0, are far below a bin.
constexpr double kNarrowestBin = 0x1p-120;

bool is_float(const PointDensityOptions& options) { return options.type == ElementType::kF32; }
bool has_values(const PointDensityOptions& options) { return options.of != Of::kCounts; }
bool has_sums(const PointDensityOptions& options) { return options.of == Of::kSums || options.of == Of::kMeans; }
bool has_extremes(const PointDensityOptions& options) { return has_values(options) && !has_sums(options); }
bool has_float_sums(const PointDensityOptions& options) { return has_sums(options) && is_float(options); }
bool has_wide_values(const PointDensityOptions& options) { return has_values(options) && is_wide(options.type); }
bool has_wide_extremes(const PointDensityOptions& options) {
  return has_extremes(options) && is_wide(options.type);
}
// Sums of integers are added where they are read.
bool has_own_totals(const PointDensityOptions& options) {
  return options.of == Of::kMeans || has_float_sums(options);
}
bool reads_twice(const PointDensityOptions& options) {
  return has_float_sums(options) || has_wide_extremes(options);
}
bool finishes(const PointDensityOptions& options) { return has_own_totals(options) || has_extremes(options); }
u32 result_words(const PointDensityOptions& options) {
  return has_wide_extremes(options) || (options.of == Of::kSums && !is_float(options)) ? 2 : 1;
}

// Counts and results that nobody asks for are bound too, apart from each other.
struct Plan {
  gpu::View totals, counts, no_result;
  u64 size_bytes = 0;
};

Plan plan_for(const PointDensityOptions& options, u32 bins) {
  ScratchLayout layout;
  Plan plan;
  const u32 words = has_float_sums(options) || has_wide_values(options) ? 3 : 2;
  if (has_own_totals(options)) plan.totals = layout.add(u64{bins} * words * 4);
  plan.counts = layout.add(options.of == Of::kMeans ? u64{bins} * 4 : 16);
  plan.no_result = layout.add(16);
  plan.size_bytes = layout.size_bytes();
  return plan;
}

// clear_bins, then measure_points where points are read twice, add_points, and what finishes.
Result<Kernels> kernels_for(gpu::Device& device, const PointDensityOptions& options) {
  KernelChoice choice{.kernel = &point_density_kernel()};
  std::vector<std::string_view> entry_points = {"clear_bins", "add_points"};
  if (has_values(options)) choice.features.emplace_back("valued");
  if (has_sums(options)) choice.features.emplace_back("sums");
  if (has_float_sums(options)) choice.features.emplace_back("floats");
  if (has_wide_values(options)) choice.features.emplace_back("wide");
  if (reads_twice(options)) entry_points.insert(entry_points.begin() + 1, "measure_points");
  if (finishes(options)) entry_points.emplace_back(has_sums(options) ? "finish_sums" : "finish_extremes");
  std::vector<KernelChoice> choices(entry_points.size(), choice);
  for (size_t i = 0; i < choices.size(); ++i) choices[i].entry_point = entry_points[i];
  return request_kernels(device, choices);
}

struct Axis {
  u32 first = 0, last = 0;  // images of the ends in the order of floats
  float low = 0, scale = 0;
  bool is_possible = false;
};

// Zeros of both signs lie inside where one does.
Axis axis_of(float low, float high, u32 places) {
  const auto image_of = [](float number, float zero) {
    const u32 bits = std::bit_cast<u32>(number == 0 ? zero : number);
    return bits >= 0x80000000u ? ~bits : bits ^ 0x80000000u;
  };
  Axis axis{.first = image_of(low, -0.0f), .last = image_of(high, 0.0f), .low = low};
  const float distance = high - low;
  axis.is_possible =
      low < high && std::isfinite(distance) && places != 0 && double{distance} / places >= kNarrowestBin;
  if (axis.is_possible) axis.scale = static_cast<float>(places) / distance;
  return axis;
}

PointDensityParams params_of(const PointDensity& args, const Axis& x, const Axis& y) {
  const KeyFlips flips = key_flips(args.options.type, args.options.of == Of::kSmallest);
  return {.columns = args.columns,
          .rows = args.rows,
          .x_first = x.first,
          .x_last = x.last,
          .y_first = y.first,
          .y_last = y.last,
          .x_low = x.low,
          .y_low = y.low,
          .x_scale = x.scale,
          .y_scale = y.scale,
          .sign_flip = flips.sign_flip,
          .is_float = flips.is_float,
          .order_flip = flips.order_flip,
          .has_counts = args.counts.buffer != 0 || args.options.of == Of::kMeans ? 1u : 0u,
          .are_means = args.options.of == Of::kMeans ? 1u : 0u};
}

// Bindings 1 and up.
std::vector<gpu::View> views_of(const PointDensity& args, const Plan& plan, const gpu::View& scratch) {
  const PointDensityOptions& options = args.options;
  std::vector<gpu::View> views = {args.xs, args.ys,
                                  has_own_totals(options) ? part_of(scratch, plan.totals) : args.result};
  if (!has_values(options)) return views;
  views.insert(views.end(), {args.values, args.counts.buffer != 0 ? args.counts : part_of(scratch, plan.counts)});
  if (has_sums(options)) views.push_back(has_own_totals(options) ? args.result : part_of(scratch, plan.no_result));
  return views;
}

}  // namespace

Result<bool> prepare_point_density(gpu::Device& device, const PointDensityOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  return are_ready(kernels);
}

u64 point_density_scratch_bytes(const PointDensityOptions& options, u32 bins) {
  return plan_for(options, bins).size_bytes;
}

Result<void> point_density(gpu::Frame& frame, const PointDensity& args) {
  gpu::Device& device = frame.device();
  const PointDensityOptions& options = args.options;
  const u64 all_bins = u64{args.columns} * args.rows;
  const u32 bins = static_cast<u32>(std::min<u64>(all_bins, kMostBins));
  const Axis x = axis_of(args.x_low, args.x_high, args.columns), y = axis_of(args.y_low, args.y_high, args.rows);
  const Plan plan = plan_for(options, bins);
  Arguments arguments(device, kName, args.count);
  arguments
      .require(all_bins >= 1 && all_bins <= kMostBins,
               "`columns` times `rows` is not from 1 to 16,777,216. Ask for as many bins.")
      .require(x.is_possible,
               "`x_low` is not below `x_high`, or one is not finite, or they are too near or far for f32 to tell "
               "`columns` apart. Give the ends of the picture.")
      .require(y.is_possible,
               "`y_low` is not below `y_high`, or one is not finite, or they are too near or far for f32 to tell "
               "`rows` apart. Give the ends of the picture.")
      .require(has_values(options) || args.counts.buffer == 0,
               "`counts` are asked for beside a picture of counts. Leave them out.")
      .read("xs", args.xs, 32)
      .read("ys", args.ys, 32)
      .write_bytes("result", args.result, u64{bins} * result_words(options) * 4)
      .scratch(args.scratch, plan.size_bytes);
  if (has_values(options)) arguments.read("values", args.values, element_bytes(options.type) * 8);
  if (args.counts.buffer != 0) arguments.write_bytes("counts", args.counts, u64{bins} * 4);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  SHOAL_TRY(require_ready(kernels, kName));
  const gpu::View scratch = scratch_for(frame, args.scratch, plan.size_bytes);
  Step step{.views = views_of(args, plan, scratch), .elements_per_group = kPointsPerGroup};
  step.with(params_of(args, x, y));
  // Behind the kernels stands the one that counts.
  std::vector<Step> steps(kernels.size() - 1, step);
  for (size_t i = 0; i < steps.size(); ++i) steps[i].kernel = kernels[i];
  const auto goes_over_bins = [&](Step& of) {
    of.elements_per_group = 0;
    of.groups = divide_round_up(bins, kBinsPerGroup);
  };
  goes_over_bins(steps.front());
  if (finishes(options)) goes_over_bins(steps.back());
  const u64 point_bytes = 8 + (has_values(options) ? element_bytes(options.type) : 0);
  run_steps(frame, kName, u64{most} * point_bytes * (reads_twice(options) ? 2 : 1), args.count, most, steps);
  return {};
}

}  // namespace shoal::primitives
