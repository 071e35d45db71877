// From a WESL file and what it imports to one readable WGSL text for a set of features.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "wgsl/conditions.h"

namespace shoal::wgsl {

// Reads a file by its path in the package: "primitives/wide.wgsl".
using ReadSource = std::function<Result<std::string>(std::string_view path)>;

struct Flattened {
  std::string text;                // plain WGSL but for one `//@slot NAME` line where each slot's text goes
  std::vector<std::string> slots;  // in the order of their lines
  std::vector<std::string> files;  // every file that was read, the entry first
  FeatureNames mentioned;          // every name a condition in them asks for
};

// Keeps every declaration of `entry_path` and what those reach through imports. The entry comes first, imported
// parts follow by file, comments and indentation stay. Names are never changed: two declarations of one name are
// refused. Errors point into the file at fault.
Result<Flattened> flatten(std::string_view entry_path, const FeatureNames& enabled, const ReadSource& read);

}  // namespace shoal::wgsl
