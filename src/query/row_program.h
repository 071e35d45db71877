// The part of a kernel's text that depends on which columns a query reads: how four rows are loaded, filtered and
// handed on. Its shape depends on widths, nulls and the filter's formula alone, so zooming compiles nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "query/axis_bins.h"
#include "query/filter.h"

namespace shoal::query {

struct SlotShape {
  bool wide = false;
  bool nullable = false;
  AxisForm form = AxisForm::kTable;  // of slots 0 and 1 of a density
};

// Both are whole programs, with the text of density_program.wgsl or aggregate_program.wgsl and of the filter.

// Slots 0 and 1 are x and y; `filter_slots[k]` is the slot of the filter's column k. Fills the slots of
// primitives/density.
std::string density_row_program(const std::vector<SlotShape>& slots, const CompiledFilter& filter,
                                const std::vector<size_t>& filter_slots);

// The first slots are the filter's columns, `measured` is one of them or the last. Fills the slots of
// primitives/element_fold.h: the codes of `measured` in rows that pass and are not null there; without it rows that
// pass are elements, all 0.
std::string element_row_program(const std::vector<SlotShape>& slots, const CompiledFilter& filter,
                                std::optional<size_t> measured);

}  // namespace shoal::query
