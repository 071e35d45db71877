#include "query/expression.h"

#include <algorithm>

namespace shoal::query {
namespace {

constexpr size_t kLongestExcerpt = 100;  // bytes of the line that are shown
constexpr size_t kLongestUnderline = 60;

bool is_continuation_byte(char c) { return (static_cast<unsigned char>(c) & 0xc0u) == 0x80u; }

size_t count_characters(std::string_view text) {
  return static_cast<size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return !is_continuation_byte(c); }));
}

}  // namespace

std::string_view comparison_text(Comparison comparison) {
  constexpr std::string_view kTexts[] = {"=", "<>", "<", "<=", ">", ">="};
  return kTexts[static_cast<size_t>(comparison)];
}

Comparison negated(Comparison comparison) {
  constexpr Comparison kNegated[] = {Comparison::kNotEqual, Comparison::kEqual,     Comparison::kGreaterEqual,
                                     Comparison::kGreater,  Comparison::kLessEqual, Comparison::kLess};
  return kNegated[static_cast<size_t>(comparison)];
}

Comparison mirrored(Comparison comparison) {
  constexpr Comparison kMirrored[] = {Comparison::kEqual,        Comparison::kNotEqual, Comparison::kGreater,
                                      Comparison::kGreaterEqual, Comparison::kLess,     Comparison::kLessEqual};
  return kMirrored[static_cast<size_t>(comparison)];
}

Error error_at(std::string_view text, Span span, ErrorCode code, std::string sentence) {
  const size_t place = std::min(span.first, text.size());
  const size_t newline_before = text.substr(0, place).rfind('\n');
  size_t line_first = newline_before == std::string_view::npos ? 0 : newline_before + 1;
  size_t line_last = std::min(text.find('\n', place), text.size());
  const bool cut_left = place - line_first > kLongestExcerpt / 2;
  if (cut_left) {
    line_first = place - kLongestExcerpt / 2;
    while (line_first < place && is_continuation_byte(text[line_first])) ++line_first;
  }
  const bool cut_right = line_last - line_first > kLongestExcerpt;
  if (cut_right) {
    line_last = line_first + kLongestExcerpt;
    while (line_last > place && is_continuation_byte(text[line_last])) --line_last;
  }
  std::string line(cut_left ? "..." : "");
  for (const char c : text.substr(line_first, line_last - line_first)) {
    line += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;  // a tab would move the caret
  }
  if (cut_right) line += "...";
  const std::string indent(4 + (cut_left ? 3 : 0) + count_characters(text.substr(line_first, place - line_first)),
                           ' ');
  const size_t shown = place < line_last ? std::min(span.size, line_last - place) : 0;
  const size_t underline = std::clamp<size_t>(count_characters(text.substr(place, shown)), 1, kLongestUnderline);
  return Error{code, fmt::format("{}\n    {}\n{}^{}", sentence, line, indent, std::string(underline - 1, '~')), {}};
}

}  // namespace shoal::query
