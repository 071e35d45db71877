// Density against its CPU twin, at every boundary and in both tiers.
#include <cstring>
#include <random>

#include <gtest/gtest.h>

#include "gpu/native/native_gpu.h"
#include "primitives/array_points.kernel.h"
#include "primitives/array_points_layout.gen.h"
#include "primitives/density/density.kernel.h"
#include "primitives/density/density_layout.gen.h"
#include "primitives/density/density_reference.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

constexpr u32 kNoBlock = 0xffffffffu;

// In both tiers, and where there are subgroups with runs of them merged and without.
class DensityTest : public testing::TestWithParam<std::pair<gpu::Tier, bool>> {
 protected:
  void SetUp() override {
    auto opened = gpu::NativeGpu::open(test_adapter(), GetParam().first, {});
    ASSERT_TRUE(opened) << opened.error().message();
    gpu_ = std::move(*opened);
    gpu::Device& device = gpu_->device();
    const auto& program = array_points_kernel().variant({});
    const std::string_view runs[] = {"runs"};
    const auto& variant = density_kernel().variant(std::span(runs).first(GetParam().second ? 1 : 0));
    const auto kernel = device.kernels.get(
        device.recorder, {.kernel = &variant, .program = program.text, .program_bindings = program.bindings});
    ASSERT_TRUE(kernel) << kernel.error().message();
    kernel_ = *kernel;
    while (!kernel_->is_ready()) {
      const auto pumped = gpu_->pump(true);
      ASSERT_TRUE(pumped) << pumped.error().message();
    }
  }

  gpu::View upload(std::span<const u32> words, gpu::BufferUsage usage) {
    const u64 size_bytes = align_up<u64>(std::max<u64>(words.size_bytes(), 16), 256);
    gpu::Recorder& recorder = gpu_->device().recorder;
    const gpu::View view{recorder.create_buffer("test", size_bytes, usage | gpu::BufferUsage::kCopyDst), 0,
                         size_bytes};
    recorder.write({view.buffer, 0, words.size_bytes()}, std::as_bytes(words));
    return view;
  }

  // `groups_x`: how wide the grid of workgroups is.
  std::vector<u32> run(std::vector<u32> bins, u32 bin_count, u32 skipped_block = kNoBlock, u32 groups_x = 65'535,
                       u32 hidden_block = kNoBlock) {
    using enum gpu::BufferUsage;
    gpu::Device& device = gpu_->device();
    const u32 rows = static_cast<u32>(bins.size()), blocks = divide_round_up(rows, 4096u);
    bins.resize(align_up<size_t>(bins.size() + 1, 4), 0);  // past the end: must not count
    const u32 params[] = {bin_count}, points[] = {rows, skipped_block, hidden_block};
    const u64 counts_bytes = u64{4} * (bin_count + 4);
    const gpu::View counts{device.recorder.create_buffer("counts", counts_bytes, kStorage | kCopySrc | kCopyDst), 0,
                           counts_bytes};
    const gpu::View kernel_views[] = {upload(params, kUniform), counts},
                    program_views[] = {upload(points, kUniform), upload(bins, kStorage)};
    const u32 groups[] = {
        device.bind_groups.get(device.recorder, kernel_->bind_group_layouts[0], "test", kernel_views),
        device.bind_groups.get(device.recorder, kernel_->bind_group_layouts[1], "test", program_views)};
    gpu::Frame frame(device, "density");
    frame.begin_pass("density", 0);
    if (blocks > 0) {
      frame.dispatch({.kernel = kernel_,
                      .groups = groups,
                      .x = std::min(blocks, groups_x),
                      .y = divide_round_up(blocks, groups_x)});
    }
    frame.end_pass();
    const gpu::Ticket ticket = frame.read(counts);
    frame.submit();
    for (;;) {
      const auto pumped = gpu_->pump(true);
      EXPECT_TRUE(pumped) << pumped.error().message();
      if (!pumped) return {};
      if (const auto bytes = device.readbacks.take(ticket)) {
        std::vector<u32> words(bin_count + 4);
        std::memcpy(words.data(), bytes->data(), words.size() * 4);
        return words;
      }
    }
  }

  std::unique_ptr<gpu::NativeGpu> gpu_;
  const gpu::Kernel* kernel_ = nullptr;
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

INSTANTIATE_TEST_SUITE_P(Tiers, DensityTest,
                         testing::Values(std::pair(gpu::Tier::kFull, false), std::pair(gpu::Tier::kFull, true),
                                         std::pair(gpu::Tier::kMinimum, false)));

}  // namespace
}  // namespace shoal::primitives
