// Which comments belong to a declaration: those directly above it, and the one behind it on its last line.
#pragma once

#include "wgsl/module.h"

namespace shoal::wgsl {

bool has_blank_line(std::string_view text);

// Where the comments above a declaration that starts at `begin` start; text that a condition removed is passed
// over.
u32 begin_with_comments(const Module& module, u32 begin);

// The end of the line comment behind what ends at `end`, or `end`.
u32 end_with_comment(const Module& module, u32 end);

}  // namespace shoal::wgsl
