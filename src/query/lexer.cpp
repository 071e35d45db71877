#include "query/lexer.h"

#include "base/text.h"

namespace shoal::query {
namespace {

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }
// Bytes above 0x7f belong to letters of other scripts.
bool starts_word(char c) {
  return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_' || static_cast<unsigned char>(c) > 0x7f;
}
bool continues_word(char c) { return starts_word(c) || is_digit(c) || c == '$'; }

}  // namespace

bool Token::is_word(std::string_view word) const {
  if (kind != TokenKind::kWord || text.size() != word.size()) return false;
  for (size_t i = 0; i < word.size(); ++i) {
    if (lower(text[i]) != word[i]) return false;
  }
  return true;
}

Token Lexer::take(TokenKind kind, size_t size) {
  Token token{kind, std::string(text_.substr(at_, size)), {at_, size}};
  at_ += size;
  return token;
}

Result<void> Lexer::skip_blanks() {
  while (at_ < text_.size()) {
    if (is_blank(text_[at_])) {
      ++at_;
    } else if (text_.substr(at_, 2) == "--") {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (text_.substr(at_, 2) == "/*") {
      const size_t end = text_.find("*/", at_ + 2);
      if (end == std::string_view::npos) {
        return std::unexpected(error_at(text_, {at_, 2}, ErrorCode::kInvalidArgument,
                                        "The comment that starts here has no end. Close it with */."));
      }
      at_ = end + 2;
    } else {
      break;
    }
  }
  return {};
}

Result<Token> Lexer::quoted(char quote, TokenKind kind) {
  const size_t first = at_;
  std::string inside;
  for (size_t i = first + 1; i < text_.size(); ++i) {
    if (text_[i] != quote) {
      inside += text_[i];
    } else if (i + 1 < text_.size() && text_[i + 1] == quote) {
      inside += quote;
      ++i;
    } else {
      at_ = i + 1;
      const Span span{first, at_ - first};
      if (kind == TokenKind::kQuotedName && inside.empty()) {
        return std::unexpected(error_at(text_, span, ErrorCode::kInvalidArgument,
                                        "The quoted name is empty. Write the column's name between the quotes."));
      }
      return Token{kind, std::move(inside), span};
    }
  }
  return std::unexpected(error_at(
      text_, {first, 1}, ErrorCode::kInvalidArgument,
      kind == TokenKind::kString
          ? "The string that starts here has no end. Close it with ' (a quote inside a string is written '')."
          : "The quoted name that starts here has no end. Close it with \" (a quote inside a name is written "
            "\"\")."));
}

Result<Token> Lexer::number() {
  size_t end = at_;
  const auto digits = [&] {
    while (end < text_.size() &&
           (is_digit(text_[end]) || (text_[end] == '_' && end > at_ && is_digit(text_[end - 1])))) {
      ++end;
    }
  };
  digits();
  if (end < text_.size() && text_[end] == '.') {
    ++end;
    digits();
  }
  if (end < text_.size() && lower(text_[end]) == 'e') {
    ++end;
    if (end < text_.size() && (text_[end] == '+' || text_[end] == '-')) ++end;
    const size_t exponent = end;
    digits();
    if (end == exponent) {
      return std::unexpected(error_at(text_, {at_, end - at_}, ErrorCode::kInvalidArgument,
                                      fmt::format("The number {} has no digits in its exponent. Write it as 1e3.",
                                                  quote(text_.substr(at_, end - at_)))));
    }
  }
  if (end < text_.size() && (continues_word(text_[end]) || text_[end] == '.')) {
    while (end < text_.size() && (continues_word(text_[end]) || text_[end] == '.')) ++end;
    return std::unexpected(error_at(
        text_, {at_, end - at_}, ErrorCode::kInvalidArgument,
        fmt::format("{} is neither a number nor a name. Write a number as 60, 1.5 or 1e3, and a column name that "
                    "starts with a digit in double quotes.",
                    quote(text_.substr(at_, end - at_)))));
  }
  Token token = take(TokenKind::kNumber, end - at_);
  std::erase(token.text, '_');
  return token;
}

Result<Token> Lexer::next() {
  SHOAL_TRY(skip_blanks());
  if (at_ == text_.size()) return Token{TokenKind::kEnd, "", {at_, 0}};
  const char c = text_[at_];
  if (c == '\'') return quoted('\'', TokenKind::kString);
  if (c == '"') return quoted('"', TokenKind::kQuotedName);
  if (is_digit(c) || (c == '.' && at_ + 1 < text_.size() && is_digit(text_[at_ + 1]))) return number();
  if (starts_word(c)) {
    size_t end = at_;
    while (end < text_.size() && continues_word(text_[end])) ++end;
    return take(TokenKind::kWord, end - at_);
  }
  const std::string_view two = text_.substr(at_, 2);
  if (two == "<=" || two == ">=" || two == "<>") return take(TokenKind::kSymbol, 2);
  if (two == "==" || two == "!=") {
    Token token = take(TokenKind::kSymbol, 2);
    token.text = two == "==" ? "=" : "<>";
    return token;
  }
  if (std::string_view("(),+-*/=<>").find(c) != std::string_view::npos) return take(TokenKind::kSymbol, 1);
  return std::unexpected(
      error_at(text_, {at_, 1}, ErrorCode::kInvalidArgument,
               fmt::format("The character {} has no meaning in an expression. Known are names, numbers, 'strings', "
                           "comparisons, + - * /, and parentheses.",
                           quote(text_.substr(at_, 1)))));
}

}  // namespace shoal::query
