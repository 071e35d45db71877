// Sort against its CPU twin: every type, order and range of bits, every boundary, both tiers.
#include "primitives/sort/sort.h"

#include <bit>
#include <limits>

#include "primitives/primitive_test.h"
#include "primitives/sort/sort_reference.h"
#include "primitives/sort/sort_tuning.h"

namespace shoal::primitives {
namespace {

using enum ElementType;

enum class Spread { kConstant, kRising, kFalling, kRandom, kFewDistinct, kHeavyKey };

std::vector<u64> keys_of(ElementType type, size_t size, Spread spread, u32 seed) {
  Random random(seed);
  std::vector<u64> keys(size);
  for (size_t i = 0; i < size; ++i) {
    u64 key = join_words(random(), random());
    switch (spread) {
      case Spread::kConstant: key = 0x1234567890abcdefu; break;
      case Spread::kRising: key = i * 977; break;
      case Spread::kFalling: key = (size - i) * 977; break;
      case Spread::kRandom: break;
      case Spread::kFewDistinct: key = (key % 5) << 29; break;
      case Spread::kHeavyKey: key = random() % 10 == 0 ? key : 77; break;
    }
    if (type == kF32 && random() % 8 == 0) {
      const float odd[] = {std::numeric_limits<float>::quiet_NaN(),
                           -std::numeric_limits<float>::quiet_NaN(),
                           std::numeric_limits<float>::infinity(),
                           -std::numeric_limits<float>::infinity(),
                           -0.0f,
                           0.0f,
                           std::numeric_limits<float>::denorm_min()};
      key = std::bit_cast<u32>(odd[random() % 7]);
    }
    keys[i] = is_wide(type) ? key : low_word(key);
  }
  return keys;
}

struct Case {
  SortOrder order;
  bool has_values = true, count_on_gpu = false;
};

class SortTest : public PrimitiveTest {
 protected:
  void expect_sorted(const Case& test, std::span<const u64> keys) {
    const ElementType type = test.order.type;
    const bool wide = is_wide(type);
    const SortOptions options{.type = type, .has_values = test.has_values};
    wait_until([&] { return prepare_sort(device(), options); });
    const u32 size = static_cast<u32>(keys.size());
    std::vector<u32> rows(size);
    std::iota(rows.begin(), rows.end(), 0u);
    const gpu::View sorted_keys = untouched(u64{size} * (wide ? 2 : 1)), sorted_values = untouched(size);
    const Sort args{.options = options,
                    .keys = upload(keys, wide),
                    .count = count_of(size, test.count_on_gpu),
                    .sorted_keys = sorted_keys,
                    .values = upload(rows),
                    .sorted_values = sorted_values,
                    .is_descending = test.order.is_descending,
                    .begin_bit = test.order.begin_bit,
                    .end_bit = test.order.end_bit};
    run([&](gpu::Frame& frame) { return sort(frame, args); });
    const std::vector<u32> wanted = sort_reference(keys, test.order);
    const std::vector<u64> got = elements_of(download(sorted_keys), size, wide);
    for (size_t i = 0; i < size; ++i) ASSERT_EQ(got[i], keys[wanted[i]]) << "key " << i;
    if (!test.has_values) return;
    EXPECT_EQ(elements_of(download(sorted_values), size, false), std::vector<u64>(wanted.begin(), wanted.end()));
  }
};

TEST_P(SortTest, SortsEverySize) {
  bool flip = false;
  for (const ElementType type : {kU32, kU64}) {
    for (const u32 size : boundary_sizes(70'000)) {
      SCOPED_TRACE(fmt::format("{} keys of type {}", size, static_cast<int>(type)));
      flip = !flip;
      expect_sorted({.order = {.type = type}, .has_values = flip, .count_on_gpu = type == kU64},
                    keys_of(type, size, Spread::kRandom, size));
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(SortTest, SortsEveryTypeAndSpreadBothWays) {
  using enum Spread;
  for (const ElementType type : {kU32, kI32, kF32, kU64, kI64}) {
    for (const Spread spread : {kConstant, kRising, kFalling, kRandom, kFewDistinct, kHeavyKey}) {
      for (const bool is_descending : {false, true}) {
        SCOPED_TRACE(fmt::format("type {}, spread {}, descending {}", static_cast<int>(type),
                                 static_cast<int>(spread), is_descending));
        expect_sorted({.order = {.type = type, .is_descending = is_descending}, .count_on_gpu = is_descending},
                      keys_of(type, 9'011, spread, 3));
        if (HasFatalFailure()) return;
      }
    }
  }
}

TEST_P(SortTest, SortsByAnyBits) {
  for (const auto& [begin, end] : {std::pair{0u, 1u}, {31u, 32u}, {3u, 14u}, {5u, 29u}, {24u, 32u}, {1u, 32u}}) {
    SCOPED_TRACE(fmt::format("bits {} to {}", begin, end));
    expect_sorted({.order = {.type = kU32, .begin_bit = begin, .end_bit = end}},
                  keys_of(kU32, 5'000, Spread::kRandom, 1));
  }
  for (const auto& [begin, end] : {std::pair{30u, 37u}, {63u, 64u}, {0u, 33u}, {32u, 64u}, {29u, 49u}}) {
    SCOPED_TRACE(fmt::format("bits {} to {} of 64", begin, end));
    expect_sorted({.order = {.type = kI64, .is_descending = true, .begin_bit = begin, .end_bit = end}},
                  keys_of(kI64, 5'000, Spread::kRandom, 1));
  }
}

TEST_P(SortTest, SortsRandomCases) {
  const u32 seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  Random random(seed);
  for (int i = 0; i < 40; ++i) {
    const Case test{.order = {.type = static_cast<ElementType>(random() % 5), .is_descending = random() % 2 == 0},
                    .has_values = random() % 2 == 0,
                    .count_on_gpu = random() % 2 == 0};
    const u32 size = random() % (u32{1} << (random() % 18));
    SCOPED_TRACE(fmt::format("case {}: {} keys of type {}", i, size, static_cast<int>(test.order.type)));
    expect_sorted(test, keys_of(test.order.type, size, static_cast<Spread>(random() % 6), random()));
    if (HasFatalFailure()) return;
  }
}

TEST_P(SortTest, SortsMillions) {
  expect_sorted({.order = {.type = kU32}}, keys_of(kU32, (size_t{1} << 22) + 1, Spread::kRandom, 1));
}

TEST_P(SortTest, UsesGridsOfTwoDimensions) {
  device().capabilities.limits.max_workgroups_per_dimension = 300;
  for (const bool on_gpu : {false, true}) {
    expect_sorted({.order = {.type = kU32}, .count_on_gpu = on_gpu}, keys_of(kU32, 1'500'000, Spread::kRandom, 1));
  }
}

TEST_P(SortTest, CreatesNothingInASteadyFrame) {
  const SortOptions options;
  wait_until([&] { return prepare_sort(device(), options); });
  const gpu::View keys = upload(std::vector<u32>(10'000, 1)), sorted_keys = untouched(10'000);
  for (const bool on_gpu : {false, true}) {
    const gpu::Count count = count_of(10'000, on_gpu);
    EXPECT_EQ(creations_of_second([&](gpu::Frame& frame) {
                return sort(frame, {.options = options, .keys = keys, .count = count, .sorted_keys = sorted_keys});
              }),
              std::vector<std::string>{});
  }
}

TEST_P(SortTest, RefusesBitsThatAreNone) {
  const gpu::View a = untouched(100), b = untouched(100);
  for (const auto& [begin, end] : {std::pair{8u, 8u}, {9u, 8u}, {0u, 33u}}) {
    EXPECT_EQ(
        refusal([&](gpu::Frame& frame) {
          return sort(frame, {.keys = a, .count = 5, .sorted_keys = b, .begin_bit = begin, .end_bit = end});
        }),
        "`begin_bit` and `end_bit` enclose no bits of a key. Let begin_bit be below end_bit, and that not above "
        "the bits of the type. (argument of sort)");
  }
}

// The form for GPUs, on an adapter that is said to be one. A driver in software takes seconds for each variant, so
// few are taken: what types, values and barriers change in the kernel does not depend on each other.
class StagedSortTest : public SortTest {
 protected:
  void SetUp() override {
    SortTest::SetUp();
    if (HasFatalFailure()) return;
    device().capabilities.type = gpu::AdapterType::kDiscrete;
    device().capabilities.features.subgroup_min_size = 4;  // llvmpipe's where vectors are shortest
  }

  void expect_sorted_both_ways(ElementType type, bool has_values) {
    using enum Spread;
    for (const Spread spread : {kConstant, kFalling, kRandom, kHeavyKey}) {
      for (const bool is_descending : {false, true}) {
        SCOPED_TRACE(fmt::format("type {}, spread {}, descending {}", static_cast<int>(type),
                                 static_cast<int>(spread), is_descending));
        expect_sorted({.order = {.type = type, .is_descending = is_descending},
                       .has_values = has_values,
                       .count_on_gpu = is_descending},
                      keys_of(type, 9'011, spread, 3));
        if (HasFatalFailure()) return;
      }
    }
  }
};

TEST_P(StagedSortTest, SortsEveryTypeBothWays) {
  ASSERT_TRUE(sort_tuning(device().capabilities).is_staged);
  for (const ElementType type : {kU32, kI32}) expect_sorted_both_ways(type, false);
  for (const ElementType type : {kF32, kU64, kI64}) expect_sorted_both_ways(type, true);
}

TEST_P(StagedSortTest, SortsWithoutBarriersWhereSubgroupsAreInStep) {
  device().capabilities.name = "NVIDIA's";
  ASSERT_TRUE(sort_tuning(device().capabilities).is_lockstep);
  expect_sorted_both_ways(kU32, true);
}

TEST_P(StagedSortTest, SortsAroundItsTilesAndChunks) {
  const SortTuning tuning = sort_tuning(device().capabilities);
  for (const ElementType type : {kU32, kI64}) {
    const u32 tile = tuning.tile_keys(is_wide(type)), chunk = tile * 128;
    for (const u32 size : {0u, 1u, 33u, tile - 1, tile, tile + 1, 3 * tile, chunk - 1, chunk, chunk + 1}) {
      SCOPED_TRACE(fmt::format("{} keys of type {}", size, static_cast<int>(type)));
      expect_sorted({.order = {.type = type}, .has_values = is_wide(type), .count_on_gpu = size < 2 * tile},
                    keys_of(type, size, Spread::kRandom, size));
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(StagedSortTest, SortsByAnyBits) {
  for (const bool is_descending : {false, true}) {
    for (const auto& [begin, end] : {std::pair{0u, 1u}, {31u, 32u}, {3u, 14u}, {5u, 29u}, {23u, 31u}, {24u, 32u}}) {
      SCOPED_TRACE(fmt::format("bits {} to {}, descending {}", begin, end, is_descending));
      expect_sorted({.order = {.type = kF32, .is_descending = is_descending, .begin_bit = begin, .end_bit = end}},
                    keys_of(kF32, 5'000, Spread::kRandom, 1));
    }
    expect_sorted({.order = {.type = kI64, .is_descending = is_descending, .begin_bit = 29, .end_bit = 49}},
                  keys_of(kI64, 5'000, Spread::kRandom, 1));
  }
}

// Tiles are staged on GPUs that have subgroups and memory for it, in workgroups of 16 subgroups where they may be.
TEST(SortTuning, GoesByTheAdapter) {
  gpu::Capabilities gpu;
  gpu.name = "NVIDIA H100";
  gpu.type = gpu::AdapterType::kDiscrete;
  EXPECT_FALSE(sort_tuning(gpu).is_staged);
  EXPECT_EQ(sort_tuning(gpu).digit_bits, 4u);
  gpu.features.subgroups = true;
  gpu.features.subgroup_min_size = 32;
  EXPECT_FALSE(sort_tuning(gpu).is_staged) << "with WebGPU's 16 KiB";
  gpu.limits.max_workgroup_storage_bytes = 32'768;
  EXPECT_TRUE(sort_tuning(gpu).is_staged && sort_tuning(gpu).is_lockstep);
  EXPECT_EQ(sort_tuning(gpu).lanes, 256u);
  gpu.name = "another";
  gpu.features.subgroup_min_size = 0;
  EXPECT_TRUE(sort_tuning(gpu).is_staged && !sort_tuning(gpu).is_lockstep);
  EXPECT_EQ(sort_tuning(gpu).lanes, 128u);
  EXPECT_EQ(sort_tuning(gpu).least_team_lanes, 8u);
  for (const auto type : {gpu::AdapterType::kSoftware, gpu::AdapterType::kUnknown}) {
    gpu.type = type;
    EXPECT_FALSE(sort_tuning(gpu).is_staged);
  }
}

INSTANTIATE_TEST_SUITE_P(Full, StagedSortTest, testing::Values(gpu::Tier::kFull));
INSTANTIATE_TEST_SUITE_P(Tiers, SortTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
