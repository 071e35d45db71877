#include "wgsl/reflection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "wgsl/parser.h"

namespace shoal::wgsl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

// Asks `check` about the text, which must live as long as the answer.
template <class Check>
void with_reflection(std::string_view text, Check check) {
  Source source{"t.wgsl", std::string(text)};
  Result<Module> module = parse_module(source, {});
  ASSERT_TRUE(module) << module.error().message();
  check(reflect(*module));
}

std::string error_of(std::string_view text) {
  std::string message;
  with_reflection(text, [&](const Result<Reflection>& r) { message = r ? "fine" : r.error().message(); });
  return message;
}

TEST(Reflection, TellsEveryKindOfBinding) {
  constexpr std::string_view kText = R"(
alias Samples = texture_2d<f32>;
const kGroup = 1;
@group(0) @binding(0) var<uniform> a: vec4f;
@group(0) @binding(1) var<storage> b: array<vec3f>;
@group(0) @binding(2) var<storage, read_write> c: array<atomic<u32>, 8>;
@group(kGroup) @binding(0x10) var d: Samples;
@group(kGroup) @binding(17u) var e: texture_storage_2d<rgba8unorm, write>;
@group(kGroup) @binding(18,) var f: sampler_comparison;
var<private> g: u32;)";
  with_reflection(kText, [](const Result<Reflection>& r) {
    ASSERT_TRUE(r) << r.error().message();
    ASSERT_EQ(r->bindings.size(), 6u);
    std::vector<BindingKind> kinds;
    for (const Binding& binding : r->bindings) kinds.push_back(binding.kind);
    EXPECT_THAT(kinds, ElementsAre(BindingKind::kUniform, BindingKind::kStorageRead, BindingKind::kStorageReadWrite,
                                   BindingKind::kTexture, BindingKind::kStorageTexture, BindingKind::kSampler));
    EXPECT_EQ(r->bindings[1].min_size_bytes, 16u);
    EXPECT_EQ(r->bindings[2].min_size_bytes, 32u);
    EXPECT_EQ(r->bindings[3].min_size_bytes, 0u);
    EXPECT_EQ(r->bindings[3].group, 1u);
    EXPECT_EQ(r->bindings[3].binding, 16u);
    EXPECT_EQ(r->bindings[5].binding, 18u);
  });
}

TEST(Reflection, WorksOutWorkgroupSizes) {
  constexpr std::string_view kText = R"(
const kWidth = 8u;
override kTuned = 4u;
override kFree: u32;
@compute @workgroup_size(kWidth * 2, (1 << 2) + 1) fn fixed() {}
@compute @workgroup_size(1, kTuned, max) fn wrong() {})";
  EXPECT_THAT(error_of(kText), HasSubstr("cannot be worked out as an integer constant"));
  std::string text(kText.substr(0, kText.rfind('\n')));
  text +=
      "@compute @workgroup_size(1, kTuned, kFree) fn tuned() {} @vertex fn v() {} @fragment fn f() {} fn plain() "
      "{}";
  with_reflection(text, [](const Result<Reflection>& r) {
    ASSERT_TRUE(r) << r.error().message();
    ASSERT_EQ(r->entry_points.size(), 4u);
    EXPECT_THAT(r->entry_points[0].workgroup_size, ElementsAre(16u, 5u, 1u));
    EXPECT_FALSE(r->entry_points[0].size_is_override);
    EXPECT_THAT(r->entry_points[1].workgroup_size, ElementsAre(1u, 4u, 0u));
    EXPECT_TRUE(r->entry_points[1].size_is_override);
    EXPECT_EQ(r->entry_points[2].stage, Stage::kVertex);
    EXPECT_EQ(r->entry_points[3].stage, Stage::kFragment);
    ASSERT_EQ(r->overrides.size(), 2u);
    EXPECT_TRUE(r->overrides[0].has_default);
    EXPECT_FALSE(r->overrides[1].has_default);
  });
}

TEST(Reflection, SeesWhichFeaturesATextNeeds) {
  auto needs = [](std::string_view text) {
    std::string result;
    with_reflection(text, [&](const Result<Reflection>& r) {
      result = fmt::format("{}{}", r->uses_subgroups ? "subgroups " : "", r->uses_f16 ? "f16" : "");
    });
    return result;
  };
  EXPECT_EQ(needs("fn f() { let x = subgroupAdd(1u); }"), "subgroups ");
  EXPECT_EQ(needs("fn f() { let x = quadSwapX(1u); }"), "subgroups ");
  EXPECT_EQ(needs("fn f(@builtin(subgroup_size) size: u32) {}"), "subgroups ");
  EXPECT_EQ(needs("fn f(subgroup_size: u32) { let y = subgroup_size; }"), "");
  EXPECT_EQ(needs("fn subgroupOwn() {} fn f() { subgroupOwn(); x.subgroupAdd; /* subgroupAdd */ }"), "");
  EXPECT_EQ(needs("var<private> x: f16;"), "f16");
  EXPECT_EQ(needs("var<private> x: mat2x3h;"), "f16");
  EXPECT_EQ(needs("const x = 1.5h;"), "f16");
  EXPECT_EQ(needs("const x = 0x1.8f; const match = 1; const vec_h = 2;"), "");
}

TEST(Reflection, RefusesBindingsThatCannotBe) {
  EXPECT_THAT(error_of("@group(0) var<storage> a: u32;"), HasSubstr("needs @group(N) and @binding(N)"));
  EXPECT_THAT(error_of("@group(0) @binding(-1) var<storage> a: u32;"), HasSubstr("@binding cannot be -1"));
  EXPECT_THAT(error_of("@group(0) @binding(0) var a: u32;"), HasSubstr("neither a texture nor a sampler"));
  EXPECT_THAT(error_of("@group(0) @binding(0) var<private> a: u32;"), HasSubstr("'private' cannot be bound"));
  EXPECT_THAT(error_of("@group(0) @binding(0) var<uniform> a: array<u32, 4>;"),
              HasSubstr("steps of 16 bytes, not 4"));
  EXPECT_THAT(error_of("@compute fn f() {}"), HasSubstr("needs @workgroup_size(...)"));
  EXPECT_THAT(error_of("@compute @workgroup_size(0) fn f() {}"), HasSubstr("A workgroup size cannot be 0."));
  EXPECT_THAT(error_of("const a = b; const b = a; @compute @workgroup_size(a) fn f() {}"),
              HasSubstr("depends on itself"));
  std::string constants = "const c0 = 1;";
  for (int i = 1; i < 60; ++i) constants += fmt::format("const c{0} = c{1} + c{1};", i, i - 1);
  EXPECT_THAT(error_of(constants + "@compute @workgroup_size(c59) fn f() {}"),
              HasSubstr("This constant depends on more than 4096 others."));
}

}  // namespace
}  // namespace shoal::wgsl
