#include "primitives/compact/compact.h"

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "primitives/arguments.h"
#include "primitives/compact/chained_compact.h"
#include "primitives/compact/chained_compact.kernel.h"
#include "primitives/compact/compact.kernel.h"
#include "primitives/compact/compact_layout.gen.h"
#include "primitives/launch.h"
#include "primitives/scan/scan_partials.h"
#include "primitives/strips.h"

namespace shoal::primitives {
namespace {

enum class Form : u8 { kCompact, kChainedCompact, kPartition, kCount };

std::string_view name_of(Form form) {
  return form == Form::kPartition ? "partition" : form == Form::kCount ? "count_if" : "compact";
}

Form compact_form(const gpu::Device& device) {
  return prefers_look_back(device.capabilities) ? Form::kChainedCompact : Form::kCompact;
}

// What clears, and chained_compact.
Result<Kernels> chained_kernels_for(gpu::Device& device, KernelChoice choice, Waiting waiting) {
  const KernelChoice adding = summing();
  const std::string program = fmt::format("{}\n{}", adding.program, choice.program);
  const auto constants = waiting.constants();
  choice.kernel = &chained_compact_kernel();
  for (const std::string_view feature : look_back_features(device.capabilities)) choice.features.push_back(feature);
  choice.entry_point = "chained_compact";
  choice.program = program;
  choice.constants = constants;
  const KernelChoice choices[] = {clearing(adding), choice};
  return request_kernels(device, choices);
}

// count_strips, those of scan_partials.h, and but for kCount compact_strips.
Result<Kernels> kernels_for(gpu::Device& device, const CompactOptions& options, Form form, Waiting waiting = {}) {
  SHOAL_TRY_SET(const SelectionProgram program, selection_program(options.keep));
  std::vector<std::string_view> features;
  if (options.has_values) features.emplace_back("values");
  if (options.has_rows) features.emplace_back("rows");
  if (form == Form::kChainedCompact) {
    // What is joined are counts, which are never wide.
    if (is_wide(options.type)) features.emplace_back("wide_values");
    return chained_kernels_for(
        device, {.features = features, .program = program.text, .program_bindings = program.bindings}, waiting);
  }
  if (is_wide(options.type)) features.emplace_back("wide");
  for (const std::string_view feature : strip_features(device.capabilities)) features.push_back(feature);
  if (form == Form::kPartition) features.emplace_back("partitioned");
  KernelChoice choice{.kernel = &compact_kernel(),
                      .entry_point = "count_strips",
                      .features = features,
                      .program = program.text,
                      .program_bindings = program.bindings};
  std::vector<KernelChoice> choices = {choice};
  add_partials_choices(choices, summing());
  if (form != Form::kCount) {
    choices.push_back(choice);
    choices.back().entry_point = "compact_strips";
  }
  return request_kernels(device, choices);
}

// Over strips, twice.
std::vector<Step> strip_steps(Form form, const Kernels& kernels, Step step, const gpu::View& partials,
                              const gpu::View& kept_count, u32 most) {
  step.views.insert(step.views.begin(), {partials, kept_count});
  step.kernel = kernels[0];
  std::vector<Step> steps = {step};
  add_partials_steps(steps, std::span(kernels).subspan(1), {.views = {partials, kept_count}}, most);
  if (form != Form::kCount) {
    step.kernel = kernels[1 + kPartialsKernels];
    steps.push_back(step);
  }
  return steps;
}

Result<void> append(gpu::Frame& frame, const Compact& args, Form form, Waiting waiting = {}) {
  const std::string_view name = name_of(form);
  gpu::Device& device = frame.device();
  const CompactOptions& options = args.options;
  const u32 bits = element_bytes(options.type) * 8;
  const u32 keep_bits = selection_bits(options.keep);
  const bool has_keep_view = !args.keep_views.empty();
  const gpu::View& sized = options.has_values ? args.values : has_keep_view ? args.keep_views[0] : args.rows;
  const u32 sized_bits = options.has_values ? bits : has_keep_view && keep_bits != 0 ? keep_bits : 32;
  const u64 scratch_bytes = compact_scratch_bytes(device, most_elements(args.count, sized, sized_bits));
  Arguments arguments(device, name, args.count);
  arguments.require(form == Form::kCount || options.has_values || options.has_rows,
                    "Neither values nor rows are asked for, so there is nothing to write. Set `has_values` or "
                    "`has_rows`.");
  arguments.require(keep_bits == 0 || has_keep_view,
                    "`keep_views` is empty, but the test reads an array. Give its view.");
  if (keep_bits != 0 && has_keep_view) arguments.read("keep_views[0]", args.keep_views[0], keep_bits);
  for (const gpu::View& view : args.keep_views.subspan(keep_bits == 0 || !has_keep_view ? 0 : 1)) {
    arguments.read_bytes("keep_views", view, 4);
  }
  if (options.has_values) arguments.read("values", args.values, bits).write("result", args.result, bits);
  if (options.has_rows) arguments.write("rows", args.rows, 32);
  arguments.write_bytes(form == Form::kCount ? "result" : "kept_count", args.kept_count, 4)
      .scratch(args.scratch, scratch_bytes);
  SHOAL_TRY_SET(const u32 most, arguments.check());
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options, form, waiting));
  SHOAL_TRY(require_ready(kernels, name));

