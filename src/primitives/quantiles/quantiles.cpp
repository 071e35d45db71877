#include "primitives/quantiles/quantiles.h"

#include <algorithm>

#include "primitives/radix_select/radix_select.h"

namespace shoal::primitives {
namespace {

struct Plan {
  RadixSelectLayout select;
  u64 size_bytes = 0;
};

Plan plan_for(ElementType type) {
  ScratchLayout layout;
  Plan plan;
  plan.select = add_radix_select(layout, type);
  plan.size_bytes = layout.size_bytes();
  return plan;
}

Result<Kernels> kernels_for(gpu::Device& device, const QuantilesOptions& options) {
  return request_kernels(device, radix_select_choices(options.type, false));
}

}  // namespace

Result<bool> prepare_quantiles(gpu::Device& device, const QuantilesOptions& options) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options));
  return are_ready(kernels);
}

u64 quantiles_scratch_bytes(const gpu::Device&, const QuantilesOptions& options) {
  return plan_for(options.type).size_bytes;
}

Result<void> quantiles(gpu::Frame& frame, const Quantiles& args) {
  gpu::Device& device = frame.device();
  const ElementType type = args.options.type;
  const u32 bits = element_bytes(type) * 8;
  const Plan plan = plan_for(type);
  Arguments arguments(device, "quantiles", args.count);
  arguments.require(!args.quantiles.empty(), "`quantiles` is empty. Name at least one.")
      .require(std::ranges::all_of(args.quantiles,
                                   [](const Quantile& quantile) {
                                     return quantile.denominator != 0 && quantile.denominator < 0x80000000u &&
                                            quantile.numerator <= quantile.denominator;
                                   }),
               "`quantiles` has one that is no share from 0 to 1, or whose denominator is 2^31 or more. Give it a "
               "numerator not above the denominator.")
      .require(args.end_bit == 0 || (args.end_bit <= bits && is_unsigned(type)),
               "`end_bit` is above the bits of the type, or the type is not unsigned. Give it 0, or the bits that "
               "unsigned elements use.")
      .read("values", args.values, bits)
      .write_bytes("result", args.result, u64{args.quantiles.size()} * bits / 8)
      .scratch(args.scratch, plan.size_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, args.options));
  SHOAL_TRY(require_ready(kernels, "quantiles"));
  const gpu::View scratch = scratch_for(device, args.scratch, plan.size_bytes);
  std::vector<SelectRank> ranks;
  for (const Quantile& quantile : args.quantiles) ranks.push_back({quantile.numerator, quantile.denominator});
  const u32 passes = radix_select_passes(type, args.end_bit, ranks.size());
  const u64 readings = passes * divide_round_up(ranks.size(), size_t{kMostSelectTargets});
  const PassScope pass(frame, "quantiles", u64{most} * readings * bits / 8);
  for (size_t first = 0; first < ranks.size(); first += kMostSelectTargets) {
    const auto eight = std::span(ranks).subspan(first, std::min<size_t>(kMostSelectTargets, ranks.size() - first));
    const std::vector<Step> steps = radix_select_steps(kernels, {.type = type,
                                                                 .end_bit = args.end_bit,
                                                                 .keys = args.values,
                                                                 .targets = part_of(scratch, plan.select.targets),
                                                                 .counts = part_of(scratch, plan.select.counts),
                                                                 .found = args.result,
                                                                 .first_found = static_cast<u32>(first),
                                                                 .ranks = eight});
    run_steps(frame, "quantiles", 0, args.count, most, steps);
  }
  return {};
}

}  // namespace shoal::primitives
