// Density against its CPU twin, at every boundary and in both tiers.
#include <random>

#include <gmock/gmock.h>

#include "primitives/array_points.kernel.h"
#include "primitives/array_points_layout.gen.h"
#include "primitives/density/density.kernel.h"
#include "primitives/density/density_layout.gen.h"
#include "primitives/density/density_reference.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

constexpr u32 kNoBlock = 0xffffffffu;

// Where there are subgroups, with runs of them merged and without.
class DensityTest : public PrimitiveTest {
 protected:
  // `groups_x`: how wide the grid of workgroups is.
  std::vector<u32> run(std::vector<u32> bins, u32 bin_count, u32 skipped_block = kNoBlock, u32 groups_x = 65'535,
                       u32 hidden_block = kNoBlock) {
    const PointParams points{
        .rows = static_cast<u32>(bins.size()), .skipped_block = skipped_block, .hidden_block = hidden_block};
    bins.push_back(0);  // past the end: must not count
    const gpu::View program_views[] = {upload_uniform(points), upload(bins)};
    const auto counts_of_form = [&](bool merges_runs) {
      const gpu::View counts{upload(std::vector<u32>(bin_count + 4, 0)).buffer, 0, u64{4} * (bin_count + 4)};
      run_form(program_views, {points.rows, bin_count, groups_x, merges_runs}, counts);
      return download(counts);
    };
    const std::vector<u32> counts = counts_of_form(false);
    if (device().capabilities.features.subgroups) {
      EXPECT_EQ(counts_of_form(true), counts) << "runs";
    }
    return counts;
  }

  struct Form {
    u32 rows = 0, bin_count = 0, groups_x = 0;
    bool merges_runs = false;
  };
  void run_form(std::span<const gpu::View> program_views, const Form& form, const gpu::View& counts) {
    const gpu::Kernel* kernel = density_of(form.merges_runs);
    const gpu::View kernel_views[] = {upload_uniform(DensityParams{.bin_count = form.bin_count}), counts};
    const auto group = [&](size_t index, std::span<const gpu::View> views) {
      return device().bind_groups.get(device().recorder, kernel->bind_group_layouts[index], "test", views);
    };
    const u32 groups[] = {group(0, kernel_views), group(1, program_views)},
              blocks = divide_round_up(form.rows, 4096u);
    PrimitiveTest::run([&](gpu::Frame& frame) -> Result<void> {
      if (blocks == 0) return {};
      frame.begin_pass("density", 0);
      frame.dispatch({.kernel = kernel,
                      .groups = groups,
                      .x = std::min(blocks, form.groups_x),
                      .y = divide_round_up(blocks, form.groups_x)});
      frame.end_pass();
      return {};
    });
  }

  const gpu::Kernel* density_of(bool merges_runs) {
    const auto& program = array_points_kernel().variant({});
    const std::string_view runs[] = {"runs"};
    const auto& variant = density_kernel().variant(std::span(runs).first(merges_runs ? 1 : 0));
    const gpu::Kernel* kernel = nullptr;
    wait_until([&]() -> Result<bool> {
      SHOAL_TRY_SET(kernel, device().kernels.get(device().recorder, {.kernel = &variant,
                                                                     .program = program.text,
                                                                     .program_bindings = program.bindings}));
      return kernel->is_ready();
    });
    return kernel;
  }
};

// Bins in runs and alone, and rows that have none, for every reason.
std::vector<u32> random_bins(size_t rows, u32 bin_count, u32 seed) {
  std::mt19937 random(seed);
  std::vector<u32> bins(rows);
  for (size_t row = 0; row < rows; ++row) {
    const u32 kind = static_cast<u32>(random() % 10);
    bins[row] = kind == 0             ? kRowFiltered
                : kind == 1           ? kRowNull
                : kind == 2           ? kRowOutside
                : kind < 6 && row > 0 ? bins[row - 1]
                                      : static_cast<u32>(random() % bin_count);
  }
  return bins;
}

