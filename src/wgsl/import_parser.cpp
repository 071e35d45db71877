#include "wgsl/import_parser.h"

namespace shoal::wgsl {
namespace {

constexpr u32 kMaxDepth = 16;  // of braces; bounds the recursion on hostile input

Result<void> parse_path(TokenCursor& cursor, std::vector<std::string_view> path, std::vector<Import>& imports,
                        u32 depth) {
  while (true) {
    if (cursor.peek() == "{") {
      if (path.empty())
        return cursor.fail_here("An import names its module before the braces, like package::a::{{b, c}}.");
      if (depth == kMaxDepth)
        return cursor.fail_here("This import nests deeper than {} levels. Split it.", kMaxDepth);
      cursor.advance();
      while (!cursor.accept("}")) {
        SHOAL_TRY(parse_path(cursor, path, imports, depth + 1));
        if (cursor.peek() != "}") SHOAL_TRY(cursor.expect(","));
      }
      return {};
    }
    if (!cursor.at_identifier()) {
      return cursor.fail_here("A name of a module or an item is expected here, not {}.", cursor.describe());
    }
    path.push_back(cursor.peek());
    Span span = cursor.span();
    cursor.advance();
    if (cursor.accept("::")) continue;
    if (cursor.peek() == "as") {
      return cursor.fail_here(
          "Imports are not renamed, so that the flattened kernel keeps the names of its parts. "
          "Rename the item where it is declared.");
    }
    if (path.size() < 2) {
      return cursor.fail_here(
          "An import names a module and an item of it, like package::primitives::wide::add_u64.");
    }
    imports.push_back({std::move(path), span, {}});
    return {};
  }
}

}  // namespace

Result<void> parse_import(TokenCursor& cursor, std::vector<Import>& imports) {
  u32 begin = cursor.index();
  size_t first = imports.size();
  SHOAL_TRY(cursor.expect("import"));
  SHOAL_TRY(parse_path(cursor, {}, imports, 0));
  SHOAL_TRY(cursor.expect(";"));
  for (size_t i = first; i < imports.size(); ++i) imports[i].statement_span = cursor.span_from(begin);
  return {};
}

}  // namespace shoal::wgsl
