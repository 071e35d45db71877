// Bytes as the DevTools protocol carries them.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace shoal::review {

std::string encode_base64(std::span<const std::byte> bytes);
// Nothing for what is not base64.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace shoal::review
