#include "query/parser.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "query/lexer.h"

namespace shoal::query {
namespace {

using Kind = Expression::Kind;

// Words that SQL keeps for itself: a column of such a name is written in double quotes.
constexpr std::string_view kReserved[] = {"and",  "or",   "not",    "in",     "between", "like",    "ilike", "is",
                                          "null", "true", "false",  "escape", "case",    "when",    "then",  "else",
                                          "end",  "cast", "select", "from",   "where",   "distinct"};

Expression make(Kind kind, Span span) {
  Expression expression;
  expression.kind = kind;
  expression.span = span;
  return expression;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text), lexer_(text) {}

  Result<Expression> parse() {
    SHOAL_TRY(advance());
    if (token_.kind == TokenKind::kEnd) {
      return wrong("The expression is empty. Write a condition such as delay > 60.");
    }
    SHOAL_TRY_SET(Expression expression, parse_or());
    if (token_.kind != TokenKind::kEnd) return expected("an operator, AND, OR, or the end");
    return expression;
  }

 private:
  // Bounds the parser's own recursion: one level for each open parenthesis, NOT and sign.
  class Level {
   public:
    explicit Level(size_t& depth) : depth_(depth) { ++depth_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;
    ~Level() { --depth_; }

   private:
    size_t& depth_;
  };
  std::unexpected<Error> too_deep(Span span) const {
    return std::unexpected(error_at(text_, span, ErrorCode::kInvalidArgument,
                                    fmt::format("The expression is nested more than {} levels deep here. Use fewer "
                                                "parentheses and signs, and IN for many values.",
                                                kDeepestExpression)));
  }

  // Bounds the tree, which a chain such as 1 + 1 + 1 deepens without recursion.
  template <class... Children>
  Result<Expression> combine(Kind kind, size_t first, Children&&... children) {
    Expression expression = make(kind, since(first));
    expression.children.reserve(sizeof...(children));
    (expression.children.push_back(std::forward<Children>(children)), ...);
    for (const Expression& child : expression.children) {
      expression.depth = std::max(expression.depth, child.depth + 1);
    }
    if (expression.depth > kDeepestExpression) return too_deep(expression.span);
    return expression;
  }
  // The same for one more child of a list.
  static void append(Expression& list, Expression child) {
    list.depth = std::max(list.depth, child.depth + 1);
    list.children.push_back(std::move(child));
  }

  Result<void> advance() {
    previous_ = token_.span;
    SHOAL_TRY_SET(token_, lexer_.next());
    return {};
  }
  // Takes the token when it is this symbol or word.
  Result<bool> accept_symbol(std::string_view symbol) {
    if (!token_.is_symbol(symbol)) return false;
    SHOAL_TRY(advance());
    return true;
  }
  Result<bool> accept_word(std::string_view word) {
    if (!token_.is_word(word)) return false;
    SHOAL_TRY(advance());
    return true;
  }
  std::unexpected<Error> wrong(std::string sentence) const {
    return std::unexpected(error_at(text_, token_.span, ErrorCode::kInvalidArgument, std::move(sentence)));
  }
  std::unexpected<Error> expected(std::string_view what) const {
    if (token_.kind == TokenKind::kEnd)
      return wrong(fmt::format("The expression ends where {} was expected.", what));
    return wrong(
        fmt::format("Expected {} here, found {}.", what, quote(text_.substr(token_.span.first, token_.span.size))));
  }
  Result<void> expect_symbol(std::string_view symbol, std::string_view what) {
    SHOAL_TRY_SET(const bool found, accept_symbol(symbol));
    if (!found) return expected(what);
    return {};
  }
  Span since(size_t first) const { return {first, previous_.first + previous_.size - first}; }

  Result<Expression> parse_chain(Kind kind, std::string_view word, Result<Expression> (Parser::*operand)()) {
    const size_t first = token_.span.first;
    SHOAL_TRY_SET(Expression left, (this->*operand)());
    if (!token_.is_word(word)) return left;
    SHOAL_TRY_SET(Expression chain, combine(kind, first, std::move(left)));
    while (token_.is_word(word)) {
      SHOAL_TRY(advance());
      SHOAL_TRY_SET(Expression right, (this->*operand)());
      append(chain, std::move(right));
    }
    chain.span = since(first);
    if (chain.depth > kDeepestExpression) return too_deep(chain.span);
    return chain;
  }
  Result<Expression> parse_or() {
    const Level level(depth_);
    if (depth_ > kDeepestExpression) return too_deep(token_.span);
    return parse_chain(Kind::kOr, "or", &Parser::parse_and);
  }
  Result<Expression> parse_and() { return parse_chain(Kind::kAnd, "and", &Parser::parse_not); }

  Result<Expression> parse_not() {
    const size_t first = token_.span.first;
    if (!token_.is_word("not")) return parse_is();
    const Level level(depth_);
    if (depth_ > kDeepestExpression) return too_deep(token_.span);
    SHOAL_TRY(advance());
    SHOAL_TRY_SET(Expression operand, parse_not());
    return combine(Kind::kNot, first, std::move(operand));
  }

