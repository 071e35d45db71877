// Samples of rows against Philox on the CPU: their number, their order, ties, and how evenly they lie; both tiers.
#include "primitives/row_samples/row_samples.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "primitives/primitive_test.h"
#include "primitives/random/random_reference.h"

namespace shoal::primitives {
namespace {

std::vector<u32> words_of_rows(u64 seed, u64 stream, u32 rows) {
  std::vector<u32> words;
  for (u32 row = 0; row < rows; ++row) {
    words.push_back(philox_reference({row / 4, 0, low_word(stream), high_word(stream)},
                                     {low_word(seed), high_word(seed)})[row % 4]);
  }
  return words;
}

class RowSamplesTest : public PrimitiveTest {
 protected:
  std::vector<u64> sampled(u64 seed, u64 stream, u32 rows, u32 k, bool count_on_gpu) {
    wait_until([&] { return prepare_sample_rows(device()); });
    const gpu::View result = untouched(k), result_count = untouched(1);
    run([&](gpu::Frame& frame) {
      return sample_rows(frame, {.seed = seed,
                                 .stream = stream,
                                 .count = count_of(rows, count_on_gpu),
                                 .k = k,
                                 .words = untouched(rows),
                                 .rows = result,
                                 .result_count = result_count});
    });
    const u32 found = std::min(k, rows);
    EXPECT_EQ(elements_of(download(result_count), 1, false), std::vector<u64>{found});
    return elements_of(download(result), found, false);
  }

  std::vector<u64> drawn(u64 seed, u64 stream, u32 rows, float chance, bool count_on_gpu) {
    wait_until([&] { return prepare_bernoulli_rows(device()); });
    const gpu::View result = untouched(rows), result_count = untouched(1);
    run([&](gpu::Frame& frame) {
      return bernoulli_rows(frame, {.seed = seed,
                                    .stream = stream,
                                    .chance = chance,
                                    .count = count_of(rows, count_on_gpu),
                                    .bits = untouched(divide_round_up(rows, 32u)),
                                    .rows = result,
                                    .result_count = result_count});
    });
    return elements_of(download(result), download(result_count)[0], false);
  }
};

TEST_P(RowSamplesTest, TakesExactlySoManyOfEverySize) {
  bool flip = false;
  for (const u32 size : boundary_sizes(20'000)) {
    const std::vector<u32> words = words_of_rows(7 + size, u64{5} << 33, size);
    std::vector<u64> order(size);
    std::iota(order.begin(), order.end(), 0);
    std::ranges::sort(order, {}, [&](u64 row) { return std::pair(words[static_cast<size_t>(row)], row); });
    for (const u32 k : {1u, size / 3 + 1, std::max(size, 2u) - 1, size + 5}) {
      SCOPED_TRACE(fmt::format("{} of {} rows", k, size));
      flip = !flip;
      std::vector<u64> wanted(order.begin(), order.begin() + std::min(k, size));
      std::ranges::sort(wanted);
      EXPECT_EQ(sampled(7 + size, u64{5} << 33, size, k, flip), wanted);
      if (HasFailure()) return;
    }
  }
}

// Of 300,000 words eleven have an equal: with k at each of them its first row stays and its second goes.
TEST_P(RowSamplesTest, TakesTheFirstOfRowsWhoseWordsAreEqual) {
  constexpr u32 kRows = 300'000;
  const std::vector<u32> words = words_of_rows(1, 0, kRows);
  std::vector<u32> sorted = words;
  std::ranges::sort(sorted);
  const auto pair = std::ranges::adjacent_find(sorted);
  ASSERT_NE(pair, sorted.end());
  const u32 k = static_cast<u32>(pair - sorted.begin()) + 1;
  std::vector<u64> wanted;
  bool has_first = false;
  for (u32 row = 0; row < kRows; ++row) {
    if (words[row] < *pair || (words[row] == *pair && !has_first)) wanted.push_back(row);
    has_first |= words[row] == *pair;
  }
  EXPECT_EQ(wanted.size(), k);
  EXPECT_EQ(sampled(1, 0, kRows, k, false), wanted);
}

TEST_P(RowSamplesTest, DrawsEveryRowAlike) {
  bool flip = false;
  for (const u32 size : boundary_sizes(20'000)) {
    const std::vector<u32> words = words_of_rows(size, 3, size);
    for (const float chance : {0.0f, 0.01f, 0.5f, 0x0.fffffep0f, 1.0f}) {
      SCOPED_TRACE(fmt::format("{} of {} rows", chance, size));
      flip = !flip;
      std::vector<u64> wanted;
      for (u32 row = 0; row < size; ++row) {
        if (static_cast<double>(words[row]) < std::ldexp(double{chance}, 32)) wanted.push_back(row);
      }
      EXPECT_EQ(drawn(size, 3, size, chance, flip), wanted);
      if (HasFailure()) return;
    }
  }
}

TEST_P(RowSamplesTest, LiesEvenly) {
  constexpr u32 kRows = 50'000;
  const auto expect_even = [](const std::vector<u64>& rows) {
    for (u64 tenth = 0; tenth < 10; ++tenth) {
      const auto inside = std::ranges::count_if(rows, [&](u64 row) { return row / (kRows / 10) == tenth; });
      // A deviation is 21.
      EXPECT_NEAR(static_cast<double>(inside), 500, 100) << tenth;
    }
  };
  expect_even(sampled(3, 0, kRows, kRows / 10, false));
  expect_even(drawn(3, 1, kRows, 0.1f, false));
  EXPECT_NE(sampled(3, 0, 100, 10, false), sampled(4, 0, 100, 10, false));
  EXPECT_NE(sampled(3, 0, 100, 10, false), sampled(3, 1, 100, 10, false));
}

TEST_P(RowSamplesTest, RefusesWhatCannotBe) {
  const gpu::View words = untouched(100), rows = untouched(100), count = untouched(1);
  EXPECT_EQ(refusal([&](gpu::Frame& frame) {
              return sample_rows(frame, {.count = 5, .k = 0, .words = words, .rows = rows, .result_count = count});
            }),
            "`k` is 0. Ask for 1 row at least. (argument of sample_rows)");
  for (const float chance : {-0.1f, 1.1f, std::nanf("")}) {
    EXPECT_EQ(refusal([&](gpu::Frame& frame) {
                return bernoulli_rows(
                    frame, {.chance = chance, .count = 5, .bits = words, .rows = rows, .result_count = count});
              }),
              "`chance` is not from 0 to 1. Give such a share. (argument of bernoulli_rows)");
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, RowSamplesTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
