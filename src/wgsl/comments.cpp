#include "wgsl/comments.h"

#include <optional>

namespace shoal::wgsl {
namespace {

std::optional<Span> comment_ending_at(const Module& module, u32 end) {
  for (Span comment : module.comments) {
    if (comment.end == end) return comment;
  }
  return std::nullopt;
}

std::optional<Span> removal_ending_at(const Module& module, u32 end) {
  for (const Removal& removal : module.removals) {
    if (removal.span.end == end) return removal.span;
  }
  return std::nullopt;
}

bool starts_line(std::string_view text, u32 offset) {
  size_t last = offset == 0 ? std::string_view::npos : text.find_last_not_of(" \t\r", offset - 1);
  return last == std::string_view::npos || text[last] == '\n';
}

}  // namespace

bool has_blank_line(std::string_view text) {
  bool blank = false;  // since the last newline
  for (char c : text) {
    if (c == '\n' && blank) return true;
    blank = c == '\n' || (blank && (c == ' ' || c == '\t' || c == '\r'));
  }
  return false;
}

u32 begin_with_comments(const Module& module, u32 begin) {
  std::string_view text = module.source->text;
  while (true) {
    size_t last = begin == 0 ? std::string_view::npos : text.find_last_not_of(" \t\r\n", begin - 1);
    if (last == std::string_view::npos) return begin;
    u32 end = static_cast<u32>(last + 1);
    if (has_blank_line(module.source->slice({end, begin}))) return begin;
    if (std::optional<Span> comment = comment_ending_at(module, end)) {
      if (!starts_line(text, comment->begin)) return begin;  // it stands behind the declaration above
      begin = comment->begin;
    } else if (std::optional<Span> removed = removal_ending_at(module, end)) {
      begin = removed->begin;
    } else {
      return begin;
    }
  }
}

u32 end_with_comment(const Module& module, u32 end) {
  for (Span comment : module.comments) {
    if (comment.begin < end) continue;
    bool behind = module.source->slice({end, comment.begin}).find_first_not_of(" \t") == std::string_view::npos;
    return behind && module.source->slice(comment).starts_with("//") ? comment.end : end;
  }
  return end;
}

}  // namespace shoal::wgsl
