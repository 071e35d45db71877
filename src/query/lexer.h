// Splits the text of an expression into tokens.
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "query/expression.h"

namespace shoal::query {

enum class TokenKind : u8 {
  kEnd,
  kWord,        // an unquoted name or keyword
  kQuotedName,  // "name"; text is what is between the quotes
  kString,      // 'text'; text is what is between the quotes
  kNumber,      // 60, 1.5, .5, 1e3, 1_000; text is without underscores
  kSymbol,      // one of ( ) , + - * / = < <= > >= <> (== is read as =, != as <>)
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;
  Span span;

  bool is_symbol(std::string_view symbol) const { return kind == TokenKind::kSymbol && text == symbol; }
  // `word` in lower case; keywords are known in any case.
  bool is_word(std::string_view word) const;
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}
  // The next token; kEnd again and again at the end. Errors: kInvalidArgument with a caret.
  Result<Token> next();

 private:
  Result<void> skip_blanks();
  Result<Token> quoted(char quote, TokenKind kind);
  Result<Token> number();
  Token take(TokenKind kind, size_t size);

  std::string_view text_;
  size_t at_ = 0;
};

}  // namespace shoal::query
