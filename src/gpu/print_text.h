// Text from anywhere, made safe to print: for terminals and for JSON alike.
#pragma once

#include <string>
#include <string_view>

namespace shoal::gpu {

// Appends `text` as a JSON string with its quotes. Control characters, which a terminal might obey, are escaped;
// bytes that are no UTF-8 become U+FFFD.
void append_quoted(std::string& out, std::string_view text);

}  // namespace shoal::gpu
