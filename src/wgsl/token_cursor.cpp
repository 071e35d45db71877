#include "wgsl/token_cursor.h"

#include <algorithm>

namespace shoal::wgsl {

Span TokenCursor::span() const {
  if (!at_end()) return tokens_[index_].span;
  u32 end = tokens_.empty() ? 0 : tokens_.back().span.end;
  return {end, end};
}

Span TokenCursor::span_from(u32 begin) const { return {tokens_[begin].span.begin, tokens_[index_ - 1].span.end}; }

std::string TokenCursor::describe() const {
  return at_end() ? std::string("the end of the file") : fmt::format("'{}'", peek());
}

bool TokenCursor::accept(std::string_view token) {
  if (peek() != token) return false;
  advance();
  return true;
}

Result<void> TokenCursor::expect(std::string_view token) {
  if (!accept(token)) return fail_here("'{}' is expected here, not {}.", token, describe());
  return {};
}

Result<void> TokenCursor::skip_bracket() {
  SHOAL_TRY_SET(index_, after_matching_bracket(source_, tokens_, index_));
  return {};
}

Result<void> TokenCursor::skip_until(std::initializer_list<std::string_view> ends) {
  while (!at_end()) {
    std::string_view token = peek();
    if (std::ranges::find(ends, token) != ends.end()) return {};
    if (token == "(" || token == "[" || token == "{" || at_template_list()) {
      SHOAL_TRY(skip_bracket());
    } else if (token == ")" || token == "]" || token == "}") {
      return fail_here("'{}' closes nothing.", token);
    } else {
      advance();
    }
  }
  return {};
}

}  // namespace shoal::wgsl
