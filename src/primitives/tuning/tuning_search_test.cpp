// Which row a search advises, from made-up times of turns.
#include "primitives/tuning/tuning_search.h"

#include <array>

#include <gtest/gtest.h>

namespace shoal::primitives {
namespace {

constexpr TuningRow kCurrent{Tunable::kReduce, AdapterClass::kGpu, {16, 0}};
constexpr TuningRow kOther{Tunable::kReduce, AdapterClass::kGpu, {64, 0}};
constexpr TuningRow kThird{Tunable::kReduce, AdapterClass::kGpu, {256, 0}};

// Times of the current row, the other and the third, in ms.
using Turns = std::vector<std::vector<double>>;

TuningSearch search_of(std::span<const Turns> benches, bool is_other_right = true) {
  TuningSearch search{.current = kCurrent, .candidates = {{.row = kCurrent}, {.row = kOther}, {.row = kThird}}};
  search.candidates[1].is_right = is_other_right;
  for (const Turns& turns : benches) {
    const auto ratios = gpu::form_ratios(turns);
    for (size_t i = 0; i < ratios.size(); ++i) search.candidates[i].benches.emplace_back("reduce", ratios[i]);
  }
  search.rank();
  return search;
}

// Turns that are disturbed by up to a tenth, where the rows take these shares of the current one's time.
Turns turns_of(double other, double third) {
  constexpr std::array kDisturbed = {1.0,  1.1, 0.95, 1.05, 0.92, 1.08, 1.0, 0.97,
                                     1.03, 0.9, 1.06, 0.94, 1.02, 0.98, 1.1};
  Turns turns;
  for (size_t i = 0; i < kDisturbed.size(); ++i) {
    const double now = kDisturbed[i], later = kDisturbed[(i * 7 + 3) % kDisturbed.size()];
    turns.push_back({2 * now, 2 * other * later, 2 * third * later});
  }
  return turns;
}

TEST(TuningSearch, KeepsTheRowThatCountsWhereNoneIsFasterBeyondTheNoise) {
  const Turns benches[] = {turns_of(0.98, 1.02)};
  const TuningSearch search = search_of(benches);
  EXPECT_EQ(search.candidates.front().row, kOther) << "the fastest, by a difference that the turns do not show";
  EXPECT_GT(search.candidates.front().ratio.median, 1);
  EXPECT_LT(search.candidates.front().ratio.low, 1);
  EXPECT_EQ(search.best().row, kCurrent);
}

TEST(TuningSearch, AdvisesARowThatIsFasterBeyondTheNoise) {
  const Turns benches[] = {turns_of(0.7, 0.6)};
  const TuningSearch search = search_of(benches);
  EXPECT_EQ(search.best().row, kThird);
  EXPECT_GT(search.best().ratio.low, 1.3);
}

TEST(TuningSearch, TakesTheSlowerOfTwoWhereTheFasterIsWrong) {
  const Turns benches[] = {turns_of(0.5, 0.7)};
  EXPECT_EQ(search_of(benches, false).best().row, kThird);
  const Turns none[] = {turns_of(0.5, 1)};
  EXPECT_EQ(search_of(none, false).best().row, kCurrent);
}

TEST(TuningSearch, WeighsWhatOneBenchmarkGainsAgainstWhatAnotherLoses) {
  const Turns gains[] = {turns_of(0.8, 1), turns_of(0.8, 1)};
  EXPECT_EQ(search_of(gains).best().row, kOther);
  const Turns both[] = {turns_of(0.8, 1), turns_of(1.25, 1)};
  EXPECT_EQ(search_of(both).best().row, kCurrent);
}

// Three turns hold the median with less than 95 %: their least and most count.
TEST(TuningSearch, TakesTheLeastAndTheMostOfFewTurns) {
  const Turns few[] = {{{2, 1, 2}, {2, 1, 2}, {2, 2.1, 2}}};
  const TuningSearch search = search_of(few);
  EXPECT_NEAR(search.candidates.front().ratio.median, 2, 1e-9);
  EXPECT_EQ(search.best().row, kCurrent);
}

}  // namespace
}  // namespace shoal::primitives
