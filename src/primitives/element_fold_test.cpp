// Folds into a state of the caller's, by what a slot program reads: sums of floats, and which codes occur.
#include "primitives/element_fold.h"

#include <bit>
#include <cmath>
#include <cstring>

#include <gmock/gmock.h>

#include "primitives/array_elements.kernel.h"
#include "primitives/array_elements_layout.gen.h"
#include "primitives/float_sum/float_sum.h"
#include "primitives/float_sum/float_sum_reference.h"
#include "primitives/primitive_test.h"
#include "primitives/used_codes/used_codes.h"

namespace shoal::primitives {
namespace {

using Prepare = Result<void> (*)(gpu::Device&, const ElementProgram&, ElementFold&);

class ElementFoldTest : public PrimitiveTest {
 protected:
  // What is in the state after a fold of elements which count, into zeros.
  std::vector<u32> folded(Prepare prepare, std::span<const u64> elements, bool wide, u64 state_words) {
    const std::string_view features[] = {"wide"};
    const auto& program = array_elements_kernel().variant(std::span(features).first(wide ? 1 : 0));
    ElementFold fold;
    wait_until([&]() -> Result<bool> {
      SHOAL_TRY(prepare(device(), {.text = program.text, .bindings = program.bindings, .wide = wide}, fold));
      return fold.is_ready();
    });
    const gpu::View state{upload(std::vector<u32>(static_cast<size_t>(state_words), 0)).buffer, 0, 4 * state_words};
    const u32 rows = static_cast<u32>(elements.size());
    const gpu::View views[] = {upload_uniform(ArrayParams{.rows = rows, .skipped_block = 0xffffffffu}),
                               upload(elements, wide)};
    const u32 group = device().bind_groups.get(device().recorder, fold.program_layout(1), "test", views);
    run([&](gpu::Frame& frame) -> Result<void> {
      frame.begin_pass("fold", 0);
      fold.fold(frame, state, std::span(&group, 1), divide_round_up(rows, 4096u));
      frame.end_pass();
      return {};
    });
    return download(state);
  }
};

// The image of a float's bits, whose order is that of the floats.
u64 image_of(double value) {
  const u64 bits = std::bit_cast<u64>(value), sign = u64{1} << 63;
  return (bits & sign) != 0 ? ~bits : bits ^ sign;
}

TEST_P(ElementFoldTest, SumsFloatsOfTwoWordsExactly) {
  for (const u32 rows : {1u, 4097u, 20'001u}) {
    SCOPED_TRACE(rows);
    Random random(rows);
    std::vector<double> values(rows);
    for (double& value : values) {
      value = std::ldexp(static_cast<double>(static_cast<i32>(random())), static_cast<int>(random() % 200) - 100);
    }
    std::vector<u64> images;
    for (const double value : values) images.push_back(image_of(value));
    const std::vector<u32> words = folded(prepare_float_sum, images, true, sizeof(FloatSumState) / 4);
    FloatSumState state;
    std::memcpy(static_cast<void*>(&state), words.data(), sizeof state);
    EXPECT_EQ(state.count, rows);
    EXPECT_EQ(float_sum(state), float_sum_reference(values));
  }
}

TEST_P(ElementFoldTest, MarksTheCodesThatOccur) {
  for (const u32 codes : {1u, 33u, 5'000u}) {
    SCOPED_TRACE(codes);
    Random random(codes);
    std::vector<u64> elements(9'001);
    for (u64& element : elements) element = random() % codes / 3 * 3;
    std::vector<u32> wanted(divide_round_up(codes, 32u));
    for (const u64 element : elements) wanted[element / 32] |= 1u << (element % 32);
    EXPECT_EQ(folded(prepare_used_codes, elements, false, wanted.size()), wanted);
  }
}

TEST_P(ElementFoldTest, SanitizerTellsOfACodeThatTheSetHasNoRoomFor) {
  const std::vector<u64> elements = {3, 40};
  EXPECT_EQ(folded(prepare_used_codes, elements, false, 1), (std::vector<u32>{1u << 3}));
  const Result<void> found = writes_outside();
  ASSERT_FALSE(found);
  EXPECT_THAT(
      found.error().message(),
      testing::HasSubstr("`used_codes_set` of used_codes was written outside of its 1 words: word 0 behind"));
}

INSTANTIATE_TEST_SUITE_P(Tiers, ElementFoldTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
