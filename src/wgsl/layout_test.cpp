#include "wgsl/layout.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wgsl/constant_expression.h"
#include "wgsl/parser.h"
#include "wgsl/testdata/mirror_layout.gen.h"

namespace shoal::wgsl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

struct Parsed {
  Source source;
  Module module;
};

std::unique_ptr<Parsed> parse(std::string_view text) {
  auto parsed = std::make_unique<Parsed>();
  parsed->source = {"t.wgsl", std::string(text)};
  parsed->module = parse_module(parsed->source, {}).value();
  return parsed;
}

// "align size" of a type, or its error.
std::string layout_of_type(std::string_view type) {
  auto parsed =
      parse(fmt::format("const kFour = 4u; override kTuned = 2u; struct S {{ a: vec3f, b: u32 }}"
                        "struct R {{ n: u32, rows: array<vec2u> }} alias Alias = array<S, kFour>;"
                        "alias Type = {};",
                        type));
  auto layout = Layouts(parsed->module).of_type(find_declaration(parsed->module, "Type")->type);
  if (!layout) return layout.error().message();
  return fmt::format("{} {}", layout->align_bytes, layout->size_bytes);
}

// Offsets of the members, then alignment and size.
std::vector<u64> layout_of_struct(std::string_view text, std::string_view name) {
  auto parsed = parse(text);
  auto layout = Layouts(parsed->module).of_struct(*find_declaration(parsed->module, name));
  if (!layout) {
    ADD_FAILURE() << layout.error().message();
    return {};
  }
  std::vector<u64> result;
  for (const MemberLayout& member : (*layout)->members) result.push_back(member.offset_bytes);
  result.push_back((*layout)->align_bytes);
  result.push_back((*layout)->size_bytes);
  return result;
}

std::string uniform_error(std::string_view text) {
  auto parsed = parse(text);
  const Declaration* type = find_declaration(parsed->module, "T");
  Layouts layouts(parsed->module);
  TypeLayout layout;
  layout.kind = TypeKind::kStruct;
  layout.structure = layouts.of_struct(*type).value();
  auto result = layouts.check_uniform(layout, type->name_span);
  return result ? "fine" : result.error().message();
}

TEST(Layout, TypesHaveTheSpecificationsAlignmentAndSize) {
  for (auto [type, expected] :
       std::initializer_list<std::pair<std::string_view, std::string_view>>{{"u32", "4 4"},
                                                                            {"i32", "4 4"},
                                                                            {"f32", "4 4"},
                                                                            {"f16", "2 2"},
                                                                            {"atomic<u32>", "4 4"},
                                                                            {"atomic<i32>", "4 4"},
                                                                            {"vec2<f32>", "8 8"},
                                                                            {"vec3<f32>", "16 12"},
                                                                            {"vec4<f32>", "16 16"},
                                                                            {"vec2h", "4 4"},
                                                                            {"vec3h", "8 6"},
                                                                            {"vec4h", "8 8"},
                                                                            {"vec2u", "8 8"},
                                                                            {"vec3i", "16 12"},
                                                                            {"vec4f", "16 16"},
                                                                            {"mat2x2f", "8 16"},
                                                                            {"mat3x2f", "8 24"},
                                                                            {"mat4x2f", "8 32"},
                                                                            {"mat2x3f", "16 32"},
                                                                            {"mat3x3<f32>", "16 48"},
                                                                            {"mat4x3f", "16 64"},
                                                                            {"mat2x4f", "16 32"},
                                                                            {"mat4x4f", "16 64"},
                                                                            {"mat2x2h", "4 8"},
                                                                            {"mat3x3h", "8 24"},
                                                                            {"mat4x4<f16>", "8 32"},
                                                                            {"array<u32, 5>", "4 20"},
                                                                            {"array<vec3f, 3>", "16 48"},
                                                                            {"array<f16, 3>", "2 6"},
                                                                            {"array<vec3h, 2>", "8 16"},
                                                                            {"array<u32>", "4 4"},
                                                                            {"array<vec3f>", "16 16"},
                                                                            {"array<mat3x3f, 2>", "16 96"},
                                                                            {"array<array<u32, 3>, 2>", "4 24"},
                                                                            {"S", "16 16"},
                                                                            {"Alias", "16 64"},
                                                                            {"R", "8 16"},
                                                                            {"array<u32, kFour * 2 + 1>", "4 36"},
                                                                            {"array<u32, (1u << 3)>", "4 32"}}) {
    EXPECT_EQ(layout_of_type(type), expected) << type;
  }
}

