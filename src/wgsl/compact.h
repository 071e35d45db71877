// WGSL for the compiler alone: what a page downloads.
#pragma once

#include <string>

#include "wgsl/module.h"

namespace shoal::wgsl {

// The module's text without comments (the lines that mark slots stay) and empty lines. An indented line keeps one
// blank: splice() tells by it where a declaration ends.
std::string compact_text(const Module& module);

}  // namespace shoal::wgsl
