// Histograms against their CPU twin: codes, bytes and floats, few and many bins, elements on edges, both tiers.
#include "primitives/histogram/histogram.h"

#include <limits>

#include "primitives/histogram/histogram_reference.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

using Of = HistogramOptions::Of;

class HistogramTest : public PrimitiveTest {
 protected:
  // As software adapters count, and as GPUs do: in columns.
  void expect_counted(const HistogramOptions& options, std::span<const u32> words, u32 count, bool count_on_gpu,
                      std::span<const float> edges = {}) {
    for (const auto type : {gpu::AdapterType::kSoftware, gpu::AdapterType::kDiscrete}) {
      SCOPED_TRACE(type == gpu::AdapterType::kSoftware ? "a count a bin" : "columns");
      device().capabilities.type = type;
      expect_counted_here(options, words, count, count_on_gpu, edges);
    }
  }

  void expect_counted_here(const HistogramOptions& options, std::span<const u32> words, u32 count,
                           bool count_on_gpu, std::span<const float> edges) {
    wait_until([&] { return prepare_histogram(device(), options); });
    const gpu::View counts = untouched(options.bin_count);
    Histogram args{.options = options,
                   .values = upload(words),
                   .count = count_of(count, count_on_gpu),
                   .counts = {counts.buffer, 0, align_up(u64{options.bin_count} * 4, u64{4})}};
    if (!edges.empty()) {
      std::vector<u32> bits;
      for (const float edge : edges) bits.push_back(std::bit_cast<u32>(edge));
      args.edges = upload(bits);
      args.low = edges.front();
      args.high = edges.back();
    }
    run([&](gpu::Frame& frame) { return histogram(frame, args); });
    EXPECT_EQ(elements_of(download(counts), options.bin_count, false),
              histogram_reference(options, words, count, edges));
  }

  static std::vector<u32> codes_below(u32 size, u32 most, u32 seed) {
    Random random(seed);
    std::vector<u32> codes(size);
    for (u32& code : codes) code = random() % most;
    return codes;
  }

  // Anywhere, on edges, beside them, and what is no number.
  static std::vector<u32> floats_about(std::span<const float> edges, u32 size, u32 seed) {
    Random random(seed);
    constexpr float kInfinity = std::numeric_limits<float>::infinity();
    const float odd[] = {std::numeric_limits<float>::quiet_NaN(), kInfinity, -kInfinity, -0.0f,
                         std::numeric_limits<float>::denorm_min()};
    std::vector<u32> words(size);
    for (u32& word : words) {
      float value = edges[random() % edges.size()];
      switch (random() % 5) {
        case 0: break;
        case 1: value = std::nextafter(value, kInfinity); break;
        case 2: value = std::nextafter(value, -kInfinity); break;
        case 3: value = odd[random() % 5]; break;
        default: {
          const float share = static_cast<float>(random()) * 0x1p-32f * 1.2f - 0.1f;
          value = edges.front() + share * (edges.back() - edges.front());
        }
      }
      word = std::bit_cast<u32>(value);
    }
    return words;
  }
};

TEST_P(HistogramTest, CountsEverySize) {
  bool flip = false;
  const std::vector<float> edges = histogram_edges(-3, 5, 100);
  for (const u32 size : boundary_sizes(140'000)) {
    SCOPED_TRACE(fmt::format("{} elements", size));
    flip = !flip;
    expect_counted({.bin_count = 256}, codes_below(size, 300, size), size, flip);
    expect_counted({.of = Of::kBytes}, codes_below(divide_round_up(size, 4u), 0xffffffffu, size), size, !flip);
    expect_counted({.of = Of::kFloats, .bin_count = 100}, floats_about(edges, size, size), size, flip, edges);
  }
}

TEST_P(HistogramTest, CountsIntoFewAndManyBins) {
  for (const u32 bins : {2u, 3u, 255u, 2'047u, 2'048u, 2'049u, 100'000u}) {
    SCOPED_TRACE(fmt::format("{} bins", bins));
    expect_counted({.bin_count = bins}, codes_below(50'000, bins + bins / 4 + 1, bins), 50'000, false);
    const std::vector<float> edges = histogram_edges(0.1, 1e6, bins);
    expect_counted({.of = Of::kFloats, .bin_count = bins}, floats_about(edges, 20'000, bins), 20'000, true, edges);
  }
  expect_counted({.bin_count = 1 << 24}, codes_below(100'000, 1 << 24, 1), 100'000, false);
}

TEST_P(HistogramTest, CountsBetweenUnevenEdges) {
  const std::vector<float> edges = {-1e30f, -5, -4.5f, 0, 1e-40f, 1e-39f, 3, 1e9f};
  expect_counted({.of = Of::kFloats, .bin_count = 7}, floats_about(edges, 40'000, 1), 40'000, false, edges);
  // All but one alike, then far from zero beside their width: arithmetic tells them apart, and does not.
  std::vector<float> nearly = histogram_edges(0, 1, 256);
  nearly[100] += 0x1p-10f;
  expect_counted({.of = Of::kFloats, .bin_count = 256}, floats_about(nearly, 40'000, 2), 40'000, false, nearly);
  for (const float low : {1000.0f, 1e6f}) {
    const std::vector<float> far = histogram_edges(low, low + 16, 64);
    expect_counted({.of = Of::kFloats, .bin_count = 64}, floats_about(far, 40'000, 3), 40'000, false, far);
  }
}

TEST_P(HistogramTest, CountsSkewedElements) {
  expect_counted({.bin_count = 16}, std::vector<u32>(100'000, 7), 100'000, false);
  expect_counted({.bin_count = 100'000}, std::vector<u32>(100'000, 99'999), 100'000, false);
  expect_counted({.of = Of::kBytes}, std::vector<u32>(100'000, 0x01010101u), 400'000, false);
}

TEST_P(HistogramTest, CountsMillions) {
  expect_counted({.bin_count = 1'000}, codes_below(1 << 22, 1'001, 1), (1 << 22) - 1, true);
}

TEST_P(HistogramTest, RefusesBinsThatCannotBe) {
  const gpu::View values = untouched(100), counts = untouched(100);
  const auto why = [&](const HistogramOptions& options) {
    return refusal([&](gpu::Frame& frame) {
      return histogram(frame, {.options = options, .values = values, .count = 5, .counts = counts});
    });
  };
  EXPECT_EQ(why({.bin_count = 1}),
            "`bin_count` is not from 2 to 16,777,216. Ask for as many bins as that. (argument of histogram)");
  EXPECT_EQ(why({.of = Of::kBytes, .bin_count = 200}),
            "`bin_count` is not 256, though bytes are counted. Give it 256. (argument of histogram)");
  EXPECT_EQ(why({.bin_count = 200}), "`counts` of histogram has 416 bytes, but 800 are needed. Give it as many.");
}

INSTANTIATE_TEST_SUITE_P(Tiers, HistogramTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
