// All variants of a kernel: one flattened text for each combination of the features that make a difference to it.
#pragma once

#include <string>
#include <vector>

#include "wgsl/flatten.h"

namespace shoal::wgsl {

struct KernelVariants {
  std::vector<std::string> feature_names;
  std::vector<Flattened> variants;  // [mask]: bit i is feature_names[i]
  std::vector<std::string> files;   // all that any variant read, the entry first
};

Result<KernelVariants> flatten_variants(std::string_view entry_path, const ReadSource& read);

}  // namespace shoal::wgsl
