// Which names a declaration uses that may be declared at module scope.
#pragma once

#include <set>
#include <string_view>
#include <vector>

#include "wgsl/module.h"

namespace shoal::wgsl {

// Token indices. Names behind a dot, of attributes, and what @builtin, @interpolate and @diagnostic hold are left
// out; a local variable that shares a global's name is not, so at worst a declaration too many is kept.
std::vector<u32> referenced_tokens(const Module& module, const Declaration& declaration);

// A function's parameters and whatever its body declares, in any scope.
std::set<std::string_view> local_names(const Module& module, const Declaration& declaration);

}  // namespace shoal::wgsl
