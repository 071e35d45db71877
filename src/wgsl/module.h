// What the parser finds in one WGSL file. Everything points into the source's text, which must outlive it.
#pragma once

#include <string_view>
#include <vector>

#include "wgsl/conditions.h"

namespace shoal::wgsl {

struct Attribute {
  std::string_view name;
  TokenRange arguments;  // inside the parentheses
  Span span;
};

// A struct member or a function's parameter.
struct Member {
  std::string_view name;
  Span name_span;
  std::vector<Attribute> attributes;
  TokenRange type;
};

enum class DeclarationKind { kVar, kConst, kOverride, kAlias, kStruct, kFunction, kConstAssert };

struct Declaration {
  DeclarationKind kind = DeclarationKind::kVar;
  std::string_view name;  // empty for const_assert
  Span name_span;
  Span span;  // from the first attribute to the last token
  std::vector<Attribute> attributes;
  std::string_view address_space;  // of a var, as written: "storage", or empty
  std::string_view access_mode;
  std::vector<Member> members;               // of a struct, or a function's parameters
  std::vector<Attribute> return_attributes;  // of a function
  TokenRange type;   // declared type; what an alias stands for; what a function returns; empty when there is none
  TokenRange value;  // initializer, asserted expression, or a function's body with its braces
};

// One imported item; `import a::{b, c};` is two.
struct Import {
  std::vector<std::string_view> path;  // "package", "primitives", "wide", "add_u64"
  Span item_span;
  Span statement_span;

  std::string_view item() const { return path.back(); }
};

struct Directive {
  std::string_view keyword;  // enable, requires, diagnostic
  Span span;
};

struct Module {
  const Source* source = nullptr;
  std::vector<Token> tokens;  // after conditions
  std::vector<Span> comments;
  std::vector<Removal> removals;  // see ConditionalSource
  FeatureNames mentioned;
  std::vector<Import> imports;
  std::vector<Directive> directives;
  std::vector<Declaration> declarations;

  std::string_view text(u32 token) const { return source->slice(tokens[token].span); }
};

const Attribute* find_attribute(const std::vector<Attribute>& attributes, std::string_view name);

}  // namespace shoal::wgsl
