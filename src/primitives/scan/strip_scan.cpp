#include "primitives/scan/strip_scan.h"

#include "primitives/arguments.h"
#include "primitives/scan/scan.kernel.h"
#include "primitives/scan/scan_layout.gen.h"
#include "primitives/scan/scan_partials.h"
#include "primitives/strips.h"

namespace shoal::primitives {
namespace {

bool is_segmented(StripScan form) { return form == StripScan::kScanSegments || form == StripScan::kReduceSegments; }

struct Plan {
  gpu::View partials, total, segment_count, result;
  u64 size_bytes = 0;
};

Plan plan_for(StripScan form, const ScanOptions& options, u32 most_elements) {
  // State of state.wgsl: a word or two, and where segmented a word that counts, aligned as the first.
  const u64 state_bytes = element_bytes(options.type) * (is_segmented(form) ? 2 : 1);
  ScratchLayout layout;
  Plan plan;
  plan.partials = layout.add(partials_bytes(most_elements, state_bytes));
  plan.total = layout.add(element_bytes(options.type));
  if (is_segmented(form)) plan.segment_count = layout.add(4);
  if (form == StripScan::kFold) plan.result = layout.add(16);  // bound, though nothing is written
  plan.size_bytes = layout.size_bytes();
  return plan;
}

// reduce_strips, those of scan_partials.h, and but for kFold scan_strips.
Result<Kernels> kernels_for(gpu::Device& device, StripScan form, const ScanOptions& options,
                            const Selection* heads) {
  const bool has_monoid = !options.monoid.text.empty();
  const MonoidProgram monoid = has_monoid ? options.monoid : operator_program(options.type, options.op);
  std::vector<std::string_view> features = strip_features(device.capabilities);
  if (is_wide(options.type)) features.emplace_back("wide");
  if (has_monoid) features.emplace_back("ordered");
  if (form == StripScan::kReduceSegments) features.emplace_back("collapsed");
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
  std::vector<KernelChoice> choices = {choice};
  KernelChoice joining = choice;
  joining.program = monoid.text;
  if (heads != nullptr) joining.program_bindings = {};
  add_partials_choices(choices, joining);
  if (form != StripScan::kFold) {
    choices.push_back(choice);
    choices.back().entry_point = "scan_strips";
  }
  return request_kernels(device, choices);
}

}  // namespace

Result<bool> prepare_strip_scan(gpu::Device& device, StripScan form, const ScanOptions& options,
                                const Selection* heads) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, form, options, heads));
  return are_ready(kernels);
}

u64 strip_scan_scratch_bytes(StripScan form, const ScanOptions& options, u32 most_elements) {
  return plan_for(form, options, most_elements).size_bytes;
}

Result<void> append_strip_scan(gpu::Frame& frame, std::string_view name, StripScan form, const Scan& args,
                               const Segments& segments) {
  gpu::Device& device = frame.device();
  const ScanOptions& options = args.options;
  const bool has_segments = is_segmented(form), is_collapsed = form == StripScan::kReduceSegments;
  const u32 bits = element_bytes(options.type) * 8;
  const Plan plan = plan_for(form, options, most_elements(args.count, args.values, bits));
  Arguments arguments(device, name, args.count);
  arguments.read("values", args.values, bits);
  if (form != StripScan::kFold) arguments.write("result", args.result, bits);
  const u32 head_bits = has_segments ? selection_bits(segments.heads) : 0;
  if (has_segments) {
    arguments.require(head_bits == 0 || !segments.views.empty(),
                      "`head_views` is empty, but where segments begin is read from an array. Give its view.");
    arguments.require(options.monoid.bindings.empty(),
                      "A monoid with bindings of its own cannot be scanned by segments, whose test has that group. "
                      "Give it constants.");
    for (const gpu::View& view : segments.views) {
      if (head_bits != 0 && segments.heads.is_written_elsewhere) arguments.write("head_views[0]", view, head_bits);
      if (head_bits != 0 && !segments.heads.is_written_elsewhere) arguments.read("head_views[0]", view, head_bits);
      if (head_bits == 0) arguments.read_bytes("head_views", view, 4);
    }
  }
  if (is_collapsed) {
    arguments.write("starts", segments.starts, 32).write_bytes("segment_count", segments.segment_count, 4);
  }
  const bool has_total = args.total.buffer != 0 || form == StripScan::kFold;
  if (has_total) arguments.write_bytes(form == StripScan::kFold ? "result" : "total", args.total, bits / 8);
  arguments.scratch(args.scratch, plan.size_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels,
                kernels_for(device, form, options, has_segments ? &segments.heads : nullptr));
  SHOAL_TRY(require_ready(kernels, name));

  const gpu::View scratch = scratch_for(frame, args.scratch, plan.size_bytes);
  const gpu::View partials = part_of(scratch, plan.partials);
  const gpu::View result = form == StripScan::kFold ? part_of(scratch, plan.result) : args.result;
  Step step{.kernel = kernels[0],
            .views = {args.values, result, partials},
            .elements_per_group = strip_elements_per_group(device.capabilities),
            .program_views = has_segments ? segments.views : args.program_views};
  step.with(ScanParams{.count = most, .is_inclusive = args.is_inclusive ? 1u : 0u});
  if (is_collapsed) step.views.push_back(segments.starts);
  Step middle{.views = {partials, has_total ? args.total : part_of(scratch, plan.total)}};
  if (has_segments) {
    middle.views.push_back(is_collapsed ? segments.segment_count : part_of(scratch, plan.segment_count));
  } else {
    middle.program_views = args.program_views;
  }
  std::vector<Step> steps = {step};
  add_partials_steps(steps, std::span(kernels).subspan(1), middle, most);
  if (form != StripScan::kFold) {
    step.kernel = kernels[1 + kPartialsKernels];
    steps.push_back(step);
  }
  const u64 element_bits = bits * (form == StripScan::kFold ? 1 : is_collapsed ? 2 : 3);
  const u64 reads_of_heads = form == StripScan::kFold ? 1 : 2;
  run_steps(frame, name, u64{most} * (element_bits + reads_of_heads * head_bits) / 8, args.count, most, steps);
  return {};
}

}  // namespace shoal::primitives
