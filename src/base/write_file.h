// Writes a whole file or none of it: beside its final place first, then renamed. Native only.
#pragma once

#include <span>
#include <string>

#include "base/int.h"
#include "base/result.h"

namespace shoal {

// A file that is there is replaced in one step and keeps its permissions; through a symbolic link its target is.
// What is no regular file (/dev/stdout, a pipe) is written to. Errors: kIo, with the name and what to do; the file
// is then as it was.
Result<void> write_file(const std::string& path, std::span<const u8> bytes);

}  // namespace shoal
