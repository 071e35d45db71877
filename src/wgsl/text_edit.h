// Cutting and replacing pieces of a source's text so that what stays looks as if somebody had written it that way.
#pragma once

#include <string>
#include <vector>

#include "wgsl/source.h"

namespace shoal::wgsl {

enum class RemovalKind : u8 {
  kAttribute,           // only itself
  kNode,                // and the comment behind it on its line
  kNodeAndCommentAbove  // and the comment lines directly above it
};

struct Removal {
  Span span;
  RemovalKind kind = RemovalKind::kAttribute;
};

struct Edit {
  Span span;
  std::string replacement;
};

// Widened to whole lines where nothing else stands on them, else to the blanks beside it.
Edit edit_for(const Source& source, const Removal& removal);

// `range` of the text with `edits` applied; of edits that overlap, the one that begins first wins.
std::string apply_edits(const Source& source, Span range, std::vector<Edit> edits);

// No blank lines at the start, never two in a row, one newline at the end.
std::string tidy_blank_lines(std::string_view text);

}  // namespace shoal::wgsl
