// Text for messages: thousands separators, byte sizes, the nearest name to a misspelt one.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/int.h"

namespace shoal {

std::string group_thousands(u64 value);    // 3,000,000
std::string format_bytes(u64 size_bytes);  // "24.0 MB" (powers of ten, as disks and design.md count)
std::string quote(std::string_view text);  // 'text', long or unprintable parts shortened or escaped
// A file's name in a sentence: as it is, or quoted where it would not be read as one (empty, spaces at an end,
// control characters, very long).
std::string name_text(std::string_view name);

// The candidate nearest to `name` by edit distance, when near enough to be meant.
std::optional<std::string_view> nearest_name(std::string_view name, std::span<const std::string> candidates);

// "Did you mean 'delay'?" with a leading space, or "" when nothing is near.
std::string did_you_mean(std::string_view name, std::span<const std::string> candidates);

// "12GiB", "64 MB", "1048576": a size in bytes, or nothing.
std::optional<u64> parse_bytes(std::string_view text);

}  // namespace shoal
