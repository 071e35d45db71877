// Argmin and argmax against their CPU twin: every type, ties, NaN, ends of the types' ranges, both tiers.
#include "primitives/arg_extreme/arg_extreme.h"

#include <bit>
#include <limits>

#include "primitives/arg_extreme/arg_extreme_reference.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

using enum ElementType;

class ArgExtremeTest : public PrimitiveTest {
 protected:
  void expect_found(ElementType type, std::span<const u64> values, bool count_on_gpu) {
    const ArgExtremeOptions options{.type = type};
    wait_until([&] { return prepare_arg_extreme(device(), options); });
    const gpu::View low = untouched(1), high = untouched(1);
    ArgExtreme args{.options = options,
                    .values = upload(values, is_wide(type)),
                    .count = count_of(static_cast<u32>(values.size()), count_on_gpu),
                    .result = low};
    run([&](gpu::Frame& frame) -> Result<void> {
      SHOAL_TRY(argmin(frame, args));
      args.result = high;
      return argmax(frame, args);
    });
    EXPECT_EQ(elements_of(download(low), 1, false)[0], arg_extreme_reference(values, type, false));
    EXPECT_EQ(elements_of(download(high), 1, false)[0], arg_extreme_reference(values, type, true));
  }
};

TEST_P(ArgExtremeTest, FindsRowsAtEverySize) {
  bool flip = false;
  for (const ElementType type : {kU32, kI32, kF32, kU64, kI64}) {
    for (const u32 size : boundary_sizes(70'000)) {
      SCOPED_TRACE(fmt::format("{} elements of type {}", size, static_cast<int>(type)));
      flip = !flip;
      Random random(size);
      std::vector<u64> values(size);
      for (u64& value : values) value = is_wide(type) ? join_words(random(), random()) : random();
      expect_found(type, values, flip);
      // Few distinct, among them the ends of the range.
      for (u64& value : values) value = random() % 2 == 0 ? 0 : is_wide(type) ? ~u64{0} : 0xffffffffu;
      expect_found(type, values, !flip);
    }
  }
}

TEST_P(ArgExtremeTest, TakesNaNOnlyWhereNothingElseIs) {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const auto bits = [](std::initializer_list<float> values) {
    std::vector<u64> words;
    for (const float value : values) words.push_back(std::bit_cast<u32>(value));
    return words;
  };
  expect_found(kF32, bits({kNaN, kNaN, kNaN}), false);
  expect_found(kF32, bits({kNaN, kInfinity, kNaN}), false);
  expect_found(kF32, bits({kNaN, -kInfinity, -kNaN}), false);
  expect_found(kF32, bits({0.0f, -0.0f, 0.0f, -0.0f}), false);
  expect_found(kF32, bits({1.0f, kNaN, -kInfinity, kInfinity, -kNaN, 5.0f, kInfinity}), false);
}

TEST_P(ArgExtremeTest, FindsRowsOfMillions) {
  Random random(1);
  std::vector<u64> values((1 << 22) + 1);
  for (u64& value : values) value = random() >> 4;
  expect_found(kU32, values, true);
}

INSTANTIATE_TEST_SUITE_P(Tiers, ArgExtremeTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
