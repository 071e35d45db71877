// What a host must know of a module: bindings, entry points, overrides, and the features its text needs.
#pragma once

#include <vector>

#include "wgsl/kernel_template.h"
#include "wgsl/module.h"

namespace shoal::wgsl {

// Names point into the module's source.
struct Reflection {
  std::vector<Binding> bindings;
  std::vector<EntryPoint> entry_points;
  std::vector<Override> overrides;
  bool uses_subgroups = false;
  bool uses_f16 = false;
};

Result<Reflection> reflect(const Module& module);

}  // namespace shoal::wgsl
