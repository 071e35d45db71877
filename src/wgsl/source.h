// A WGSL text with the name it is reported under, and errors that point into it.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "base/int.h"
#include "base/result.h"

namespace shoal::wgsl {

// A half-open range of bytes of a source's text.
struct Span {
  u32 begin = 0;
  u32 end = 0;

  bool operator==(const Span&) const = default;
};

struct Source {
  std::string path;  // relative to the package's root: "primitives/wide.wgsl"
  std::string text;

  std::string_view slice(Span span) const {
    return std::string_view(text).substr(span.begin, span.end - span.begin);
  }
};

// Both count from 1; a column is a code point, as editors count.
struct Position {
  u32 line = 1;
  u32 column = 1;
};
Position locate(const Source& source, u32 offset);

// "PATH:LINE:COLUMN: SENTENCE", the line, and a caret under each code point of `span` on it.
Error error_at(const Source& source, Span span, std::string sentence);

template <class... Args>
[[nodiscard]] std::unexpected<Error> fail_at(const Source& source, Span span, fmt::format_string<Args...> format,
                                             Args&&... args) {
  return std::unexpected(error_at(source, span, fmt::format(format, std::forward<Args>(args)...)));
}

}  // namespace shoal::wgsl
