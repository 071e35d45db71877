#include "wgsl/parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shoal::wgsl {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

std::string_view slice(const Module& module, TokenRange range) {
  if (range.empty()) return {};
  return module.source->slice({module.tokens[range.begin].span.begin, module.tokens[range.end - 1].span.end});
}

TEST(Parser, FindsEveryKindOfDeclaration) {
  Source source{"t.wgsl", R"(
enable f16, subgroups; requires some_extension; diagnostic(off, derivative_uniformity);
@group(0) @binding(1+1) var<storage, read_write> rows: array<vec2<u32>, 4>;
var<private> counter = 0u;
@id(3) override kSize: u32 = 64u;
override kFree: f32;
const kTwo = 1 + 1;
alias Pair = vec2<u32>;
const_assert kTwo == 2;
struct S { @size(16) a: u32, b: array<S2, 2>, };
@compute @workgroup_size(kSize, 1) fn main(@builtin(global_invocation_id) id: vec3u, other: Pair) -> @location(0) vec4<f32> {
  if (id.x < 3u) { return vec4f(); }
  return vec4f(1.0);
}
;)"};
  Result<Module> parsed = parse_module(source, {});
  ASSERT_TRUE(parsed) << parsed.error().message();
  const Module& m = *parsed;
  ASSERT_EQ(m.directives.size(), 3u);
  EXPECT_EQ(m.directives[2].keyword, "diagnostic");
  ASSERT_EQ(m.declarations.size(), 9u);
  const Declaration& rows = m.declarations[0];
  EXPECT_EQ(rows.kind, DeclarationKind::kVar);
  EXPECT_EQ(rows.address_space, "storage");
  EXPECT_EQ(rows.access_mode, "read_write");
  EXPECT_EQ(slice(m, rows.type), "array<vec2<u32>, 4>");
  EXPECT_EQ(slice(m, find_attribute(rows.attributes, "binding")->arguments), "1+1");
  EXPECT_EQ(source.slice(rows.span), "@group(0) @binding(1+1) var<storage, read_write> rows: array<vec2<u32>, 4>;");
  EXPECT_EQ(slice(m, m.declarations[1].value), "0u");
  EXPECT_EQ(m.declarations[2].name, "kSize");
  EXPECT_TRUE(m.declarations[3].value.empty());
  EXPECT_EQ(slice(m, m.declarations[5].type), "vec2<u32>");
  EXPECT_EQ(slice(m, m.declarations[6].value), "kTwo == 2");
  const Declaration& structure = m.declarations[7];
  ASSERT_EQ(structure.members.size(), 2u);
  EXPECT_EQ(structure.members[0].attributes[0].name, "size");
  EXPECT_EQ(slice(m, structure.members[1].type), "array<S2, 2>");
  const Declaration& function = m.declarations[8];
  EXPECT_EQ(function.members[1].name, "other");
  EXPECT_EQ(function.return_attributes[0].name, "location");
  EXPECT_EQ(slice(m, function.type), "vec4<f32>");
  EXPECT_THAT(slice(m, function.value), StartsWith("{\n  if (id.x"));
}

TEST(Parser, FlattensNestedImports) {
  Source source{"t.wgsl", "import package::a::{b, c::{d, e}, }; import super::super::f;"};
  Module module = parse_module(source, {}).value();
  ASSERT_EQ(module.imports.size(), 4u);
  EXPECT_THAT(module.imports[0].path, ElementsAre("package", "a", "b"));
  EXPECT_THAT(module.imports[2].path, ElementsAre("package", "a", "c", "e"));
  EXPECT_EQ(source.slice(module.imports[2].item_span), "e");
  EXPECT_THAT(module.imports[3].path, ElementsAre("super", "super", "f"));
  EXPECT_EQ(source.slice(module.imports[3].statement_span), "import super::super::f;");
}

TEST(Parser, ErrorsSayWhereAndWhatInstead) {
  auto message = [](std::string_view text) {
    Source source{"t.wgsl", std::string(text)};
    Result<Module> parsed = parse_module(source, {});
    return parsed ? std::string("fine") : parsed.error().message();
  };
  EXPECT_EQ(message("const a = 1;\n\tstruct S {\n  é: u32 }  struct T;"),
            "t.wgsl:3:21: '{' is expected here, not ';'.\n 3 |   é: u32 }  struct T;\n   |                     ^");
  EXPECT_THAT(message("fn f(a u32) {}"), StartsWith("t.wgsl:1:8: ':' is expected here, not 'u32'."));
  EXPECT_THAT(message("fn f() "),
              StartsWith("t.wgsl:1:7: The body of function 'f' is expected here, not the end of the file."));
  EXPECT_THAT(message("fn f() { ( }"), StartsWith("t.wgsl:1:12: '}' stands where ')' is expected."));
  EXPECT_THAT(message("fn f() {"), StartsWith("t.wgsl:1:8: This '{' is not closed. Add the missing '}'."));
  EXPECT_THAT(message("let a = 1;"), StartsWith("t.wgsl:1:1: A declaration cannot start with 'let'."));
  EXPECT_THAT(message("const a = ;"), StartsWith("t.wgsl:1:11: An expression is expected here, not ';'."));
  EXPECT_THAT(message("const a;"), StartsWith("t.wgsl:1:8: const 'a' has no value."));
  EXPECT_THAT(message("const a = 1)"), StartsWith("t.wgsl:1:12: ')' closes nothing."));
  EXPECT_THAT(message("const while = 1;"), StartsWith("t.wgsl:1:7: A name is expected here, not 'while'."));
  EXPECT_THAT(message("alias a = 1;"), StartsWith("t.wgsl:1:11: A type is expected here, not '1'."));
  EXPECT_THAT(message("struct S {}"), StartsWith("t.wgsl:1:8: Struct 'S' has no members."));
  EXPECT_THAT(message("const a = 1; import package::a::b;"),
              StartsWith("t.wgsl:1:14: Imports come first in a file."));
  EXPECT_THAT(message("const a = 1; enable f16;"), StartsWith("t.wgsl:1:14: Directives come before declarations."));
  EXPECT_THAT(message("import a;"), StartsWith("t.wgsl:1:9: An import names a module and an item of it"));
  EXPECT_THAT(message("import package::a::*;"),
              StartsWith("t.wgsl:1:20: A name of a module or an item is expected"));
  EXPECT_THAT(message("import {package::a::b};"),
              StartsWith("t.wgsl:1:8: An import names its module before the braces"));
  EXPECT_THAT(message("@"), StartsWith("t.wgsl:1:2: An attribute's name is missing"));
}

}  // namespace
}  // namespace shoal::wgsl
