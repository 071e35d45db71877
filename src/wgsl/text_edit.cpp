#include "wgsl/text_edit.h"

#include <algorithm>

namespace shoal::wgsl {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

// The start of the line before the one that starts at `line`, when that line is a comment; else `line`.
size_t comment_line_above(std::string_view text, size_t line) {
  if (line == 0) return line;
  size_t newline = line < 2 ? std::string_view::npos : text.rfind('\n', line - 2);
  size_t begin = newline == std::string_view::npos ? 0 : newline + 1;
  size_t first = text.find_first_not_of(" \t", begin);
  return text.substr(first).starts_with("//") ? begin : line;
}

}  // namespace

Edit edit_for(const Source& source, const Removal& removal) {
  std::string_view text = source.text;
  size_t begin = removal.span.begin;
  while (begin > 0 && is_blank(text[begin - 1])) --begin;
  bool starts_line = begin == 0 || text[begin - 1] == '\n';

  size_t blanks_end = std::min(text.find_first_not_of(" \t\r", removal.span.end), text.size());
  size_t end = blanks_end;
  if (removal.kind != RemovalKind::kAttribute && text.substr(end).starts_with("//")) {
    end = std::min(text.find('\n', end), text.size());
  }
  bool ends_line = end == text.size() || text[end] == '\n';

  if (starts_line && ends_line) {
    end = std::min(end + 1, text.size());
    if (removal.kind == RemovalKind::kNodeAndCommentAbove) {
      for (size_t above = comment_line_above(text, begin); above != begin;
           above = comment_line_above(text, begin)) {
        begin = above;
      }
    }
  } else if (ends_line && end == blanks_end) {
    // The last thing on a line takes the blanks before it along.
  } else {
    begin = removal.span.begin;
    end = blanks_end;
  }
  return {{static_cast<u32>(begin), static_cast<u32>(end)}, {}};
}

std::string apply_edits(const Source& source, Span range, std::vector<Edit> edits) {
  std::ranges::sort(edits, {}, [](const Edit& edit) { return std::pair(edit.span.begin, edit.span.end); });
  std::string result;
  u32 at = range.begin;
  for (const Edit& edit : edits) {
    if (edit.span.end <= at || edit.span.begin >= range.end) continue;
    if (edit.span.begin > at) result += source.slice({at, edit.span.begin});
    result += edit.replacement;
    at = std::min(edit.span.end, range.end);
  }
  result += source.slice({at, range.end});
  return result;
}

std::string tidy_blank_lines(std::string_view text) {
  std::string result;
  bool blank_before = true;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string_view line = text.substr(at, end - at);
    size_t last = line.find_last_not_of(" \t\r");
    line = line.substr(0, last == std::string_view::npos ? 0 : last + 1);
    if (!line.empty() || !blank_before) {
      result += line;
      result += '\n';
    }
    blank_before = line.empty();
    at = end + 1;
  }
  while (result.ends_with("\n\n")) result.pop_back();
  return result;
}

}  // namespace shoal::wgsl
