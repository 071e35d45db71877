#include "primitives/sanitizer/sanitizer.h"

#include <gmock/gmock.h>

#include "primitives/arguments.h"
#include "primitives/launch.h"
#include "primitives/primitive_test.h"
#include "primitives/sort/sort.h"

namespace shoal::primitives {
namespace {

using testing::Each;
using testing::HasSubstr;

// Writes where its parameters say: what a kernel with a mistake in it does.
constexpr wgsl::Binding kBindings[] = {
    {0, 0, wgsl::BindingKind::kUniform, "params", 16},
    {0, 1, wgsl::BindingKind::kStorageReadWrite, "words", 4},
    {0, 2, wgsl::BindingKind::kStorageReadWrite, "others", 4},
};
constexpr wgsl::EntryPoint kEntryPoints[] = {{"stray", wgsl::Stage::kCompute, {1, 1, 1}}};
constexpr wgsl::KernelTemplate kVariant{.name = "stray",
                                        .text = R"(
@group(0) @binding(0) var<uniform> params: vec4u;
@group(0) @binding(1) var<storage, read_write> words: array<u32>;
@group(0) @binding(2) var<storage, read_write> others: array<u32>;
@compute @workgroup_size(1)
fn stray() {
  others[0] = words[0];
  words[params.y] = params.z;
}
)",
                                        .bindings = kBindings,
                                        .entry_points = kEntryPoints};
constexpr const wgsl::KernelTemplate* kVariants[] = {&kVariant};
constexpr wgsl::Kernel kStray{.name = "stray", .path = "", .feature_names = {}, .variants = kVariants};

struct StrayParams {
  u32 count = 0, place = 0, value = 0, unused = 0;
};

class SanitizerTest : public PrimitiveTest {
 protected:
  // A call with the mistake: words[place] = 7, and others[0] = words[0].
  void stray(const gpu::View& words, const gpu::View& others, u32 place) {
    const KernelChoice choice{.kernel = &kStray};
    wait_until([&]() -> Result<bool> {
      SHOAL_TRY_SET(const Kernels kernels, request_kernels(device(), std::span(&choice, 1)));
      return are_ready(kernels);
    });
    run([&](gpu::Frame& frame) -> Result<void> {
      SHOAL_TRY_SET(const Kernels kernels, request_kernels(device(), std::span(&choice, 1)));
      SHOAL_TRY(Arguments(device(), "stray", 0u).write("words", words, 32).write("others", others, 32).check());
      Step step{.kernel = kernels[0], .views = {words, others}};
      step.with(StrayParams{.place = place, .value = 7});
      run_steps(frame, "stray", 0, 0u, 0, std::span(&step, 1));
      return {};
    });
  }
};

TEST_P(SanitizerTest, NamesTheArgumentAndTheWordThatAKernelWrotePast) {
  const gpu::View words = upload(std::vector<u32>{1, 2, 3, 4}), others = untouched(4);
  stray(words, others, 4);
  const Result<void> found = writes_outside();
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message(),
              HasSubstr("`words` of stray was written outside of its 4 words: word 0 behind "
                        "its end holds 0x00000007. 1 words"));
  EXPECT_TRUE(writes_outside()) << "what was told is told once";
  EXPECT_EQ(download(words), (std::vector<u32>{1, 2, 3, 4}));
}

TEST_P(SanitizerTest, BringsBackWhatIsWrittenInside) {
  const gpu::View words = upload(std::vector<u32>{1, 2, 3, 4}), others = untouched(4);
  stray(words, others, 3);
  EXPECT_TRUE(writes_outside());
  EXPECT_EQ(download(words), (std::vector<u32>{1, 2, 3, 7}));
  EXPECT_EQ(elements_of(download(others), 1, false), (std::vector<u64>{1}));
}

// Neighbours in one buffer: the second begins where the first's kernel strays to.
TEST_P(SanitizerTest, KeepsArraysOfOneBufferApart) {
  const gpu::View both = upload(std::vector<u32>(128, 5));
  const gpu::View first{both.buffer, 0, 256}, second{both.buffer, 256, 256};
  stray(first, second, 64);
  const Result<void> found = writes_outside();
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message(), HasSubstr("`words` of stray was written outside of its 64 words"));
  EXPECT_THAT(download(both), Each(5u));
}

TEST_P(SanitizerTest, FillsScratchBeforeEachUse) {
  const gpu::View scratch = upload(std::vector<u32>(64, 0));
  run([&](gpu::Frame& frame) -> Result<void> {
    const gpu::View given{scratch.buffer, 0, 128};
    EXPECT_EQ(scratch_for(frame, given, 128), given);
    return {};
  });
  const std::vector<u32> words = download(scratch);
  EXPECT_THAT(std::span(words).first(32), Each(0xa5a5a5a5u));
  EXPECT_THAT(std::span(words).subspan(32), Each(0u));
}

TEST_P(SanitizerTest, CreatesNothingInASteadyFrame) {
  const SortOptions options;
  const gpu::View keys = upload(std::vector<u32>{3, 1, 2}), sorted = untouched(3);
  wait_until([&] { return prepare_sort(device(), options); });
  const auto record = [&](gpu::Frame& frame) {
    return sort(frame, {.options = options, .keys = keys, .count = 3, .sorted_keys = sorted});
  };
  EXPECT_EQ(creations_of_second(record), std::vector<std::string>());
  EXPECT_EQ(elements_of(download(sorted), 3, false), (std::vector<u64>{1, 2, 3}));
}

INSTANTIATE_TEST_SUITE_P(Tiers, SanitizerTest, testing::Values(gpu::Tier::kFull));

}  // namespace
}  // namespace shoal::primitives
