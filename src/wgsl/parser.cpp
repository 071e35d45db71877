#include "wgsl/parser.h"

#include "wgsl/import_parser.h"
#include "wgsl/token_cursor.h"

namespace shoal::wgsl {
namespace {

class Parser {
 public:
  explicit Parser(Module& module) : module_(module), cursor_(*module.source, module.tokens) {}

  Result<void> run() {
    while (!cursor_.at_end()) {
      if (cursor_.accept(";")) continue;
      if (cursor_.peek() == "import") {
        if (!module_.directives.empty() || !module_.declarations.empty()) {
          return cursor_.fail_here("Imports come first in a file. Move this one above the declarations.");
        }
        SHOAL_TRY(parse_import(cursor_, module_.imports));
      } else if (is_directive(cursor_.peek())) {
        SHOAL_TRY(parse_directive());
      } else {
        SHOAL_TRY(parse_declaration());
      }
    }
    return {};
  }

 private:
  static bool is_directive(std::string_view word) {
    return word == "enable" || word == "requires" || word == "diagnostic";
  }

  Result<void> parse_directive() {
    if (!module_.declarations.empty()) {
      return cursor_.fail_here("Directives come before declarations. Move this one up.");
    }
    u32 begin = cursor_.index();
    SHOAL_TRY(cursor_.skip_until({";"}));
    SHOAL_TRY(cursor_.expect(";"));
    module_.directives.push_back({module_.text(begin), cursor_.span_from(begin)});
    return {};
  }

  Result<void> parse_declaration() {
    u32 begin = cursor_.index();
    Declaration declaration;
    SHOAL_TRY_SET(declaration.attributes, parse_attributes());
    if (cursor_.accept("fn")) {
      SHOAL_TRY(parse_function(declaration));
    } else if (cursor_.accept("struct")) {
      SHOAL_TRY(parse_struct(declaration));
    } else if (cursor_.accept("var")) {
      declaration.kind = DeclarationKind::kVar;
      SHOAL_TRY(parse_address_space(declaration));
      SHOAL_TRY(parse_value(declaration));
    } else if (cursor_.accept("const")) {
      declaration.kind = DeclarationKind::kConst;
      SHOAL_TRY(parse_value(declaration));
    } else if (cursor_.accept("override")) {
      declaration.kind = DeclarationKind::kOverride;
      SHOAL_TRY(parse_value(declaration));
    } else if (cursor_.accept("alias")) {
      declaration.kind = DeclarationKind::kAlias;
      SHOAL_TRY(parse_name(declaration.name, declaration.name_span));
      SHOAL_TRY(cursor_.expect("="));
      SHOAL_TRY_SET(declaration.type, parse_type());
      SHOAL_TRY(cursor_.expect(";"));
    } else if (cursor_.accept("const_assert")) {
      declaration.kind = DeclarationKind::kConstAssert;
      SHOAL_TRY_SET(declaration.value, parse_expression({";"}));
      SHOAL_TRY(cursor_.expect(";"));
    } else {
      return cursor_.fail_here(
          "A declaration cannot start with {}. It starts with fn, struct, var, const, override, alias or "
          "const_assert.",
          cursor_.describe());
    }
    declaration.span = cursor_.span_from(begin);
    module_.declarations.push_back(std::move(declaration));
    return {};
  }

  Result<std::vector<Attribute>> parse_attributes() {
    std::vector<Attribute> attributes;
    while (cursor_.peek() == "@") {
      u32 begin = cursor_.index();
      cursor_.advance();
      if (cursor_.at_end() || !cursor_.at_word())
        return cursor_.fail_here("An attribute's name is missing after '@'.");
      Attribute attribute;
      attribute.name = cursor_.peek();
      cursor_.advance();
      if (cursor_.peek() == "(") {
        u32 open = cursor_.index();
        SHOAL_TRY(cursor_.skip_bracket());
        attribute.arguments = {open + 1, cursor_.index() - 1};
      }
      attribute.span = cursor_.span_from(begin);
      attributes.push_back(attribute);
    }
    return attributes;
  }

  Result<void> parse_name(std::string_view& name, Span& span) {
    if (!cursor_.at_identifier()) return cursor_.fail_here("A name is expected here, not {}.", cursor_.describe());
    name = cursor_.peek();
    span = cursor_.span();
    cursor_.advance();
    return {};
  }

  Result<TokenRange> parse_type() {
    u32 begin = cursor_.index();
    if (!cursor_.at_identifier()) return cursor_.fail_here("A type is expected here, not {}.", cursor_.describe());
    cursor_.advance();
    if (cursor_.at_template_list()) SHOAL_TRY(cursor_.skip_bracket());
    return TokenRange{begin, cursor_.index()};
  }

