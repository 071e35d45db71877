// A kernel's text for readers: what bindings and parameters are called, bare blocks opened, barriers explained.
#pragma once

#include <string>

#include "emit/program.h"

namespace shoal::emit {

// Fills the kernel's `variables`, `parameters`, `read` and `written`.
Result<void> name_variables(Kernel& kernel, const std::string& code);

// The same program: blocks that conditions left bare are opened where they declare nothing, and each barrier
// without a comment of its own says which workgroup memory it is for.
Result<std::string> readable_text(const std::string& code);

Result<bool> uses_subgroups(const std::string& code);

}  // namespace shoal::emit
