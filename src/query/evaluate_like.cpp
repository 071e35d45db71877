#include "query/evaluate_like.h"

#include <cstddef>

namespace shoal::query {
namespace {

// The byte behind the character that starts at `at`; a stray continuation byte counts as one character.
size_t next_character(std::string_view text, size_t at) {
  ++at;
  while (at < text.size() && (static_cast<unsigned char>(text[at]) & 0xc0u) == 0x80u) ++at;
  return at;
}

}  // namespace

bool matches_like(std::string_view text, std::string_view pattern, std::string_view escape) {
  // Greedy with one point of return, the last %: an earlier one need never take more than it has.
  constexpr size_t kNone = static_cast<size_t>(-1);
  size_t t = 0;
  size_t p = 0;
  size_t text_after_percent = 0;
  size_t pattern_after_percent = kNone;
  while (t < text.size() || p < pattern.size()) {
    bool advanced = false;
    if (p < pattern.size()) {
      const bool is_escaped = !escape.empty() && pattern[p] == escape[0] && p + 1 < pattern.size();
      if (is_escaped) {
        if (t < text.size() && text[t] == pattern[p + 1]) {
          ++t;
          p += 2;
          advanced = true;
        }
      } else if (pattern[p] == '%') {
        pattern_after_percent = ++p;
        text_after_percent = t;
        advanced = true;
      } else if (pattern[p] == '_') {
        if (t < text.size()) {
          t = next_character(text, t);
          ++p;
          advanced = true;
        }
      } else if (t < text.size() && text[t] == pattern[p]) {
        ++t;
        ++p;
        advanced = true;
      }
    }
    if (advanced) continue;
    if (pattern_after_percent == kNone || text_after_percent >= text.size()) return false;
    text_after_percent = next_character(text, text_after_percent);
    t = text_after_percent;
    p = pattern_after_percent;
  }
  return true;
}

}  // namespace shoal::query
