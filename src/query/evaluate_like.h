// SQL's LIKE: % stands for any text, _ for one character (a Unicode code point in UTF-8).
#pragma once

#include <string_view>

namespace shoal::query {

// `escape` is empty or one character: what follows it stands for itself. The pattern does not end with it.
bool matches_like(std::string_view text, std::string_view pattern, std::string_view escape);

}  // namespace shoal::query
