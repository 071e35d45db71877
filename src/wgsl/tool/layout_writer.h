// C++ mirrors of the structs that WGSL and the host share.
#pragma once

#include <string>

#include "wgsl/flatten.h"

namespace shoal::wgsl {

// A struct is mirrored when one of the comment lines directly above it is exactly this.
inline constexpr std::string_view kMirrorMarker = "// host-shareable";

// The text of "primitives/wide_layout.gen.h" for "primitives/wide.wgsl", or "" when no struct there is marked.
// Every offset and size is asserted; padding is explicit and zero. f16 is its 16 bits. Errors: a type that cannot
// be shared, an array sized at run time, a condition in the struct, a member whose struct is not marked itself.
Result<std::string> write_layout_header(const std::string& path, const ReadSource& read);

}  // namespace shoal::wgsl
