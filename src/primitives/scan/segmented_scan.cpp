#include "primitives/scan/segmented_scan.h"

#include "primitives/arguments.h"
#include "primitives/scan/scan.kernel.h"
#include "primitives/scan/scan_layout.gen.h"
#include "primitives/scan/scan_partials.kernel.h"
#include "primitives/strips.h"

namespace shoal::primitives {
namespace {

struct Plan {
  gpu::View partials, total;
  u64 size_bytes = 0;
};

// State of state.wgsl: a word or two, and where segmented a word that says so, aligned as the first.
u64 state_bytes(ElementType type, bool is_segmented) { return element_bytes(type) * (is_segmented ? 2 : 1); }

Plan plan_for(const ScanOptions& options, u32 most_elements, bool is_segmented) {
  ScratchLayout layout;
  Plan plan;
  plan.partials = layout.add(strip_count(most_elements) * state_bytes(options.type, is_segmented));
  plan.total = layout.add(element_bytes(options.type));
  plan.size_bytes = layout.size_bytes();
  return plan;
}

// reduce_strips, scan_partials, scan_strips.
Result<Kernels> kernels_for(gpu::Device& device, const ScanOptions& options, const Selection* heads) {
  const bool has_monoid = !options.monoid.text.empty();
  const MonoidProgram monoid = has_monoid ? options.monoid : operator_program(options.type, options.op);
  std::vector<std::string_view> features = strip_features(device.capabilities);
  if (is_wide(options.type)) features.emplace_back("wide");
  if (has_monoid) features.emplace_back("ordered");
  KernelChoice choice{.kernel = &scan_kernel(),
                      .entry_point = "reduce_strips",
                      .features = features,
                      .program = monoid.text,
                      .program_bindings = monoid.bindings};
  std::string with_heads;
  if (heads != nullptr) {
    SHOAL_TRY_SET(const SelectionProgram selection, selection_program(*heads));
    with_heads = std::string(monoid.text) + "\n" + selection.text;
    choice.features.emplace_back("segmented");
    choice.program = with_heads;
    choice.program_bindings = selection.bindings;
  }
  std::vector<KernelChoice> choices = {choice, choice, choice};
  choices[1].kernel = &scan_partials_kernel();
  choices[1].entry_point = {};
  choices[1].program = monoid.text;
  if (heads != nullptr) choices[1].program_bindings = {};
  choices[2].entry_point = "scan_strips";
  return request_kernels(device, choices);
}

}  // namespace

Result<bool> prepare_segmented_scan(gpu::Device& device, const ScanOptions& options, const Selection* heads) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options, heads));
  return are_ready(kernels);
}

u64 segmented_scan_scratch_bytes(const ScanOptions& options, u32 most_elements, bool is_segmented) {
  return plan_for(options, most_elements, is_segmented).size_bytes;
}

Result<void> append_segmented_scan(gpu::Frame& frame, std::string_view name, const Scan& args,
                                   const Segments* segments) {
  gpu::Device& device = frame.device();
  const ScanOptions& options = args.options;
  const bool is_segmented = segments != nullptr;
  const u32 bits = element_bytes(options.type) * 8;
  const Plan plan = plan_for(options, most_elements(args.count, args.values, bits), is_segmented);
  Arguments arguments(device, name, args.count);
  arguments.read("values", args.values, bits).write("result", args.result, bits);
  const u32 head_bits = is_segmented ? selection_bits(segments->heads) : 0;
  if (is_segmented) {
    arguments.require(head_bits == 0 || !segments->views.empty(),
                      "The array that segments are read from is missing. Give its view.");
    arguments.require(options.monoid.bindings.empty(),
                      "A monoid with bindings of its own cannot be scanned by segments, whose test has that group. "
                      "Give it constants.");
    for (const gpu::View& view : segments->views) {
      if (head_bits != 0) arguments.read("keys", view, head_bits);
      if (head_bits == 0) arguments.read_bytes("head_views", view, 4);
    }
  }
  if (args.total.buffer != 0) arguments.write_bytes("total", args.total, bits / 8);
  arguments.scratch(args.scratch, plan.size_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options, is_segmented ? &segments->heads : nullptr));
  SHOAL_TRY(require_ready(kernels, name));

  const gpu::View scratch = scratch_for(device, args.scratch, plan.size_bytes);
  const gpu::View partials = part_of(scratch, plan.partials);
  const gpu::View total = args.total.buffer != 0 ? args.total : part_of(scratch, plan.total);
  const std::span<const gpu::View> program_views = is_segmented ? segments->views : args.program_views;
  Step step{.views = {args.values, args.result, partials},
            .elements_per_group = strip_elements_per_group(device.capabilities),
            .program_views = program_views};
  step.with(ScanParams{.count = most, .is_inclusive = args.is_inclusive ? 1u : 0u});
  std::array<Step, 3> steps = {step, {.views = {partials, total}}, step};
  if (!is_segmented) steps[1].program_views = args.program_views;
  for (size_t i = 0; i < steps.size(); ++i) steps[i].kernel = kernels[i];
  run_steps(frame, name, u64{most} * (3 * bits + 2 * head_bits) / 8, args.count, most, steps);
  return {};
}

}  // namespace shoal::primitives
