// Top-k and bottom-k against their CPU twin: every type, ties, k from one to more than there is, both tiers.
#include "primitives/top_k/top_k.h"

#include "primitives/primitive_test.h"
#include "primitives/top_k/top_k_reference.h"

namespace shoal::primitives {
namespace {

using enum ElementType;

class TopKTest : public PrimitiveTest {
 protected:
  void expect_found(ElementType type, std::span<const u64> values, u32 k, bool is_largest, bool count_on_gpu,
                    u32 end_bit = 0, u32 sample_stride = 0) {
    const bool wide = is_wide(type);
    const TopKOptions options{.type = type};
    wait_until([&] { return prepare_top_k(device(), options); });
    const gpu::View result = untouched(u64{k} * (wide ? 2 : 1)), rows = untouched(k), result_count = untouched(1);
    const TopK args{.options = options,
                    .values = upload(values, wide),
                    .count = count_of(static_cast<u32>(values.size()), count_on_gpu),
                    .k = k,
                    .result = result,
                    .rows = rows,
                    .result_count = result_count,
                    .end_bit = end_bit,
                    .sample_stride = sample_stride};
    run([&](gpu::Frame& frame) { return is_largest ? top_k(frame, args) : bottom_k(frame, args); });
    const std::vector<u32> wanted = top_k_reference(values, type, k, is_largest);
    ASSERT_EQ(elements_of(download(result_count), 1, false)[0], wanted.size());
    EXPECT_EQ(elements_of(download(rows), wanted.size(), false), std::vector<u64>(wanted.begin(), wanted.end()));
    std::vector<u64> wanted_values;
    for (const u32 row : wanted) wanted_values.push_back(values[row]);
    EXPECT_EQ(elements_of(download(result), wanted.size(), wide), wanted_values);
  }

  static std::vector<u64> random_values(ElementType type, u32 size, u32 distinct, u32 seed) {
    Random random(seed);
    std::vector<u64> values(size);
    for (u64& value : values) {
      const u32 low = random();
      value = is_wide(type) ? join_words(low, random() % distinct) : distinct == 0xffffffffu ? low : low % distinct;
    }
    return values;
  }
};

TEST_P(TopKTest, FindsThemAtEverySize) {
  bool flip = false;
  for (const ElementType type : {kU32, kI32, kF32, kU64, kI64}) {
    for (const u32 size : boundary_sizes(20'000)) {
      SCOPED_TRACE(fmt::format("{} elements of type {}", size, static_cast<int>(type)));
      flip = !flip;
      expect_found(type, random_values(type, size, 0xffffffffu, size), 10, flip, size % 2 == 0);
      expect_found(type, random_values(type, size, 5, size), 100, !flip, size % 2 == 1);
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(TopKTest, FindsFewAndMany) {
  for (const u32 k : {1u, 2u, 4'095u, 4'096u, 4'097u, 65'536u}) {
    SCOPED_TRACE(fmt::format("k {}", k));
    expect_found(kF32, random_values(kF32, 70'003, 0xffffffffu, k), k, true, false);
    expect_found(kU32, random_values(kU32, 70'003, 3, k), k, false, true);
  }
  expect_found(kU32, random_values(kU32, 1'000, 20, 1), 65'536, true, false);
}

TEST_P(TopKTest, FindsThemAmongNarrowCodes) {
  for (const u32 end_bit : {5u, 11u, 16u, 32u}) {
    for (const bool is_largest : {false, true}) {
      expect_found(kU32, random_values(kU32, 30'000, 1u << (end_bit % 17), 2), 77, is_largest, false, end_bit);
    }
  }
}

TEST_P(TopKTest, FindsThemBySamples) {
  bool flip = false;
  for (const ElementType type : {kU32, kF32, kI64}) {
    for (const u32 size : boundary_sizes(20'000)) {
      SCOPED_TRACE(fmt::format("{} elements of type {}", size, static_cast<int>(type)));
      flip = !flip;
      expect_found(type, random_values(type, size, 0xffffffffu, size), 10, flip, size % 2 == 0, 0, 7);
      // So many equals that there is no room for all.
      expect_found(type, random_values(type, size, 2, size), 100, !flip, size % 2 == 1, 0, 64);
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(TopKTest, FindsThemBySamplesInAnyOrder) {
  constexpr u32 kSize = 100'001;
  std::vector<u64> values(kSize);
  const auto expect = [&](u32 k) {
    for (const bool is_largest : {false, true}) expect_found(kU32, values, k, is_largest, k % 2 == 0, 0, 16);
  };
  for (const u32 k : {1u, 100u, 4'001u}) {
    SCOPED_TRACE(fmt::format("k {}", k));
    std::ranges::fill(values, 7);
    expect(k);
    for (u32 i = 0; i < kSize; ++i) values[i] = i;
    expect(k);
    for (u32 i = 0; i < kSize; ++i) values[i] = kSize - i;
    expect(k);
    // Largest and smallest lie where one strip ends and the next begins.
    for (u32 i = 0; i < kSize; ++i) values[i] = i % 4'096 >= 4'094 ? 1'000'000 - i : i % 4'096 < 2 ? i : 500'000;
    expect(k);
  }
}

TEST_P(TopKTest, FindsThemAmongMillions) {
  expect_found(kF32, random_values(kF32, (1 << 20) + 1, 0xffffffffu, 1), 65'536, false, false);
  expect_found(kU32, random_values(kU32, (1 << 21) + 1, 0xffffffffu, 1), 1'000, true, true);
}

TEST_P(TopKTest, RefusesTooMany) {
  const gpu::View values = untouched(100), result = untouched(100), rows = untouched(100), count = untouched(1);
  const auto why = [&](const TopK& args) { return refusal([&](gpu::Frame& frame) { return top_k(frame, args); }); };
  EXPECT_EQ(why({.values = values, .count = 9, .k = 65'537, .result = result, .rows = rows, .result_count = count}),
            "`k` is not from 1 to 65,536. Ask for as many; sort gives all. (argument of top_k)");
  EXPECT_EQ(why({.options = {.type = kI32},
                 .values = values,
                 .count = 9,
                 .result = result,
                 .rows = rows,
                 .result_count = count,
                 .end_bit = 5}),
            "`end_bit` is above the bits of the type, or the type is not unsigned. Give it 0, or the bits that "
            "unsigned elements use. (argument of top_k)");
}

INSTANTIATE_TEST_SUITE_P(Tiers, TopKTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
