// Random words against Philox's published answers and the CPU twin; sampling rows by them; both tiers.
#include "primitives/random/random.h"

#include <algorithm>
#include <bit>

#include "primitives/primitive_test.h"
#include "primitives/random/random_reference.h"
#include "primitives/top_k/top_k.h"

namespace shoal::primitives {
namespace {

// The known-answer tests that come with Random123.
TEST(Philox, GivesThePublishedAnswers) {
  constexpr u32 kOnes = 0xffffffffu;
  EXPECT_EQ(philox_reference({0, 0, 0, 0}, {0, 0}),
            (std::array<u32, 4>{0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u}));
  EXPECT_EQ(philox_reference({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}),
            (std::array<u32, 4>{0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu}));
  EXPECT_EQ(philox_reference({0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u}, {0xa4093822u, 0x299f31d0u}),
            (std::array<u32, 4>{0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u}));
}

class RandomNumbersTest : public PrimitiveTest {};

TEST_P(RandomNumbersTest, MakesAnyOfThem) {
  wait_until([&] { return prepare_random_numbers(device()); });
  for (const u32 size : boundary_sizes(20'000)) {
    for (const bool are_floats : {false, true}) {
      SCOPED_TRACE(fmt::format("{} words, floats {}", size, are_floats));
      const u64 seed = 0x123456789abcdef0u + size, stream = 7, first = 0xfffffff0u;
      const gpu::View result = untouched(size);
      run([&](gpu::Frame& frame) {
        return random_numbers(frame, {.seed = seed,
                                      .stream = stream,
                                      .first_quad = first,
                                      .are_floats = are_floats,
                                      .count = count_of(size, are_floats),
                                      .result = result});
      });
      std::vector<u64> wanted;
      for (u32 i = 0; i < size; ++i) {
        const u64 quad = first + i / 4;
        const u32 word = philox_reference({low_word(quad), high_word(quad), low_word(stream), high_word(stream)},
                                          {low_word(seed), high_word(seed)})[i % 4];
        wanted.push_back(are_floats ? std::bit_cast<u32>(static_cast<float>(word >> 8) * 0x1p-24f) : word);
      }
      EXPECT_EQ(elements_of(download(result), size, false), wanted);
    }
  }
}

TEST_P(RandomNumbersTest, SampleRowsUniformly) {
  constexpr u32 kRows = 50'000, kSampled = 5'000;
  wait_until([&] { return prepare_random_numbers(device()); });
  wait_until([&] { return prepare_top_k(device(), {}); });
  const gpu::View words = untouched(kRows), lowest = untouched(kSampled), rows = untouched(kSampled),
                  sampled = untouched(1);
  run([&](gpu::Frame& frame) -> Result<void> {
    SHOAL_TRY(random_numbers(frame, {.seed = 3, .count = kRows, .result = words}));
    return bottom_k(
        frame,
        {.values = words, .count = kRows, .k = kSampled, .result = lowest, .rows = rows, .result_count = sampled});
  });
  std::vector<u64> found = elements_of(download(rows), kSampled, false);
  std::ranges::sort(found);
  EXPECT_EQ(std::ranges::adjacent_find(found), found.end());
  // Each tenth of the rows holds about a tenth of the sample: 500 with a deviation of 20.
  for (u64 tenth = 0; tenth < 10; ++tenth) {
    const auto inside = std::ranges::count_if(found, [&](u64 row) { return row / (kRows / 10) == tenth; });
    EXPECT_NEAR(static_cast<double>(inside), 500, 100) << tenth;
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, RandomNumbersTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
