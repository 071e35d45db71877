#include "wgsl/kernel_template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "wgsl/testdata/sum.kernel.h"

namespace shoal::wgsl {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr SlotText kKeepAll = {"keep", "fn keep(row: u32) -> bool { return true; }"};

std::string message_of(std::vector<SlotText> slots) {
  Result<std::string> result = splice(sum_kernel().variant({}), slots);
  return result ? "spliced" : result.error().message();
}

TEST(Kernel, VariantsAreFoundByTheNamesThatMatter) {
  const Kernel& kernel = sum_kernel();
  EXPECT_THAT(kernel.feature_names, ElementsAre("subgroups"));
  EXPECT_EQ(&kernel.variant({}), kernel.variants[0]);
  EXPECT_EQ(&kernel.variant({"subgroups"}), kernel.variants[1]);
  EXPECT_EQ(&kernel.variant({"wide_native"}), kernel.variants[0]);
  EXPECT_FALSE(kernel.variant({}).uses_subgroups);
  EXPECT_TRUE(kernel.variant({"subgroups"}).uses_subgroups);
  EXPECT_FALSE(kernel.variant({"subgroups"}).uses_f16);
}

TEST(Kernel, SaysWhatAHostMustKnow) {
  const KernelTemplate& sum = sum_kernel().variant({});
  EXPECT_EQ(sum.name, "sum");
  EXPECT_THAT(sum.slots, ElementsAre("keep"));
  ASSERT_EQ(sum.bindings.size(), 3u);
  EXPECT_EQ(sum.bindings[0].kind, BindingKind::kUniform);
  EXPECT_EQ(sum.bindings[0].min_size_bytes, 4u);
  EXPECT_EQ(sum.bindings[1].kind, BindingKind::kStorageRead);
  EXPECT_EQ(sum.bindings[1].name, "values");
  EXPECT_EQ(sum.bindings[2].kind, BindingKind::kStorageReadWrite);
  EXPECT_EQ(sum.bindings[2].binding, 2u);
  EXPECT_EQ(sum.bindings[2].min_size_bytes, 8u);
  ASSERT_EQ(sum.entry_points.size(), 1u);
  EXPECT_THAT(sum.entry_points[0].workgroup_size, ElementsAre(64u, 1u, 1u));
  EXPECT_TRUE(sum.entry_points[0].size_is_override);
  ASSERT_EQ(sum.overrides.size(), 1u);
  EXPECT_EQ(sum.overrides[0].name, "kWorkgroupSize");
  EXPECT_TRUE(sum.overrides[0].has_default);
}

TEST(Splice, PutsTheSlotsTextInPlaceOfItsLine) {
  Result<std::string> text = splice(sum_kernel().variant({}), std::vector{kKeepAll});
  ASSERT_TRUE(text) << text.error().message();
  EXPECT_THAT(*text, HasSubstr("\n\nfn keep(row: u32) -> bool { return true; }\n\noverride"));
  EXPECT_THAT(*text, Not(HasSubstr(kSlotMarker)));
}

TEST(Splice, TakesTextsThatLookLikeSlotLinesAsTheyAre) {
  KernelTemplate kernel = {.name = "k", .text = "//@slot a\n//@slot b"};
  std::vector<std::string_view> names = {"a", "b"};
  kernel.slots = names;
  std::vector<SlotText> slots = {{"b", ""}, {"a", "//@slot b\n"}};
  EXPECT_EQ(splice(kernel, slots).value(), "//@slot b\n");
}

TEST(Splice, DeclaresOnceWhatKernelAndSlotBothReach) {
  constexpr std::string_view kShared =
      "const two = 2u;\n\nfn twice(\n  x: u32,\n) -> u32 {\n  return two * x;\n}\n";
  const std::string own = "fn twice_more(x: u32) -> u32 { return twice(x); }\nconst two_more = 4u;\n";
  const std::string kernel_text = "//@slot a\n" + std::string(kShared);
  KernelTemplate kernel = {.name = "k", .text = kernel_text};
  std::vector<std::string_view> names = {"a"};
  kernel.slots = names;
  const std::string shared_and_own = std::string(kShared) + own;
  EXPECT_EQ(splice(kernel, std::vector<SlotText>{{"a", shared_and_own}}).value(),
            "\n" + own + std::string(kShared));
  // Another function of the same name is for the compiler to refuse.
  const std::string other = "fn twice(x: u32) -> u32 {\n  return x + x;\n}\n";
  EXPECT_EQ(splice(kernel, std::vector<SlotText>{{"a", other}}).value(), other + std::string(kShared));
}

TEST(Splice, RefusesMissingUnknownAndDoubleSlotsByName) {
  EXPECT_EQ(message_of({}), "Slot 'keep' of kernel 'sum' is missing. Give its WGSL text.");
  EXPECT_EQ(message_of({kKeepAll, {"value", ""}}), "Kernel 'sum' has no slot 'value'. Its slots: keep.");
  EXPECT_EQ(message_of({kKeepAll, kKeepAll}), "Slot 'keep' of kernel 'sum' is given twice. Give it once.");
}

}  // namespace
}  // namespace shoal::wgsl