TEST_P(DensityTest, CountsEverySize) {
  for (const u32 bin_count : {1u, 7u, 4096u, 60'000u}) {
    for (const u32 rows :
         {0u, 1u, 3u, 4u, 5u, 63u, 65u, 255u, 256u, 257u, 1023u, 1025u, 4095u, 4096u, 4097u, 16'385u, 100'003u}) {
      SCOPED_TRACE(fmt::format("{} rows, {} bins", rows, bin_count));
      const auto bins = random_bins(rows, bin_count, rows + 1);
      EXPECT_EQ(run(bins, bin_count), density_reference(bins, bin_count, kNoBlock));
    }
  }
}

TEST_P(DensityTest, CountsRowsOfOneBinAndOfNone) {
  for (const u32 bin : {0u, 5u, kRowFiltered, kRowNull, kRowOutside, 6u, 1000u}) {
    SCOPED_TRACE(bin);
    const std::vector<u32> bins(4099, bin);  // 6 and 1000 are no bins of six: they count nowhere
    EXPECT_EQ(run(bins, 6), density_reference(bins, 6, kNoBlock));
  }
}

TEST_P(DensityTest, MergesNeighboursInEveryPattern) {
  // Four rows of three bins or none: all patterns of equal neighbours.
  std::vector<u32> bins;
  for (u32 pattern = 0; pattern < 256; ++pattern) {
    for (u32 k = 0; k < 4; ++k) {
      const u32 bin = (pattern >> (2 * k)) & 3;
      bins.push_back(bin == 3 ? kRowNull : bin);
    }
  }
  EXPECT_EQ(run(bins, 3), density_reference(bins, 3, kNoBlock));
}

TEST_P(DensityTest, LeavesOutBlocksThatDoNotPass) {
  const auto bins = random_bins(3 * 4096 + 11, 50, 8);
  for (const u32 skipped : {0u, 1u, 3u}) {
    const auto counts = run(bins, 50, skipped);
    EXPECT_EQ(counts, density_reference(bins, 50, skipped));
    EXPECT_NE(counts, density_reference(bins, 50, kNoBlock));
  }
}

TEST_P(DensityTest, CountsRowsOfBlocksThatAreNotShownAsOutside) {
  const auto bins = random_bins(3 * 4096 + 11, 50, 8);
  for (const u32 hidden : {0u, 1u, 3u}) {
    std::vector<u32> wanted = bins;
    for (size_t row = 0; row < wanted.size(); ++row) {
      if (row / 4096 == hidden && wanted[row] < 50) wanted[row] = kRowOutside;
    }
    EXPECT_EQ(run(bins, 50, kNoBlock, 65'535, hidden), density_reference(wanted, 50, kNoBlock));
  }
}

TEST_P(DensityTest, TakesGridsOfTwoDimensions) {
  const auto bins = random_bins(11 * 4096 + 1, 300, 9);
  for (const u32 groups_x : {1u, 3u, 5u, 11u, 12u}) {
    EXPECT_EQ(run(bins, 300, kNoBlock, groups_x), density_reference(bins, 300, kNoBlock)) << groups_x;
  }
}

TEST_P(DensityTest, MergesRunsOfEveryLength) {
  // Runs of whole fours that begin and end anywhere among a subgroup's invocations, and some broken by rows without
  // a bin.
  std::mt19937 random(4);
  std::vector<u32> bins;
  while (bins.size() < 40'000) {
    const u32 bin = static_cast<u32>(random() % 3);
    bins.insert(bins.end(), random() % 4 == 0 ? random() % 700 : 4 * (random() % 40), bin);
    if (random() % 5 == 0) bins.push_back(kRowNull);
  }
  EXPECT_EQ(run(bins, 3), density_reference(bins, 3, kNoBlock));
  const std::vector<u32> one(70'001, 2);
  EXPECT_EQ(run(one, 3), density_reference(one, 3, kNoBlock));
}

TEST_P(DensityTest, SanitizerTellsOfCountsThatAreTooFew) {
  const std::vector<u32> bins(5, 7);
  const gpu::View program_views[] = {
      upload_uniform(PointParams{.rows = 5, .skipped_block = kNoBlock, .hidden_block = kNoBlock}), upload(bins)};
  const gpu::View counts{upload(std::vector<u32>(4, 0)).buffer, 0, 16};
  run_form(program_views, {5, 8, 65'535, false}, counts);
  const Result<void> found = writes_outside();
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message(),
              testing::HasSubstr("`counts` of density was written outside of its 4 words: word "));
  EXPECT_THAT(download(counts), testing::Each(0u));
}

INSTANTIATE_TEST_SUITE_P(Tiers, DensityTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
