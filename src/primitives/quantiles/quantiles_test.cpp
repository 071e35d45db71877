// Quantiles against a sorted array: every type, one and many at once, skewed elements, narrow codes, both tiers.
#include "primitives/quantiles/quantiles.h"

#include <bit>
#include <limits>

#include "primitives/primitive_test.h"
#include "primitives/quantiles/quantiles_reference.h"

namespace shoal::primitives {
namespace {

using enum ElementType;

constexpr Quantile kMedian[] = {{1, 2}};
constexpr Quantile kThree[] = {{1, 100}, {50, 100}, {99, 100}};
constexpr Quantile kMany[] = {{0, 1}, {1, 1}, {1, 3},           {2, 3},   {1, 1000}, {999, 1000},
                              {1, 7}, {7, 7}, {1, 0x7fffffffu}, {1, 2},   {1, 2},    {1, 4},
                              {3, 4}, {1, 5}, {4, 5},           {17, 18}, {5, 100},  {95, 100}};

class QuantilesTest : public PrimitiveTest {
 protected:
  void expect_found(ElementType type, std::span<const u64> values, std::span<const Quantile> list,
                    bool count_on_gpu = false, u32 end_bit = 0, u32 sample_stride = 0) {
    const bool wide = is_wide(type);
    const QuantilesOptions options{.type = type};
    wait_until([&] { return prepare_quantiles(device(), options); });
    const gpu::View result = untouched(list.size() * (wide ? 2 : 1));
    run([&](gpu::Frame& frame) {
      return quantiles(frame, {.options = options,
                               .values = upload(values, wide),
                               .count = count_of(static_cast<u32>(values.size()), count_on_gpu),
                               .quantiles = list,
                               .result = result,
                               .end_bit = end_bit,
                               .sample_stride = sample_stride});
    });
    if (values.empty()) {
      elements_of(download(result), 0, wide);
      return;
    }
    EXPECT_EQ(elements_of(download(result), list.size(), wide), quantiles_reference(values, type, list));
  }
};

TEST_P(QuantilesTest, FindsThemAtEverySize) {
  bool flip = false;
  for (const ElementType type : {kU32, kI32, kF32, kU64, kI64}) {
    for (const u32 size : boundary_sizes(70'000)) {
      SCOPED_TRACE(fmt::format("{} elements of type {}", size, static_cast<int>(type)));
      flip = !flip;
      Random random(size);
      std::vector<u64> values(size);
      for (u64& value : values) {
        value = is_wide(type) ? join_words(random(), random()) : random();
        // One NaN for all.
        if (type == kF32 && (value & 0x7fffffffu) > 0x7f800000u) value = 0x7fc00000u;
      }
      expect_found(type, values, kThree, flip);
      expect_found(type, values, kMedian, !flip);
    }
  }
}

TEST_P(QuantilesTest, FindsManyAtOnce) {
  Random random(3);
  for (const ElementType type : {kU32, kI64}) {
    std::vector<u64> values(9'999);
    for (u64& value : values) value = is_wide(type) ? join_words(random(), random() % 3) : random() % 5'000;
    expect_found(type, values, kMany);
  }
}

TEST_P(QuantilesTest, FindsThemAmongSkewedElements) {
  for (const u64 value : {u64{0}, u64{77}, u64{0xffffffffu}}) {
    expect_found(kU32, std::vector<u64>(70'000, value), kThree);
    expect_found(kI32, std::vector<u64>(70'000, value), kMedian);
  }
  Random random(5);
  std::vector<u64> heavy(70'000);
  for (u64& value : heavy) value = random() % 50 == 0 ? random() : 1'000;
  expect_found(kU32, heavy, kMany);
  constexpr float kOdd[] = {std::numeric_limits<float>::quiet_NaN(),
                            std::numeric_limits<float>::infinity(),
                            -std::numeric_limits<float>::infinity(),
                            -0.0f,
                            0.0f,
                            1.0f};
  for (u64& value : heavy) value = std::bit_cast<u32>(kOdd[random() % 6]);
  expect_found(kF32, heavy, kMany);
}

TEST_P(QuantilesTest, ReadsNarrowCodesLessOften) {
  Random random(6);
  std::vector<u64> values(30'000);
  for (u64& value : values) value = random() % 65'536;
  for (const u32 end_bit : {16u, 17u, 31u, 32u}) {
    expect_found(kU32, values, kThree, false, end_bit);
    expect_found(kU32, values, kMedian, false, end_bit);
    expect_found(kU64, values, kMedian, false, end_bit + 9);
  }
}

TEST_P(QuantilesTest, FindsThemBySamples) {
  bool flip = false;
  for (const ElementType type : {kU32, kF32, kI64}) {
    for (const u32 size : boundary_sizes(70'000)) {
      SCOPED_TRACE(fmt::format("{} elements of type {}", size, static_cast<int>(type)));
      flip = !flip;
      Random random(size);
      std::vector<u64> values(size);
      for (u64& value : values) {
        value = is_wide(type) ? join_words(random(), random()) : random() & 0x7f7fffffu;
      }
      expect_found(type, values, kThree, flip, 0, 4);
      expect_found(type, values, kMedian, !flip, 0, 16);
    }
  }
  Random random(7);
  std::vector<u64> values(100'000);
  for (u64& value : values) value = random() % 65'536;
  for (const u32 stride : {1u, 3u, 8u, 99'999u % 65'536u}) {
    expect_found(kU32, values, kMany, stride % 2 == 0, 16, stride);
  }
}

TEST_P(QuantilesTest, FindsThemBySamplesInAnyOrder) {
  constexpr u32 kSize = 150'001;
  std::vector<u64> values(kSize);
  const auto expect = [&] {
    expect_found(kU32, values, kMany, false, 0, 8);
    expect_found(kU32, values, kMedian, true, 0, 8);
    expect_found(kI32, values, kThree, true, 0, 8);
  };
  std::ranges::fill(values, 77);
  expect();
  for (u32 i = 0; i < kSize; ++i) values[i] = i;
  expect();
  for (u32 i = 0; i < kSize; ++i) values[i] = 0xffffffffu - i;
  expect();
  Random random(8);
  for (u64& value : values) value = random() % 3 * 1'000;
  expect();
  // One value of half of all elements, and others on both sides of it.
  for (u64& value : values) value = random() % 2 == 0 ? 1'000'000 : random() % 2'000'000;
  expect();
}

// Where samples.wgsl takes the sample of this number.
u32 sampled_row(u32 number, u32 stride) {
  u32 bits = (number ^ (number >> 16)) * 0x85ebca6bu;
  bits = (bits ^ (bits >> 13)) * 0xc2b2ae35u;
  return number * stride + (bits ^ (bits >> 16)) % stride;
}

TEST_P(QuantilesTest, FindsThemWhateverTheSampleSays) {
  constexpr u32 kSize = 80'000, kStride = 10;
  Random random(9);
  std::vector<u64> values(kSize);
  for (const u32 sampled : {0u, 3'000u, 5'000u, 0xffffffffu}) {
    for (u64& value : values) value = random() % 6'000;
    for (u32 i = 0; i < kSize / kStride; ++i) values[sampled_row(i, kStride)] = sampled;
    expect_found(kU32, values, kMany, true, 0, kStride);
    expect_found(kU32, values, kMedian, false, 0, kStride);
    // More between the ends than there is room for.
    for (u32 i = 0; i < kSize / kStride; ++i) values[sampled_row(i, kStride)] = i % 2 == 0 ? 0u : sampled;
    expect_found(kU32, values, kMedian, true, 0, kStride);
  }
}

TEST_P(QuantilesTest, FindsThemInRandomCases) {
  const u32 seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  Random random(seed);
  for (int i = 0; i < 40; ++i) {
    const u32 size = random() % (u32{1} << (random() % 18)), most = 1 + random() % 100'000;
    std::vector<u64> values(size);
    for (u64& value : values) value = random() % most;
    std::vector<Quantile> list(1 + random() % 11);
    for (Quantile& quantile : list) {
      quantile.denominator = 1 + random() % 0x7ffffffeu;
      quantile.numerator = random() % (quantile.denominator + 1);
    }
    SCOPED_TRACE(fmt::format("case {}: {} elements, {} quantiles", i, size, list.size()));
    expect_found(kU32, values, list, i % 2 == 0, 0, i % 3 == 0 ? 0 : 1 + random() % 100);
  }
}

TEST_P(QuantilesTest, RefusesSharesThatAreNone) {
  const gpu::View values = untouched(100), result = untouched(100);
  constexpr Quantile kAboveAll[] = {{3, 2}};
  EXPECT_EQ(refusal([&](gpu::Frame& frame) {
              return quantiles(frame, {.values = values, .count = 5, .quantiles = kAboveAll, .result = result});
            }),
            "`quantiles` has one that is no share from 0 to 1, or whose denominator is 2^31 or more. Give it a "
            "numerator not above the denominator. (argument of quantiles)");
}

INSTANTIATE_TEST_SUITE_P(Tiers, QuantilesTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
