// Steps through tokens; every failure names what stands there instead.
#pragma once

#include <initializer_list>
#include <string>

#include "wgsl/lexer.h"

namespace shoal::wgsl {

class TokenCursor {
 public:
  TokenCursor(const Source& source, const std::vector<Token>& tokens) : source_(source), tokens_(tokens) {}

  bool at_end() const { return index_ == tokens_.size(); }
  u32 index() const { return index_; }
  void advance() { ++index_; }

  // Empty at the end.
  std::string_view peek() const { return at_end() ? std::string_view() : source_.slice(tokens_[index_].span); }
  Span span() const;                // of the token here, or the end of the text
  Span span_from(u32 begin) const;  // from token `begin` up to the one here
  std::string describe() const;     // "'x'", or "the end of the file"

  bool at_identifier() const { return !at_end() && tokens_[index_].kind == TokenKind::kIdentifier; }
  bool at_word() const { return at_identifier() || (!at_end() && tokens_[index_].kind == TokenKind::kKeyword); }
  bool at_template_list() const { return !at_end() && tokens_[index_].kind == TokenKind::kTemplateOpen; }

  bool accept(std::string_view token);
  Result<void> expect(std::string_view token);
  Result<void> skip_bracket();  // over the bracket here, with all it holds
  Result<void> skip_until(std::initializer_list<std::string_view> ends);  // outside brackets; does not pass the end

  template <class... Args>
  [[nodiscard]] std::unexpected<Error> fail_here(fmt::format_string<Args...> format, Args&&... args) const {
    return fail_at(source_, span(), format, std::forward<Args>(args)...);
  }

 private:
  const Source& source_;
  const std::vector<Token>& tokens_;
  u32 index_ = 0;
};

}  // namespace shoal::wgsl