  Result<Expression> parse_is() {
    const size_t first = token_.span.first;
    SHOAL_TRY_SET(Expression left, parse_comparison());
    while (token_.is_word("is")) {
      SHOAL_TRY(advance());
      SHOAL_TRY_SET(const bool is_not, accept_word("not"));
      Kind kind = Kind::kIsNull;
      if (token_.is_word("null") || token_.is_word("unknown")) {
        kind = Kind::kIsNull;
      } else if (token_.is_word("true")) {
        kind = Kind::kIsTrue;
      } else if (token_.is_word("false")) {
        kind = Kind::kIsFalse;
      } else if (token_.is_word("distinct")) {
        kind = Kind::kDistinct;
      } else {
        return expected("NULL, TRUE, FALSE or DISTINCT FROM");
      }
      SHOAL_TRY(advance());
      if (kind == Kind::kDistinct) {
        SHOAL_TRY_SET(const bool has_from, accept_word("from"));
        if (!has_from) return expected("FROM");
        SHOAL_TRY_SET(Expression right, parse_range());
        SHOAL_TRY_SET(left, combine(kind, first, std::move(left), std::move(right)));
      } else {
        SHOAL_TRY_SET(left, combine(kind, first, std::move(left)));
      }
      if (is_not) {
        SHOAL_TRY_SET(left, combine(Kind::kNot, first, std::move(left)));
      }
    }
    return left;
  }

  static std::optional<Comparison> comparison_of(const Token& token) {
    constexpr Comparison kAll[] = {Comparison::kEqual,     Comparison::kNotEqual, Comparison::kLess,
                                   Comparison::kLessEqual, Comparison::kGreater,  Comparison::kGreaterEqual};
    if (token.kind != TokenKind::kSymbol) return std::nullopt;
    for (const Comparison comparison : kAll) {
      if (token.text == comparison_text(comparison)) return comparison;
    }
    return std::nullopt;
  }

  Result<Expression> parse_comparison() {
    const size_t first = token_.span.first;
    SHOAL_TRY_SET(Expression left, parse_range());
    const auto comparison = comparison_of(token_);
    if (!comparison) return left;
    SHOAL_TRY(advance());
    SHOAL_TRY_SET(Expression right, parse_range());
    if (comparison_of(token_)) return wrong("Comparisons cannot be chained. Join two of them with AND.");
    SHOAL_TRY_SET(Expression compare, combine(Kind::kCompare, first, std::move(left), std::move(right)));
    compare.comparison = *comparison;
    return compare;
  }

  Result<Expression> parse_range() {
    const size_t first = token_.span.first;
    SHOAL_TRY_SET(Expression left, parse_sum());
    while (true) {
      const bool is_not = token_.is_word("not");
      if (is_not) SHOAL_TRY(advance());
      if (token_.is_word("between")) {
        SHOAL_TRY_SET(left, parse_between(first, std::move(left)));
      } else if (token_.is_word("in")) {
        SHOAL_TRY_SET(left, parse_in(first, std::move(left)));
      } else if (token_.is_word("like")) {
        SHOAL_TRY_SET(left, parse_like(first, std::move(left)));
      } else if (token_.is_word("ilike")) {
        return wrong("ILIKE is not supported yet. Use LIKE, which heeds case.");
      } else if (is_not) {
        return expected("BETWEEN, IN or LIKE");
      } else {
        return left;
      }
      if (is_not) {
        SHOAL_TRY_SET(left, combine(Kind::kNot, first, std::move(left)));
      }
    }
  }

  Result<Expression> parse_between(size_t first, Expression value) {
    SHOAL_TRY(advance());
    SHOAL_TRY_SET(Expression low, parse_sum());
    SHOAL_TRY_SET(const bool has_and, accept_word("and"));
    if (!has_and) return expected("AND between the two bounds of BETWEEN");
    SHOAL_TRY_SET(Expression high, parse_sum());
    return combine(Kind::kBetween, first, std::move(value), std::move(low), std::move(high));
  }

  Result<Expression> parse_in(size_t first, Expression value) {
    SHOAL_TRY(advance());
    SHOAL_TRY(expect_symbol("(", "( and a list of values"));
    SHOAL_TRY_SET(Expression in, combine(Kind::kIn, first, std::move(value)));
    while (true) {
      SHOAL_TRY_SET(Expression element, parse_or());
      append(in, std::move(element));
      SHOAL_TRY_SET(const bool has_more, accept_symbol(","));
      if (!has_more) break;
    }
    SHOAL_TRY(expect_symbol(")", "a comma or ) at the end of the list"));
    in.span = since(first);
    if (in.depth > kDeepestExpression) return too_deep(in.span);
    return in;
  }

