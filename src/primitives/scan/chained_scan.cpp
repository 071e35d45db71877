#include "primitives/scan/chained_scan.h"

#include "primitives/arguments.h"
#include "primitives/scan/chained_scan.kernel.h"
#include "primitives/scan/chained_scan_layout.gen.h"

namespace shoal::primitives {
namespace {

struct Plan {
  gpu::View tiles, total;
  u64 size_bytes = 0;
};

Plan plan_for(const gpu::Device& device, u32 most_elements) {
  ScratchLayout layout;
  Plan plan;
  plan.tiles = layout.add(look_back_bytes(device.capabilities, most_elements));
  plan.total = layout.add(4);
  plan.size_bytes = layout.size_bytes();
  return plan;
}

Result<Kernels> kernels_for(gpu::Device& device, const ScanOptions& options, Waiting waiting) {
  const MonoidProgram program = operator_program(options.type, options.op);
  const auto constants = waiting.constants();
  const KernelChoice choice{.kernel = &chained_scan_kernel(),
                            .entry_point = "chained_scan",
                            .features = look_back_features(device.capabilities),
                            .program = program.text,
                            .program_bindings = program.bindings,
                            .constants = constants};
  const KernelChoice choices[] = {clearing(choice), choice};
  return request_kernels(device, choices);
}

}  // namespace

bool can_chain(const ScanOptions& options) {
  const bool is_exact = options.type != ElementType::kF32 || options.op != Operator::kSum;
  return options.monoid.text.empty() && !is_wide(options.type) && is_exact;
}

Result<bool> prepare_chained_scan(gpu::Device& device, const ScanOptions& options, Waiting waiting) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options, waiting));
  return are_ready(kernels);
}

u64 chained_scan_scratch_bytes(const gpu::Device& device, u32 most_elements) {
  return plan_for(device, most_elements).size_bytes;
}

Result<void> append_chained_scan(gpu::Frame& frame, const Scan& args, Waiting waiting) {
  gpu::Device& device = frame.device();
  const Plan plan = plan_for(device, most_elements(args.count, args.values, 32));
  Arguments arguments(device, "scan", args.count);
  arguments.read("values", args.values, 32).write("result", args.result, 32);
  if (args.total.buffer != 0) arguments.write_bytes("total", args.total, 4);
  arguments.scratch(args.scratch, plan.size_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, args.options, waiting));
  SHOAL_TRY(require_ready(kernels, "scan"));

  const gpu::View scratch = scratch_for(frame, args.scratch, plan.size_bytes);
  const gpu::View tiles = part_of(scratch, plan.tiles);
  const gpu::View total = args.total.buffer != 0 ? args.total : part_of(scratch, plan.total);
  Step chained{.kernel = kernels[1],
               .views = {tiles, args.values, args.result, total},
               .elements_per_group = look_back_tile_elements(device.capabilities)};
  chained.with(ChainedScanParams{.count = most, .is_inclusive = args.is_inclusive ? 1u : 0u});
  const Step steps[] = {clearing_step(device.capabilities, kernels[0], tiles, total, most), chained};
  run_steps(frame, "scan", u64{most} * 8, args.count, most, steps);
  return {};
}

}  // namespace shoal::primitives
