#include "query/column_list.h"

#include "query/lexer.h"
#include "query/types_check.h"

namespace shoal::query {

Result<std::vector<size_t>> parse_columns(std::string_view text, std::span<const Column> columns) {
  Lexer lexer(text);
  std::vector<size_t> found;
  for (;;) {
    SHOAL_TRY_SET(const Token name, lexer.next());
    if (name.kind != TokenKind::kWord && name.kind != TokenKind::kQuotedName) {
      return std::unexpected(error_at(text, name.span, ErrorCode::kInvalidArgument,
                                      "A column was expected here. Write names with commas between, such as "
                                      "delay, \"air time\"."));
    }
    const auto column = find_column(name.text, columns);
    if (!column) {
      return std::unexpected(error_at(text, name.span, column.error().code, column.error().sentence));
    }
    found.push_back(*column);
    SHOAL_TRY_SET(const Token next, lexer.next());
    if (next.kind == TokenKind::kEnd) return found;
    if (!next.is_symbol(",")) {
      return std::unexpected(error_at(text, next.span, ErrorCode::kInvalidArgument,
                                      "A comma or the end was expected behind a column."));
    }
  }
}

}  // namespace shoal::query