  Result<Expression> parse_like(size_t first, Expression value) {
    SHOAL_TRY(advance());
    if (token_.kind != TokenKind::kString) return expected("a pattern such as 'SF%'");
    SHOAL_TRY_SET(Expression like, combine(Kind::kLike, first, std::move(value)));
    like.text = token_.text;
    SHOAL_TRY(advance());
    SHOAL_TRY_SET(const bool has_escape, accept_word("escape"));
    if (has_escape) {
      if (token_.kind != TokenKind::kString || token_.text.size() > 1) {
        return expected("one escape character in quotes, such as '!',");
      }
      like.escape = token_.text;
      SHOAL_TRY(advance());
    }
    like.span = since(first);
    return like;
  }

  Result<Expression> parse_sum() {
    const size_t first = token_.span.first;
    SHOAL_TRY_SET(Expression left, parse_product());
    while (token_.is_symbol("+") || token_.is_symbol("-")) {
      const Kind kind = token_.is_symbol("+") ? Kind::kAdd : Kind::kSubtract;
      SHOAL_TRY(advance());
      SHOAL_TRY_SET(Expression right, parse_product());
      SHOAL_TRY_SET(left, combine(kind, first, std::move(left), std::move(right)));
    }
    return left;
  }

  Result<Expression> parse_product() {
    const size_t first = token_.span.first;
    SHOAL_TRY_SET(Expression left, parse_sign());
    while (token_.is_symbol("*") || token_.is_symbol("/")) {
      const Kind kind = token_.is_symbol("*") ? Kind::kMultiply : Kind::kDivide;
      SHOAL_TRY(advance());
      SHOAL_TRY_SET(Expression right, parse_sign());
      SHOAL_TRY_SET(left, combine(kind, first, std::move(left), std::move(right)));
    }
    return left;
  }

  Result<Expression> parse_sign() {
    const size_t first = token_.span.first;
    const bool is_minus = token_.is_symbol("-");
    if (!is_minus && !token_.is_symbol("+")) return parse_atom();
    const Level level(depth_);
    if (depth_ > kDeepestExpression) return too_deep(token_.span);
    SHOAL_TRY(advance());
    SHOAL_TRY_SET(Expression operand, parse_sign());
    if (!is_minus) return operand;
    if (operand.kind == Kind::kNumber && operand.text[0] != '-') {  // -128 is one literal: it fits an int8
      operand.text.insert(0, 1, '-');
      operand.span = since(first);
      return operand;
    }
    return combine(Kind::kNegate, first, std::move(operand));
  }

  Result<Expression> take_literal(Kind kind, size_t first) {
    Expression literal = make(kind, {});
    literal.text = token_.text;
    SHOAL_TRY(advance());
    literal.span = since(first);
    return literal;
  }

  Result<Expression> parse_atom() {
    const size_t first = token_.span.first;
    switch (token_.kind) {
      case TokenKind::kNumber: return take_literal(Kind::kNumber, first);
      case TokenKind::kString: return take_literal(Kind::kString, first);
      case TokenKind::kQuotedName: {
        SHOAL_TRY_SET(Expression column, take_literal(Kind::kColumn, first));
        column.is_quoted = true;
        return column;
      }
      case TokenKind::kWord: return parse_word();
      case TokenKind::kSymbol:
        if (token_.is_symbol("(")) {
          SHOAL_TRY(advance());
          SHOAL_TRY_SET(Expression inside, parse_or());
          SHOAL_TRY(expect_symbol(")", ")"));
          inside.span = since(first);
          return inside;
        }
        break;
      case TokenKind::kEnd: break;
    }
    return expected("a column, a number, a 'string' or (");
  }

  Result<Expression> parse_word() {
    const size_t first = token_.span.first;
    if (token_.is_word("null")) return take_literal(Kind::kNull, first);
    if (token_.is_word("true") || token_.is_word("false")) {
      const bool is_true = token_.is_word("true");
      SHOAL_TRY_SET(Expression literal, take_literal(Kind::kBoolean, first));
      literal.text = is_true ? "true" : "false";
      return literal;
    }
    if (token_.is_word("not")) return wrong("NOT cannot stand here. Put NOT and its condition in parentheses.");
    const auto is_reserved = [&](std::string_view word) { return token_.is_word(word); };
    if (std::any_of(std::begin(kReserved), std::end(kReserved), is_reserved)) {
      return expected(
          "a column, a number, a 'string' or ( (a column of a reserved name is written in double quotes)");
    }
    const bool is_date = token_.is_word("date");
    const bool is_timestamp = token_.is_word("timestamp");
    SHOAL_TRY_SET(Expression column, take_literal(Kind::kColumn, first));
    if ((is_date || is_timestamp) && token_.kind == TokenKind::kString) {
      return take_literal(is_date ? Kind::kDate : Kind::kTimestamp, first);
    }
    if (token_.is_symbol("(")) {
      return wrong(
          fmt::format("The function {} is not known. Filters have comparisons, AND, OR, NOT, IN, BETWEEN, "
                      "LIKE, IS NULL and + - * /.",
                      quote(column.text)));
    }
    return column;
  }

  std::string_view text_;
  Lexer lexer_;
  Token token_;
  Span previous_;
  size_t depth_ = 0;
};

}  // namespace

Result<Expression> parse_expression(std::string_view text) { return Parser(text).parse(); }

}  // namespace shoal::query
