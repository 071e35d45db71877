// States against the CPU: products of matrices, which do not commute, statistics, boxes of eight words, both tiers.
#include "primitives/fold_states/fold_states.h"

#include <algorithm>
#include <array>

#include "primitives/fold_states/example_states.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

class FoldStatesTest : public PrimitiveTest {
 protected:
  std::vector<u64> folded(std::string_view text, u32 words, std::span<const u32> values, bool count_on_gpu) {
    const FoldStatesOptions options{.program = {.text = text, .bindings = std::span(&kValues, 1)},
                                    .state_words = words};
    wait_until([&] { return prepare_fold_states(device(), options); });
    const gpu::View result = untouched(words), uploaded = upload(values);
    const u32 rows = static_cast<u32>(values.size());
    run([&](gpu::Frame& frame) {
      return fold_states(frame, {.options = options,
                                 .count = count_of(count_on_gpu ? rows + 7 : rows, count_on_gpu),
                                 .most_rows = rows,
                                 .result = result,
                                 .program_views = std::span(&uploaded, 1)});
    });
    return elements_of(download(result), words, false);
  }
};

TEST_P(FoldStatesTest, CombinesEverySizeInOrder) {
  bool flip = false;
  for (const u32 size : boundary_sizes(70'000)) {
    SCOPED_TRACE(fmt::format("{} rows", size));
    flip = !flip;
    Random random(size);
    std::vector<u32> values(size);
    std::array<u32, 4> product = {1, 0, 0, 1};
    std::vector<u64> box = {0, 0, 0xffffffffu, 0xffffffffu, 0, 0, 0, 0};
    for (u32 row = 0; row < size; ++row) {
      // An odd determinant: products of others soon are 0 modulo 2^32, whatever came before.
      const u32 value = values[row] = (random() & ~1u) | (~row & 1u);
      product = {product[0] * value + product[1] * row, product[0] + product[1] * 3,
                 product[2] * value + product[3] * row, product[2] + product[3] * 3};
      const u64 low = value & 0xffffu, high = value >> 16;
      box = {box[0] + 1,
             low_word(box[1] + value),
             std::min(box[2], low),
             std::min(box[3], high),
             std::max(box[4], low),
             std::max(box[5], high),
             std::max(box[6], u64{value}),
             row};
    }
    EXPECT_EQ(folded(kMatrices, 4, values, flip), std::vector<u64>(product.begin(), product.end()));
    EXPECT_EQ(folded(kBoxes, 8, values, !flip), box);
    if (HasFailure()) return;
  }
}

TEST_P(FoldStatesTest, CombinesManyStrips) {
  const std::vector<u32> values(700'000, 5);
  EXPECT_EQ(folded(kBoxes, 8, values, false), (std::vector<u64>{700'000, 3'500'000, 5, 0, 5, 0, 5, 699'999}));
}

TEST_P(FoldStatesTest, RefusesWhatCannotBe) {
  const gpu::View result = untouched(8);
  const auto said = [&](const FoldStatesOptions& options) {
    return refusal(
        [&](gpu::Frame& frame) { return fold_states(frame, {.options = options, .count = 5, .result = result}); });
  };
  EXPECT_EQ(said({.program = {.text = kBoxes}, .state_words = 17}),
            "`state_words` is not from 1 to 16. Give the words of a State in an array. (argument of fold_states)");
  EXPECT_EQ(said({.program = {.text = kBoxes, .bindings = std::span(&kValues, 1)}}),
            "`program_views` has not a view for each binding of the program. Give one each. (argument of "
            "fold_states)");
  EXPECT_EQ(said({}), "`program` of fold_states is empty. Give WGSL with State, identity, lift and combine.");
}

INSTANTIATE_TEST_SUITE_P(Tiers, FoldStatesTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
