// Pictures of points against their CPU twin: every kind and type, bins of one and of many, hostile numbers, both
// tiers.
#include "primitives/point_density/point_density.h"

#include <limits>

#include "primitives/point_density/point_density_reference.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

using enum ElementType;
using Of = PointDensityOptions::Of;

constexpr float kInfinity = std::numeric_limits<float>::infinity();
constexpr float kNan = std::numeric_limits<float>::quiet_NaN();

std::vector<PointDensityOptions> every_kind() {
  std::vector<PointDensityOptions> kinds = {{Of::kCounts, kF32}};
  for (const Of of : {Of::kSums, Of::kSmallest, Of::kLargest, Of::kMeans}) {
    for (const ElementType type : {kU32, kI32, kF32, kU64, kI64}) kinds.push_back({of, type});
  }
  return kinds;
}

struct Points {
  std::vector<float> xs, ys;
  std::vector<u64> values;
};

// In and around a plane of [-1, 3] x [10, 20]. Values of floats are any bits, or finite ones of all sizes; of two
// words all sizes too, and many that only the lower one tells apart.
Points some_points(u32 size, ElementType type, bool is_finite) {
  Random random(size + 1);
  const float odd_xs[] = {-1, 3, std::nextafter(-1.0f, -2.0f), std::nextafter(3.0f, 4.0f), kNan, kInfinity, -0.0f};
  Points points;
  for (u32 i = 0; i < size; ++i) {
    const float x = static_cast<float>(random() % 4'400'000) / 1'000'000 - 1.2f;
    points.xs.push_back(i % 11 == 7 ? odd_xs[random() % std::size(odd_xs)] : x);
    points.ys.push_back(i % 13 == 5 ? -kInfinity : static_cast<float>(random() % 11'000) / 1'000 + 9.5f);
    const float unit = static_cast<float>(random() % 2'000'001) / 1'000'000 - 1;
    const float sized = std::ldexp(unit, static_cast<int>(random() % 60) - 30);
    const u32 bits = random();
    const u32 uppers[] = {random(), 0, 0x7fffffffu, 0x80000000u, 0xffffffffu};
    const u64 two_words = join_words(bits, uppers[random() % std::size(uppers)]) >> (i % 3 * 20);
    const u32 word = type == kF32 && is_finite ? std::bit_cast<u32>(sized) : bits;
    points.values.push_back(is_wide(type) ? two_words : word);
  }
  return points;
}

class PointDensityTest : public PrimitiveTest {
 protected:
  void expect_picture(const PointDensityOptions& options, const Points& points, u32 columns, u32 rows,
                      bool count_on_gpu, bool has_counts) {
    SCOPED_TRACE(fmt::format("{} of type {}, {} points", static_cast<int>(options.of),
                             static_cast<int>(options.type), points.xs.size()));
    wait_until([&] { return prepare_point_density(device(), options); });
    const auto words_of = [&](std::span<const float> list) {
      std::vector<u32> words;
      for (const float number : list) words.push_back(std::bit_cast<u32>(number));
      return upload(words);
    };
    const size_t bins = size_t{columns} * rows;
    const bool is_valued = options.of != Of::kCounts, has_wide_values = is_valued && is_wide(options.type);
    const bool has_wide_result =
        options.of == Of::kSums ? options.type != kF32 : has_wide_values && options.of != Of::kMeans;
    PointDensity args{.options = options,
                      .xs = words_of(points.xs),
                      .ys = words_of(points.ys),
                      .count = count_of(static_cast<u32>(points.xs.size()), count_on_gpu),
                      .columns = columns,
                      .rows = rows,
                      .x_low = -1,
                      .x_high = 3,
                      .y_low = 10,
                      .y_high = 20,
                      .result = untouched(bins * (has_wide_result ? 2 : 1))};
    if (is_valued) args.values = upload(points.values, has_wide_values);
    if (is_valued && has_counts) args.counts = untouched(bins);
    run([&](gpu::Frame& frame) { return point_density(frame, args); });
    const PointDensityPicture wanted =
        point_density_reference(args, points.xs, points.ys, is_valued ? points.values : std::vector<u64>());
    EXPECT_EQ(elements_of(download(args.result), bins, has_wide_result), wanted.result);
    if (args.counts.buffer != 0) {
      EXPECT_EQ(elements_of(download(args.counts), bins, false), wanted.counts);
    }
  }

  // All kinds of what lies in one of four bins.
  void expect_one_bin(ElementType type, const std::vector<u64>& values) {
    const Points points{
        .xs = std::vector<float>(values.size(), 0), .ys = std::vector<float>(values.size(), 15), .values = values};
    for (const Of of : {Of::kSums, Of::kMeans, Of::kSmallest, Of::kLargest}) {
      expect_picture({of, type}, points, 2, 2, false, false);
    }
  }
};

TEST_P(PointDensityTest, PaintsEverySizeOfEveryKind) {
  bool flip = false;
  for (const u32 size : boundary_sizes(20'000)) {
    for (const PointDensityOptions& options : every_kind()) {
      flip = !flip;
      expect_picture(options, some_points(size, options.type, flip), 7, 5, flip, !flip);
      if (HasFailure()) return;
    }
  }
}

TEST_P(PointDensityTest, PaintsOneBinAndMany) {
  for (const PointDensityOptions& options : every_kind()) {
    const Points points = some_points(30'000, options.type, true);
    expect_picture(options, points, 1, 1, false, true);
    expect_picture(options, points, 300, 41, false, true);
  }
}

TEST_P(PointDensityTest, AddsNumbersOfEverySize) {
  using Limits = std::numeric_limits<float>;
  const std::vector<std::vector<float>> lists = {{Limits::max(), Limits::max()},
                                                 {Limits::max(), Limits::lowest(), 1},
                                                 {Limits::denorm_min(), Limits::denorm_min(), Limits::min()},
                                                 {-Limits::denorm_min()},
                                                 {-0.0f, -0.0f},
                                                 {kInfinity, 1},
                                                 {-kInfinity, Limits::max()},
                                                 {kInfinity, -kInfinity},
                                                 {kNan, 3},
                                                 {1, 0x1p-24f},  // a tie, which goes to the even one
                                                 {1, 0x1p-23f, 0x1p-24f},
                                                 // A mean that is a tie but for a sixth of the smallest unit.
                                                 {0x1.fffffep24f, 0x1.fffffep24f, 0x1p24f, 0x1p24f, 10, 0x1p-35f},
                                                 {1, 0x1p-24f, 0x1p-24f, -0x1p-45f},  // just below one
                                                 {0x1.fffffep0f, 0x1p-24f},  // rounding that makes it longer
                                                 {1, -1, 0x1p-38f},          // what is left when all else is gone
                                                 {7, 0, 0}};
  for (const auto& list : lists) {
    std::vector<u64> values;
    for (const float value : list) values.push_back(std::bit_cast<u32>(value));
    expect_one_bin(kF32, values);
  }
}

TEST_P(PointDensityTest, TakesIntegersOfTwoWordsOfEverySize) {
  constexpr u64 kTop = u64{1} << 63, kMost = ~u64{0};
  const std::vector<std::vector<u64>> lists = {
      {},
      {0},
      {kMost},
      {kTop},
      {kMost, kMost, kMost},  // means that round to 2^64
      {kTop, kTop},           // a sum of which only the uppermost word is left
      {kTop, kTop, kTop},
      {kTop - 1, kTop - 1},
      {kTop, kTop - 1},
      {1, kMost},
      {kTop | 5, kTop | 3, kTop | 7},  // the lower words decide
      {3, kMost << 32, 2, kMost << 32 | 9},
      {u64{1} << 32, kMost >> 32},
      {0xffffffffu, 1, kMost << 32},               // a carry into the second word, and past it
      {kTop | u64{1} << 39, kTop | u64{1} << 39},  // a tie, which goes to the even one
      {kTop | u64{3} << 39, kTop | u64{3} << 39},  // up
      {kTop | u64{1} << 39, kTop | u64{1} << 39, kTop | u64{1} << 39 | 1},  // above one by a third
      {kTop | u64{1} << 39, kTop | u64{1} << 39, (kTop | u64{1} << 39) - 1},
      {u64{1} << 24, (u64{1} << 24) + 1},  // means with halves: a tie, and what lies above
      {u64{1} << 25, (u64{1} << 25) + 4, 1},
      {1, 0, 0}};
  for (const auto& list : lists) {
    for (const ElementType type : {kU64, kI64}) expect_one_bin(type, list);
  }
}

TEST_P(PointDensityTest, CarriesSumsOfOneBin) {
  constexpr u64 kValues[] = {~u64{0}, 0x8000000080000000u, 0xffffffff00000001u, 1};
  for (const u64 value : kValues) {
    for (const ElementType type : {kU32, kI32, kU64, kI64}) {
      const Points points{.xs = std::vector<float>(70'001, 0.5f),
                          .ys = std::vector<float>(70'001, 11),
                          .values = std::vector<u64>(70'001, is_wide(type) ? value : low_word(value))};
      expect_picture({Of::kSums, type}, points, 3, 3, false, true);
      expect_picture({Of::kMeans, type}, points, 3, 3, false, false);
    }
  }
}

TEST_P(PointDensityTest, MakesNothingInASteadyFrame) {
  const PointDensityOptions options{Of::kMeans, kF32};
  wait_until([&] { return prepare_point_density(device(), options); });
  const gpu::View points = upload(std::vector<u32>(100, 0x3f000000u)), result = untouched(65'536);
  EXPECT_EQ(
      creations_of_second([&](gpu::Frame& frame) {
        return point_density(
            frame,
            {.options = options, .xs = points, .ys = points, .values = points, .count = 100, .result = result});
      }),
      std::vector<std::string>());
}

TEST_P(PointDensityTest, RefusesWhatCannotBe) {
  const gpu::View points = untouched(100), result = untouched(100);
  const auto said = [&](auto change) {
    PointDensity args{.xs = points, .ys = points, .count = 5, .columns = 5, .rows = 5, .result = result};
    change(args);
    return refusal([&](gpu::Frame& frame) { return point_density(frame, args); });
  };
  EXPECT_EQ(
      said([](PointDensity& args) { args.columns = args.rows = 65'536; }),
      "`columns` times `rows` is not from 1 to 16,777,216. Ask for as many bins. (argument of point_density)");
  for (const auto& [low, high] :
       {std::pair(1.0f, 1.0f), {kNan, 1.0f}, {-3e38f, 3e38f}, {0.0f, 1e-38f}, {0, kInfinity}}) {
    EXPECT_TRUE(said([&](PointDensity& args) {
                  args.y_low = low;
                  args.y_high = high;
                }).starts_with("`y_low` is not below `y_high`"))
        << low;
  }
  EXPECT_EQ(said([&](PointDensity& args) { args.counts = untouched(25); }),
            "`counts` are asked for beside a picture of counts. Leave them out. (argument of point_density)");
}

INSTANTIATE_TEST_SUITE_P(Tiers, PointDensityTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
