// WESL's import statements, flattened to one Import for each item.
#pragma once

#include "wgsl/module.h"
#include "wgsl/token_cursor.h"

namespace shoal::wgsl {

// At `import`. Appends to `imports`.
Result<void> parse_import(TokenCursor& cursor, std::vector<Import>& imports);

}  // namespace shoal::wgsl
