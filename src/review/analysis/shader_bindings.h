// What a shader that nobody here wrote does with its bindings, from its text.
#pragma once

#include <string_view>

#include "base/int.h"

namespace shoal::review {

// Whether `var<storage, read_write>` stands at the binding. True where the text does not tell.
bool may_write(std::string_view wgsl, u32 group, u32 binding);

}  // namespace shoal::review
