#include "query/expression_aggregate.h"

#include <array>
#include <utility>

#include "base/text.h"
#include "query/lexer.h"
#include "query/types_check.h"

namespace shoal::query {
namespace {

constexpr std::pair<std::string_view, AggregateFunction> kFunctions[] = {
    {"count", AggregateFunction::kCount}, {"sum", AggregateFunction::kSum},   {"min", AggregateFunction::kMin},
    {"max", AggregateFunction::kMax},     {"mean", AggregateFunction::kMean}, {"avg", AggregateFunction::kMean}};

class AggregateParser {
 public:
  AggregateParser(std::string_view text, std::span<const Column> columns)
      : text_(text), columns_(columns), lexer_(text) {}

  Result<std::vector<Aggregate>> parse() {
    SHOAL_TRY(advance());
    std::vector<Aggregate> aggregates;
    while (true) {
      SHOAL_TRY_SET(Aggregate aggregate, parse_one());
      aggregates.push_back(std::move(aggregate));
      if (token_.kind == TokenKind::kEnd) return aggregates;
      if (!token_.is_symbol(",")) return expected("a comma or the end");
      SHOAL_TRY(advance());
    }
  }

 private:
  Result<void> advance() {
    previous_ = token_.span;
    SHOAL_TRY_SET(token_, lexer_.next());
    return {};
  }
  std::unexpected<Error> wrong(Span span, ErrorCode code, std::string sentence) const {
    return std::unexpected(error_at(text_, span, code, std::move(sentence)));
  }
  std::unexpected<Error> expected(std::string_view what) const {
    if (token_.kind == TokenKind::kEnd) {
      return wrong(token_.span, ErrorCode::kInvalidArgument,
                   fmt::format("The list of aggregates ends where {} was expected.", what));
    }
    return wrong(
        token_.span, ErrorCode::kInvalidArgument,
        fmt::format("Expected {} here, found {}.", what, quote(text_.substr(token_.span.first, token_.span.size))));
  }

  Result<AggregateFunction> parse_function() const {
    if (token_.kind != TokenKind::kWord) return expected("an aggregate such as count or mean(delay)");
    for (const auto& [name, function] : kFunctions) {
      if (token_.is_word(name)) return function;
    }
    std::array<std::string, std::size(kFunctions)> names;
    for (size_t i = 0; i < names.size(); ++i) names[i] = kFunctions[i].first;
    return wrong(token_.span, ErrorCode::kInvalidArgument,
                 fmt::format("The aggregate {} is not known.{} There are count, sum, min, max and mean.",
                             quote(token_.text), did_you_mean(token_.text, names)));
  }

  Result<Aggregate> parse_one() {
    const size_t first = token_.span.first;
    const std::string name = token_.text;
    Aggregate aggregate;
    SHOAL_TRY_SET(aggregate.function, parse_function());
    SHOAL_TRY(advance());
    if (token_.is_symbol("(")) {
      SHOAL_TRY(advance());
      SHOAL_TRY(parse_argument(aggregate, name));
      if (!token_.is_symbol(")")) return expected(")");
      SHOAL_TRY(advance());
    } else if (aggregate.function != AggregateFunction::kCount) {
      return expected(fmt::format("( and the column of {}", name));
    }
    aggregate.text = text_.substr(first, previous_.first + previous_.size - first);
    return aggregate;
  }

  Result<void> parse_argument(Aggregate& aggregate, std::string_view name) {
    const bool is_count = aggregate.function == AggregateFunction::kCount;
    if (is_count && token_.is_symbol(")")) return {};
    if (is_count && token_.is_symbol("*")) return advance();
    if (token_.kind != TokenKind::kWord && token_.kind != TokenKind::kQuotedName) return expected("a column");
    const auto column = find_column(token_.text, columns_);
    if (!column) return wrong(token_.span, column.error().code, column.error().sentence);
    SHOAL_TRY(check_type(aggregate.function, columns_[*column], name));
    aggregate.column = *column;
    return advance();
  }

  Result<void> check_type(AggregateFunction function, const Column& column, std::string_view name) const {
    using table::TypeKind;
    const TypeKind kind = column.codes.type.kind;
    const bool adds = function == AggregateFunction::kSum || function == AggregateFunction::kMean;
    const bool is_number = kind == TypeKind::kInteger || kind == TypeKind::kFloat ||
                           (kind == TypeKind::kBoolean && function == AggregateFunction::kSum);
    if (kind != TypeKind::kUnsupported && (!adds || is_number)) return {};
    return wrong(token_.span, ErrorCode::kInvalidArgument,
                 fmt::format("Column {} has type {}: {} does not take it. {}", quote(column.name),
                             table::type_name(column.codes.type), name,
                             kind == TypeKind::kUnsupported ? "Use another column." : "Use count, min or max."));
  }

  std::string_view text_;
  std::span<const Column> columns_;
  Lexer lexer_;
  Token token_;
  Span previous_;
};

}  // namespace

Result<std::vector<Aggregate>> parse_aggregates(std::string_view text, std::span<const Column> columns) {
  return AggregateParser(text, columns).parse();
}

}  // namespace shoal::query
