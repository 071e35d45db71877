// The text of a filter's slot.
#pragma once

#include <string>

#include "query/filter_formula.h"

namespace shoal::query {

// Declares fn keep(c0: u32, c1: vec2u, ..., valid: u32) -> bool, with one parameter for each of `slot_is_wide`
// (u32, or vec2u with the low word first), and what it calls. It reads numbers by filter_word(index: u32) -> u32,
// which its host declares. All its names start with keep.
std::string filter_wgsl(const Formula& formula, const std::vector<bool>& slot_is_wide);

}  // namespace shoal::query
