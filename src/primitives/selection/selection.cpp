#include "primitives/selection/selection.h"

#include <vector>

#include "primitives/selection/selected_flags.kernel.h"
#include "primitives/selection/selected_rows.kernel.h"
#include "primitives/selection/selected_runs.kernel.h"

namespace shoal::primitives {
namespace {

SelectionProgram variant_of(const wgsl::Kernel& kernel, const std::vector<std::string_view>& features) {
  const wgsl::KernelTemplate& program = kernel.variant(std::span<const std::string_view>(features));
  return {.text = std::string(program.text), .bindings = program.bindings};
}

}  // namespace

Result<SelectionProgram> selection_program(const Selection& selection) {
  using enum Selection::By;
  std::vector<std::string_view> features, flag_features;
  if (selection.is_written_elsewhere) flag_features.emplace_back("written_elsewhere");
  if (is_wide(selection.key_type)) features.emplace_back("wide");
  switch (selection.by) {
    case kFlags: return variant_of(selected_flags_kernel(), flag_features);
    case kBits: flag_features.emplace_back("bits"); return variant_of(selected_flags_kernel(), flag_features);
    case kRunStarts: return variant_of(selected_runs_kernel(), features);
    case kRunEnds: features.emplace_back("ends"); return variant_of(selected_runs_kernel(), features);
    case kProgram: break;
  }
  const wgsl::SlotText slot{"keep", selection.text};
  SHOAL_TRY_SET(std::string text, wgsl::splice(selected_rows_kernel().variant({}), std::span(&slot, 1)));
  return SelectionProgram{.text = std::move(text), .bindings = selection.bindings};
}

u32 selection_bits(const Selection& selection) {
  using enum Selection::By;
  switch (selection.by) {
    case kFlags: return 32;
    case kBits: return 1;
    case kRunStarts:
    case kRunEnds: return element_bytes(selection.key_type) * 8;
    case kProgram: break;
  }
  return 0;
}

}  // namespace shoal::primitives
