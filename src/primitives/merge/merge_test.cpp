// Merge against the standard library's: every type, both orders, ties that values tell apart, arrays of none.
#include "primitives/merge/merge.h"

#include <algorithm>

#include "primitives/primitive_test.h"
#include "primitives/sort/sort_reference.h"

namespace shoal::primitives {
namespace {

using enum ElementType;

struct Keyed {
  u64 key;
  u32 value;
};

class MergeTest : public PrimitiveTest {
 protected:
  struct Case {
    ElementType type = kU32;
    bool is_descending = false, has_values = true;
    u32 distinct = 0xffffffffu;
  };

  void expect_merged(const Case& test, u32 a_count, u32 b_count, u32 seed) {
    Random random(seed);
    const bool wide = is_wide(test.type);
    const auto image = [&](const Keyed& keyed) {
      const u64 rising = ordered_image(keyed.key, test.type);
      return test.is_descending ? ~rising : rising;
    };
    const auto sorted = [&](u32 count, u32 first_value) {
      std::vector<Keyed> list(count);
      for (u32 i = 0; i < count; ++i) {
        const u32 word = random() % test.distinct;
        list[i] = {wide ? join_words(random() % 2, word) : word, 0};
      }
      std::ranges::sort(list, {}, image);
      for (u32 i = 0; i < count; ++i) list[i].value = first_value + i;
      return list;
    };
    const std::vector<Keyed> a = sorted(a_count, 0), b = sorted(b_count, 1u << 30);
    std::vector<Keyed> wanted;
    std::ranges::merge(a, b, std::back_inserter(wanted), {}, image, image);
    const auto keys_of = [](const std::vector<Keyed>& list) {
      std::vector<u64> keys;
      for (const Keyed& keyed : list) keys.push_back(keyed.key);
      return keys;
    };
    const auto values_of = [](const std::vector<Keyed>& list) {
      std::vector<u64> values;
      for (const Keyed& keyed : list) values.push_back(keyed.value);
      return values;
    };
    const MergeOptions options{.type = test.type, .has_values = test.has_values};
    wait_until([&] { return prepare_merge(device(), options); });
    const gpu::View merged_keys = untouched(wanted.size() * (wide ? 2 : 1)),
                    merged_values = untouched(wanted.size());
    run([&](gpu::Frame& frame) {
      return merge(frame, {.options = options,
                           .a_keys = upload(keys_of(a), wide),
                           .b_keys = upload(keys_of(b), wide),
                           .a_count = a_count,
                           .b_count = b_count,
                           .merged_keys = merged_keys,
                           .a_values = upload(values_of(a), false),
                           .b_values = upload(values_of(b), false),
                           .merged_values = merged_values,
                           .is_descending = test.is_descending});
    });
    EXPECT_EQ(elements_of(download(merged_keys), wanted.size(), wide), keys_of(wanted));
    if (test.has_values) {
      EXPECT_EQ(elements_of(download(merged_values), wanted.size(), false), values_of(wanted));
    }
  }
};

TEST_P(MergeTest, MergesEverySize) {
  for (const u32 size : boundary_sizes(5'000)) {
    for (const u32 other : {0u, 1u, 1'023u, 2'000u}) {
      SCOPED_TRACE(fmt::format("{} and {} keys", size, other));
      expect_merged({.distinct = 500}, size, other, size);
      expect_merged({.type = kI64, .is_descending = true}, other, size, size);
      if (HasFailure()) return;
    }
  }
}

TEST_P(MergeTest, MergesEveryType) {
  for (const ElementType type : {kU32, kI32, kF32, kU64, kI64}) {
    for (const bool is_descending : {false, true}) {
      for (const u32 distinct : {1u, 7u, 0xffffffffu}) {
        SCOPED_TRACE(fmt::format("type {}, {} distinct", static_cast<int>(type), distinct));
        expect_merged({type, is_descending, distinct != 7, distinct}, 20'011, 9'973, distinct);
      }
    }
  }
}

TEST_P(MergeTest, MergesRandomCases) {
  const u32 seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  Random random(seed);
  for (int i = 0; i < 40; ++i) {
    const u32 a = random() % (u32{1} << (random() % 17)), b = random() % (u32{1} << (random() % 17));
    SCOPED_TRACE(fmt::format("case {}: {} and {} keys", i, a, b));
    expect_merged({.has_values = i % 2 == 0, .distinct = 1 + random() % 100'000}, a, b, random());
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, MergeTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