  Result<TokenRange> parse_expression(std::initializer_list<std::string_view> ends) {
    u32 begin = cursor_.index();
    SHOAL_TRY(cursor_.skip_until(ends));
    if (begin == cursor_.index())
      return cursor_.fail_here("An expression is expected here, not {}.", cursor_.describe());
    return TokenRange{begin, cursor_.index()};
  }

  Result<void> parse_address_space(Declaration& declaration) {
    if (!cursor_.at_template_list()) return {};
    u32 begin = cursor_.index();
    SHOAL_TRY(cursor_.skip_bracket());
    for (u32 i = begin + 1; i + 1 < cursor_.index(); ++i) {
      if (module_.text(i) == ",") continue;
      (declaration.address_space.empty() ? declaration.address_space : declaration.access_mode) = module_.text(i);
    }
    return {};
  }

  // NAME [: TYPE] [= EXPRESSION] ;
  Result<void> parse_value(Declaration& declaration) {
    SHOAL_TRY(parse_name(declaration.name, declaration.name_span));
    if (cursor_.accept(":")) {
      SHOAL_TRY_SET(declaration.type, parse_type());
    }
    if (cursor_.accept("=")) {
      SHOAL_TRY_SET(declaration.value, parse_expression({";"}));
    }
    if (declaration.kind == DeclarationKind::kConst && declaration.value.empty()) {
      return cursor_.fail_here("const '{}' has no value. Write const {} = ...;", declaration.name,
                               declaration.name);
    }
    return cursor_.expect(";");
  }

  Result<void> parse_members(Declaration& declaration, std::string_view close) {
    while (cursor_.peek() != close) {
      Member member;
      SHOAL_TRY_SET(member.attributes, parse_attributes());
      SHOAL_TRY(parse_name(member.name, member.name_span));
      SHOAL_TRY(cursor_.expect(":"));
      SHOAL_TRY_SET(member.type, parse_type());
      declaration.members.push_back(std::move(member));
      if (cursor_.peek() != close) SHOAL_TRY(cursor_.expect(","));
    }
    return cursor_.expect(close);
  }

  Result<void> parse_struct(Declaration& declaration) {
    declaration.kind = DeclarationKind::kStruct;
    SHOAL_TRY(parse_name(declaration.name, declaration.name_span));
    SHOAL_TRY(cursor_.expect("{"));
    SHOAL_TRY(parse_members(declaration, "}"));
    if (declaration.members.empty()) {
      return fail_at(*module_.source, declaration.name_span, "Struct '{}' has no members. WGSL wants at least one.",
                     declaration.name);
    }
    return {};
  }

  Result<void> parse_function(Declaration& declaration) {
    declaration.kind = DeclarationKind::kFunction;
    SHOAL_TRY(parse_name(declaration.name, declaration.name_span));
    SHOAL_TRY(cursor_.expect("("));
    SHOAL_TRY(parse_members(declaration, ")"));
    if (cursor_.accept("->")) {
      SHOAL_TRY_SET(declaration.return_attributes, parse_attributes());
      SHOAL_TRY_SET(declaration.type, parse_type());
    }
    SHOAL_TRY(parse_attributes());  // a body's own, such as @diagnostic
    u32 begin = cursor_.index();
    if (cursor_.peek() != "{") {
      return cursor_.fail_here("The body of function '{}' is expected here, not {}.", declaration.name,
                               cursor_.describe());
    }
    SHOAL_TRY(cursor_.skip_bracket());
    declaration.value = {begin, cursor_.index()};
    return {};
  }

  Module& module_;
  TokenCursor cursor_;
};

}  // namespace

const Attribute* find_attribute(const std::vector<Attribute>& attributes, std::string_view name) {
  for (const Attribute& attribute : attributes) {
    if (attribute.name == name) return &attribute;
  }
  return nullptr;
}

Result<Module> parse_module(const Source& source, const FeatureNames& enabled) {
  SHOAL_TRY_SET(LexedSource lexed, lex(source));
  SHOAL_TRY_SET(ConditionalSource conditional, resolve_conditions(source, lexed, enabled));
  Module module;
  module.source = &source;
  module.tokens = std::move(conditional.tokens);
  module.removals = std::move(conditional.removals);
  module.mentioned = std::move(conditional.mentioned);
  module.comments = std::move(lexed.comments);
  SHOAL_TRY(Parser(module).run());
  return module;
}

}  // namespace shoal::wgsl
