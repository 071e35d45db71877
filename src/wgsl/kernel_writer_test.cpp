#include "wgsl/tool/kernel_writer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "wgsl/variants.h"

namespace shoal::wgsl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

using Files = std::map<std::string, std::string, std::less<>>;

ReadSource reader_of(const Files& files) {
  return [&files](std::string_view path) -> Result<std::string> {
    auto found = files.find(path);
    if (found == files.end()) return fail(ErrorCode::kNotFound, "{} is not there.", path);
    return found->second;
  };
}

std::string error_of(std::string_view path, std::string_view text) {
  Files files = {{std::string(path), std::string(text)}};
  Result<KernelCode> code = write_kernel(path, reader_of(files));
  return code ? "fine" : code.error().message();
}

TEST(Variants, FollowFeaturesIntoFilesThatOnlyAFeatureImports) {
  Files files = {{"k.wgsl",
                  "@if(a) import package::m::f;\n@if(unseen) import package::m::f2;\n@if(a) fn g() { f(); }\n"
                  "@compute @workgroup_size(1) fn main() {}\n"},
                 {"m.wgsl", "@if(b) fn f() {}\n@else fn f() { return; }\nfn f2() {}\n@if(c) fn other() {}\n"}};
  Result<KernelVariants> variants = flatten_variants("k.wgsl", reader_of(files));
  ASSERT_TRUE(variants) << variants.error().message();
  EXPECT_THAT(variants->feature_names, ElementsAre("a", "b"));
  EXPECT_THAT(variants->files, ElementsAre("k.wgsl", "m.wgsl"));
  ASSERT_EQ(variants->variants.size(), 4u);
  EXPECT_EQ(variants->variants[0].text, variants->variants[2].text);
  EXPECT_THAT(variants->variants[1].text, HasSubstr("fn f() { return; }"));
  EXPECT_THAT(variants->variants[3].text, HasSubstr("fn f() {}"));
}

TEST(Variants, AnErrorInOneVariantSaysInWhich) {
  EXPECT_THAT(error_of("k.wgsl", "@if(a && b) const x = 1;\n@if(a) const x = 2;\nfn f() {}"),
              HasSubstr("(while flattening k.wgsl with a, b)"));
}

TEST(KernelWriter, RefusesWhatWebGpuCannotBindOrCppCannotHold) {
  std::string nine;
  for (int i = 0; i < 9; ++i) nine += fmt::format("@group(0) @binding({}) var<storage> b{}: u32;\n", i, i);
  EXPECT_EQ(error_of("t/k.wgsl", nine),
            "t/k.wgsl binds 9 storage buffers. WebGPU guarantees 8: pack some into one buffer.");
  EXPECT_EQ(
      error_of("t/k.wgsl", "@group(0) @binding(1) var<storage> a: u32; @group(0) @binding(1) var<storage> b: u32;"),
      "t/k.wgsl binds both 'a' and 'b' at @group(0) @binding(1). Move one.");
  EXPECT_THAT(error_of("t/k.wgsl", "// )wgsl\"\nfn f() {}"), HasSubstr("ends the C++ literal"));
  EXPECT_THAT(error_of("t/K-2.wgsl", "fn f() {}"), HasSubstr("does not have a name in snake_case"));
  EXPECT_THAT(error_of("t/k.glsl", "fn f() {}"), HasSubstr("does not end in .wgsl"));
  std::string seven;
  for (char c = 'a'; c <= 'g'; ++c) seven += fmt::format("@if({}) const {} = 1;\n", c, c);
  EXPECT_THAT(error_of("t/k.wgsl", seven),
              HasSubstr("name 7 features (a, b, c, d, e, f, g). At most 6 are allowed."));
}

}  // namespace
}  // namespace shoal::wgsl
