#include "wgsl/source.h"

#include <algorithm>

namespace shoal::wgsl {
namespace {

constexpr size_t kExcerptWidth = 120;

bool continues_code_point(char c) { return (static_cast<u8>(c) & 0xC0) == 0x80; }

u32 count_code_points(std::string_view text) {
  return static_cast<u32>(std::count_if(text.begin(), text.end(), [](char c) { return !continues_code_point(c); }));
}

size_t line_begin(std::string_view text, size_t offset) {
  size_t newline = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  return newline == std::string_view::npos ? 0 : newline + 1;
}

// One terminal column for each code point, so that the caret stands under what it means.
std::string printable(std::string_view line) {
  std::string result(line);
  for (char& c : result) {
    if (static_cast<u8>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  return result;
}

}  // namespace

Position locate(const Source& source, u32 offset) {
  std::string_view text = source.text;
  size_t end = std::min<size_t>(offset, text.size());
  size_t begin = line_begin(text, end);
  u32 line =
      1 + static_cast<u32>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(begin), '\n'));
  return {.line = line, .column = 1 + count_code_points(text.substr(begin, end - begin))};
}

Error error_at(const Source& source, Span span, std::string sentence) {
  std::string_view text = source.text;
  size_t offset = std::min<size_t>(span.begin, text.size());
  size_t begin = line_begin(text, offset);
  size_t end = std::min(text.find('\n', offset), text.size());
  Position position = locate(source, static_cast<u32>(offset));

  // Of a very long line only the neighbourhood of the caret is shown.
  if (offset - begin > kExcerptWidth) begin = offset - kExcerptWidth / 2;
  while (begin < offset && continues_code_point(text[begin])) ++begin;
  size_t marked_end = std::clamp<size_t>(span.end, offset, end);
  end = std::min(end, begin + kExcerptWidth);
  while (end < text.size() && continues_code_point(text[end])) ++end;
  marked_end = std::min(marked_end, end);

  u32 carets = std::max<u32>(1, count_code_points(text.substr(offset, marked_end - offset)));
  u32 indent = count_code_points(text.substr(begin, offset - begin));
  std::string number = fmt::format("{}", position.line);
  return {ErrorCode::kInvalidArgument,
          fmt::format("{}:{}:{}: {}\n {} | {}\n {} | {}{}", source.path, position.line, position.column, sentence,
                      number, printable(text.substr(begin, end - begin)), std::string(number.size(), ' '),
                      std::string(indent, ' '), std::string(carets, '^')),
          {}};
}

}  // namespace shoal::wgsl
