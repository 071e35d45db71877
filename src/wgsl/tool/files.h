// Text files for the build tool.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "wgsl/flatten.h"

namespace shoal::wgsl {

Result<std::string> read_text_file(const std::filesystem::path& path);

// Makes the folder, writes beside and renames. A file that already says `text` keeps its time stamp.
Result<void> write_text_file(const std::filesystem::path& path, std::string_view text);

// Reads a package whose root is `root`.
ReadSource read_below(std::filesystem::path root);

}  // namespace shoal::wgsl
