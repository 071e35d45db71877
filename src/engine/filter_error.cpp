#include "engine/filter_error.h"

#include <algorithm>

namespace shoal::engine {

FilterError locate_filter_error(std::string_view filter, std::string_view message) {
  FilterError error;
  const size_t text_first = message.find('\n');
  error.sentence = message.substr(0, text_first);
  const size_t caret_first = text_first == std::string_view::npos ? text_first : message.find('\n', text_first + 1);
  if (caret_first == std::string_view::npos) return error;
  constexpr size_t kIndent = 4;
  std::string_view line = message.substr(text_first + 1 + kIndent, caret_first - text_first - 1 - kIndent);
  size_t characters = message.find('^', caret_first) - caret_first - 1 - kIndent;
  // A long filter is cut to what lies around the place.
  const bool is_cut = line.starts_with("...") && !filter.starts_with("...");
  if (is_cut) {
    line.remove_prefix(3);
    characters -= 3;
  }
  size_t bytes = 0;
  for (; bytes < line.size(); ++bytes) {
    const bool begins = (static_cast<u8>(line[bytes]) & 0xc0u) != 0x80u;
    if (begins && characters-- == 0) break;
  }
  const size_t first = filter.find(line.substr(0, bytes));
  error.at = std::min(filter.size(), (first == std::string_view::npos ? 0 : first) + bytes);
  return error;
}

}  // namespace shoal::engine