  const gpu::View scratch = scratch_for(frame, args.scratch, scratch_bytes);
  const bool is_chained = form == Form::kChainedCompact;
  Step step{.elements_per_group = is_chained ? look_back_tile_elements(device.capabilities)
                                             : strip_elements_per_group(device.capabilities),
            .program_views = args.keep_views};
  if (options.has_rows) step.views.push_back(args.rows);
  if (options.has_values) step.views.insert(step.views.end(), {args.values, args.result});
  std::vector<Step> steps;
  if (is_chained) {
    step.views.insert(step.views.begin(), {scratch, args.kept_count});
    step.kernel = kernels[1];
    steps = {clearing_step(device.capabilities, kernels[0], scratch, args.kept_count, most), step};
  } else {
    steps = strip_steps(form, kernels, step, scratch, args.kept_count, most);
  }
  const u32 read_bits = (form == Form::kCount || is_chained ? 1 : 2) * keep_bits + (options.has_values ? bits : 0);
  run_steps(frame, name, u64{most} * (read_bits + (form == Form::kPartition ? 32 : 0)) / 8, args.count, most,
            steps);
  return {};
}

Result<bool> prepare(gpu::Device& device, const CompactOptions& options, Form form) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options, form));
  return are_ready(kernels);
}

}  // namespace

Result<bool> prepare_compact(gpu::Device& device, const CompactOptions& options) {
  return prepare(device, options, compact_form(device));
}

Result<bool> prepare_partition(gpu::Device& device, const CompactOptions& options) {
  return prepare(device, options, Form::kPartition);
}

Result<bool> prepare_count_if(gpu::Device& device, const Selection& keep) {
  return prepare(device, {.keep = keep, .has_values = false}, Form::kCount);
}

u64 compact_scratch_bytes(const gpu::Device& device, u32 most_elements) {
  ScratchLayout layout;
  layout.add(std::max(partials_bytes(most_elements, 4), look_back_bytes(device.capabilities, most_elements)));
  return layout.size_bytes();
}

Result<bool> prepare_chained_compact(gpu::Device& device, const CompactOptions& options, Waiting waiting) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device, options, Form::kChainedCompact, waiting));
  return are_ready(kernels);
}

Result<void> append_chained_compact(gpu::Frame& frame, const Compact& args, Waiting waiting) {
  return append(frame, args, Form::kChainedCompact, waiting);
}

Result<void> compact(gpu::Frame& frame, const Compact& args) {
  return append(frame, args, compact_form(frame.device()));
}

Result<void> partition(gpu::Frame& frame, const Compact& args) { return append(frame, args, Form::kPartition); }

Result<void> count_if(gpu::Frame& frame, const CountIf& args) {
  return append(frame,
                {.options = {.keep = args.keep, .has_values = false},
                 .keep_views = args.keep_views,
                 .count = args.count,
                 .kept_count = args.result,
                 .scratch = args.scratch},
                Form::kCount);
}

}  // namespace shoal::primitives