TEST(Layout, RefusesTypesThatCannotBeShared) {
  for (std::string_view type :
       {"bool", "vec2<bool>", "atomic<f32>", "vec5f", "mat2x5f", "mat2x2u", "texture_2d<f32>", "ptr<storage, u32>",
        "array<bool, 2>", "vec2", "nothing", "vec3<vec2u>"}) {
    EXPECT_THAT(layout_of_type(type), HasSubstr("is not a type that host and GPU can share")) << type;
  }
  EXPECT_THAT(layout_of_type("array<u32, 0>"), HasSubstr("must be a constant of at least 1 (it is 0)"));
  EXPECT_THAT(layout_of_type("array<u32, kTuned>"), HasSubstr("(it is 2 by an override's default)"));
  EXPECT_THAT(layout_of_type("array<array<u32>, 2>"), HasSubstr("cannot be sized at run time"));
  EXPECT_THAT(layout_of_type("array<R, 2>"), HasSubstr("cannot be sized at run time"));
  EXPECT_THAT(layout_of_type("array<vec4f, 2147483647 * 64>"), HasSubstr("This array is larger than"));
  EXPECT_THAT(layout_of_type("array<u32, 1 / 0>"), HasSubstr("1 / 0 has no value"));
  EXPECT_THAT(layout_of_type("Type"), HasSubstr("This type holds itself"));
}

// The example of the specification's section "Structure Member Layout", worked through by hand.
constexpr std::string_view kSpecificationA = "struct A { u: f32, v: f32, w: vec2f, x: f32 }";
constexpr std::string_view kSpecificationB =
    "struct B { a: vec2f, b: vec3f, c: f32, d: f32, e: A, f: vec3f, g: array<A, 3>, h: i32 }";

TEST(Layout, StructsPlaceMembersByTheSpecificationsExample) {
  std::string text = fmt::format("{} {}", kSpecificationA, kSpecificationB);
  EXPECT_THAT(layout_of_struct(text, "A"), ElementsAre(0, 4, 8, 16, /*align*/ 8, /*size*/ 24));
  EXPECT_THAT(layout_of_struct(text, "B"), ElementsAre(0, 16, 28, 32, 40, 64, 80, 152, 16, 160));
}

TEST(Layout, AttributesMoveMembers) {
  constexpr std::string_view kText =
      "struct A { u: f32, v: f32, w: vec2f, @size(16) x: f32 }"
      "struct B { a: vec2f, b: vec3f, c: f32, d: f32, @align(16) e: A, f: vec3f, @size(112) g: array<A, 3>, h: i32 "
      "}";
  EXPECT_THAT(layout_of_struct(kText, "A"), ElementsAre(0, 4, 8, 16, 8, 32));
  EXPECT_THAT(layout_of_struct(kText, "B"), ElementsAre(0, 16, 28, 32, 48, 80, 96, 208, 16, 224));
}

std::string struct_error(std::string_view members) {
  auto parsed = parse(fmt::format("struct T {{ {} }}", members));
  auto layout = Layouts(parsed->module).of_struct(*find_declaration(parsed->module, "T"));
  return layout ? "fine" : layout.error().message();
}

TEST(Layout, RefusesAttributesThatBreakTheRules) {
  EXPECT_THAT(struct_error("@align(3) a: u32"),
              HasSubstr("@align cannot be 3. It is a constant power of two of bytes."));
  EXPECT_THAT(struct_error("@align(8) a: vec3f"), HasSubstr("no multiple of the type's own alignment, 16"));
  EXPECT_THAT(struct_error("@size(8) a: vec3f"), HasSubstr("smaller than the type, which takes 12 bytes"));
  EXPECT_THAT(struct_error("@size(0) a: u32"), HasSubstr("@size cannot be 0"));
  EXPECT_THAT(struct_error("a: array<u32>, b: u32"), HasSubstr("'a' is sized at run time"));
  EXPECT_THAT(struct_error("a: T"), HasSubstr("This type holds itself"));
}

TEST(Layout, UniformsNeedStepsOfSixteenBytes) {
  EXPECT_EQ(uniform_error("struct T { a: u32, b: vec3f, c: array<vec4u, 2>, d: mat3x3f }"), "fine");
  EXPECT_THAT(uniform_error("struct T { a: array<u32, 4> }"),
              HasSubstr("needs elements in steps of 16 bytes, not 4"));
  EXPECT_THAT(uniform_error("struct I { x: u32 } struct T { a: u32, b: I }"),
              HasSubstr("not at 4. Add @align(16)."));
  EXPECT_THAT(uniform_error("struct I { x: u32 } struct T { a: I, b: u32 }"),
              HasSubstr("'b' lies too close behind a struct"));
  EXPECT_EQ(uniform_error("struct I { x: u32 } struct T { a: I, @align(16) b: u32 }"), "fine");
  EXPECT_THAT(uniform_error("struct T { a: array<vec4u> }"), HasSubstr("cannot be sized at run time"));
}

// The mirror's own assertions are checked when this file compiles; here that it is filled as one expects.
TEST(Layout, MirrorsStartAllZeroAndFillByName) {
  Mirror mirror = {.direction = {1.0f, 2.0f, 3.0f}, .halves = {}, .nested = {.low = 7, .high = 0}};
  EXPECT_EQ(mirror.direction[2], 3.0f);
  EXPECT_EQ(mirror.nested.low, 7u);
  EXPECT_EQ(mirror.columns[2][3], 0.0f);
}

}  // namespace
}  // namespace shoal::wgsl
