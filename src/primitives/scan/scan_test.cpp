// Scan against its CPU twin: every type and operation, every boundary, counts of host and GPU, both tiers.
#include "primitives/scan/scan.h"

#include <bit>
#include <cmath>
#include <limits>
#include <optional>
#include <random>

#include "primitives/primitive_test.h"
#include "primitives/scan/chained_scan.h"
#include "primitives/scan/scan_reference.h"

namespace shoal::primitives {
namespace {

// 2x2 matrices of 8-bit entries modulo 256 in one word, row by row: associative, and does not commute.
constexpr std::string_view kMatrixProduct = R"(
fn identity() -> u32 { return 0x01000001u; }
fn combine(a: u32, b: u32) -> u32 {
  let x = (vec4u(a) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u);
  let y = (vec4u(b) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(255u);
  let p = vec4u(x.x * y.x + x.y * y.z, x.x * y.y + x.y * y.w, x.z * y.x + x.w * y.z, x.z * y.y + x.w * y.w) & vec4u(255u);
  return p.x | (p.y << 8u) | (p.z << 16u) | (p.w << 24u);
}
)";

u64 matrix_product(u64 a, u64 b) {
  const auto at = [](u64 m, u32 k) { return (m >> (8 * k)) & 255; };
  u64 product = 0;
  for (u32 row = 0; row < 2; ++row) {
    for (u32 column = 0; column < 2; ++column) {
      const u64 entry = at(a, 2 * row) * at(b, column) + at(a, 2 * row + 1) * at(b, 2 + column);
      product |= (entry & 255) << (8 * (2 * row + column));
    }
  }
  return product;
}

float as_float(u64 bits) { return std::bit_cast<float>(low_word(bits)); }
u64 bits_of(float value) { return std::bit_cast<u32>(value); }

struct Case {
  std::string_view name;
  ScanOptions options;
  u64 identity;
  std::function<u64(u64, u64)> combine;
};

std::vector<Case> cases() {
  using enum ElementType;
  using enum Operator;
  const auto lesser_float = [](u64 a, u64 b) {
    if (std::isnan(as_float(b))) return a;
    return std::isnan(as_float(a)) || as_float(b) < as_float(a) ? b : a;
  };
  return {
      {"u32 sum", {kU32, kSum}, 0, [](u64 a, u64 b) { return u64{low_word(a + b)}; }},
      {"u32 max", {kU32, kMax}, 0, [](u64 a, u64 b) { return std::max(a, b); }},
      {"i32 min",
       {kI32, kMin},
       0x7fffffffu,
       [](u64 a, u64 b) { return static_cast<i32>(b) < static_cast<i32>(a) ? b : a; }},
      {"f32 sum", {kF32, kSum}, bits_of(-0.0f), [](u64 a, u64 b) { return bits_of(as_float(a) + as_float(b)); }},
      {"f32 min", {kF32, kMin}, bits_of(std::numeric_limits<float>::infinity()), lesser_float},
      {"u64 sum", {kU64, kSum}, 0, [](u64 a, u64 b) { return a + b; }},
      {"u64 min", {kU64, kMin}, ~u64{0}, [](u64 a, u64 b) { return std::min(a, b); }},
      {"i64 max",
       {kI64, kMax},
       u64{1} << 63,
       [](u64 a, u64 b) { return static_cast<i64>(a) < static_cast<i64>(b) ? b : a; }},
      {"matrices", {.type = kU32, .monoid = {.text = kMatrixProduct}}, 0x01000001u, matrix_product},
  };
}

enum class Spread { kConstant, kRising, kFalling, kRandom, kFewDistinct, kOdd };

std::vector<u64> elements(const Case& test, size_t size, Spread spread, u64 seed) {
  std::mt19937_64 random(seed);
  const bool wide = is_wide(test.options.type);
  std::vector<u64> values(size);
  for (size_t i = 0; i < size; ++i) {
    u64 value = 0;
    switch (spread) {
      case Spread::kConstant: value = 3; break;
      case Spread::kRising: value = i; break;
      case Spread::kFalling: value = size - i; break;
      case Spread::kRandom: value = random(); break;
      case Spread::kFewDistinct: value = random() % 3 << 30; break;
      case Spread::kOdd: value = random() % 2 == 0 ? 0 : ~u64{0}; break;
    }
    if (test.options.type == ElementType::kF32) {
      // Whole numbers whose sums are exact in every order; extremes also meet NaN, infinities and zeros.
      const float whole = static_cast<float>(value % 5) - 2;
      const float odd[] = {std::numeric_limits<float>::quiet_NaN(),
                           std::numeric_limits<float>::infinity(),
                           -std::numeric_limits<float>::infinity(),
                           -0.0f,
                           0.0f,
                           1.5f,
                           -2.25f};
      const bool is_odd = test.options.op != Operator::kSum && spread == Spread::kOdd;
      value = bits_of(is_odd ? odd[random() % 7] : whole);
    }
    values[i] = wide ? value : low_word(value);
  }
  return values;
}

class ScanTest : public PrimitiveTest {
 protected:
  void expect_equal(const Case& test, std::span<const u64> values, bool is_inclusive, bool count_on_gpu) {
    const bool wide = is_wide(test.options.type);
    wait_until([&] {
      return in_one_reading_ ? prepare_chained_scan(device(), test.options, *in_one_reading_)
                             : prepare_scan(device(), test.options);
    });
    const u32 size = static_cast<u32>(values.size());
    const gpu::View result = untouched(values.size() * (wide ? 2 : 1)), total = untouched(2);
    const Scan args{.options = test.options,
                    .values = upload(values, wide),
                    .count = count_of(size, count_on_gpu),
                    .result = result,
                    .total = total,
                    .is_inclusive = is_inclusive};
    run([&](gpu::Frame& frame) {
      return in_one_reading_ ? append_chained_scan(frame, args, *in_one_reading_) : scan(frame, args);
    });
    const ScanAnswer wanted = scan_reference(values, test.identity, test.combine, is_inclusive);
    const std::vector<u64> got = elements_of(download(result), values.size(), wide);
    const u64 got_total = elements_of(download(total), 1, wide)[0];
    const auto equal = [&](u64 a, u64 b) {
      // Zeros of both signs are equal, and so is whichever of them an order of combination leaves.
      return a == b || (test.options.type == ElementType::kF32 && as_float(a) == as_float(b));
    };
    for (size_t i = 0; i < got.size(); ++i) {
      ASSERT_TRUE(equal(got[i], wanted.result[i]))
          << "element " << i << " is " << got[i] << ", not " << wanted.result[i];
    }
    EXPECT_TRUE(equal(got_total, wanted.total)) << got_total << ", not " << wanted.total;
  }

  // As GPUs do where the operation lets them, with tiles that say nothing.
  std::optional<Waiting> in_one_reading_;
};

TEST_P(ScanTest, ScansEverySize) {
  for (const Case& test : cases()) {
    bool flip = false;
    for (const u32 size : boundary_sizes(70'000)) {
      SCOPED_TRACE(fmt::format("{} of {}", test.name, size));
      flip = !flip;
      expect_equal(test, elements(test, size, Spread::kRandom, size), flip, false);
      expect_equal(test, elements(test, size, Spread::kRandom, size + 1), !flip, true);
      if (HasFatalFailure()) return;
    }
  }
}

TEST_P(ScanTest, ScansEverySpread) {
  using enum Spread;
  for (const Case& test : cases()) {
    for (const Spread spread : {kConstant, kRising, kFalling, kRandom, kFewDistinct, kOdd}) {
      SCOPED_TRACE(fmt::format("{}, spread {}", test.name, static_cast<int>(spread)));
      expect_equal(test, elements(test, 20'011, spread, 9), true, false);
    }
  }
}

TEST_P(ScanTest, ScansRandomCases) {
  const u32 seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  Random random(seed);
  const std::vector<Case> all = cases();
  for (int i = 0; i < 50; ++i) {
    const Case& test = all[random() % all.size()];
    const u32 size = random() % (u32{1} << (random() % 18));
    SCOPED_TRACE(fmt::format("case {}: {} of {}", i, test.name, size));
    expect_equal(test, elements(test, size, static_cast<Spread>(random() % 6), random()), random() % 2 == 0,
                 random() % 2 == 0);
  }
}

TEST_P(ScanTest, ScansMillions) {
  const Case sum = cases()[0];
  expect_equal(sum, elements(sum, (size_t{1} << 22) + 1, Spread::kRandom, 1), true, true);
  expect_equal(sum, elements(sum, size_t{1} << 24, Spread::kRandom, 1), false, false);
}

TEST_P(ScanTest, ScansInOneReading) {
  if (!device().capabilities.features.subgroups) GTEST_SKIP() << "One reading needs subgroups.";
  for (const Case& test : cases()) {
    if (!can_chain(test.options)) continue;
    bool flip = false;
    // All speak; all are stood in for though they may speak at any moment; all are silent; some of them.
    for (const Waiting waiting : {Waiting{}, Waiting{.patient_looks = 0}, Waiting{1, 2}, Waiting{3, 2}}) {
      in_one_reading_ = waiting;
      for (const u32 size : boundary_sizes(test.name == "u32 sum" ? 300'000 : 5'000)) {
        device().capabilities.limits.max_invocations_per_workgroup = flip ? 256 : 512;
        SCOPED_TRACE(fmt::format("{} of {}, each {}. silent", test.name, size, waiting.silent_every));
        flip = !flip;
        expect_equal(test, elements(test, size, flip ? Spread::kRandom : Spread::kOdd, size), flip, size % 2 == 0);
        if (HasFatalFailure()) return;
      }
    }
  }
  in_one_reading_ = Waiting{};
  device().capabilities.limits.max_workgroups_per_dimension = 3;
  device().capabilities.limits.max_invocations_per_workgroup = 256;  // smaller tiles
  const Case sum = cases()[0];
  expect_equal(sum, elements(sum, (size_t{1} << 22) + 1, Spread::kRandom, 1), true, true);
}

TEST(ChainedScan, IsForGpusAndForWordsInAnyOrder) {
  gpu::Capabilities gpu;
  gpu.type = gpu::AdapterType::kIntegrated;
  EXPECT_FALSE(prefers_look_back(gpu));
  gpu.features.subgroups = true;
  EXPECT_TRUE(prefers_look_back(gpu));
  gpu.type = gpu::AdapterType::kSoftware;
  EXPECT_FALSE(prefers_look_back(gpu));
  EXPECT_TRUE(can_chain({ElementType::kI32, Operator::kSum}));
  EXPECT_TRUE(can_chain({ElementType::kF32, Operator::kMin}));
  EXPECT_FALSE(can_chain({ElementType::kF32, Operator::kSum}));
  EXPECT_FALSE(can_chain({ElementType::kU64, Operator::kSum}));
  EXPECT_FALSE(can_chain({.monoid = {.text = kMatrixProduct}}));
}

TEST_P(ScanTest, UsesGridsOfTwoDimensions) {
  device().capabilities.limits.max_workgroups_per_dimension = 3;
  const Case sum = cases()[0];
  for (const bool on_gpu : {false, true}) {
    expect_equal(sum, elements(sum, 2'000'003, Spread::kRandom, 1), true, on_gpu);
  }
}

TEST_P(ScanTest, CutsACountOfTheGpuToWhatTheViewsHold) {
  const Case sum = cases()[0];
  wait_until([&] { return prepare_scan(device(), sum.options); });
  const std::vector<u32> ones(1000, 1);
  const gpu::View result = untouched(1000), total = untouched(1);
  run([&](gpu::Frame& frame) {
    return scan(frame, {.options = sum.options,
                        .values = upload(ones),
                        .count = count_of(5'000'000, true),
                        .result = result,
                        .total = total});
  });
  EXPECT_EQ(download(total)[0], 1000u);
}

TEST_P(ScanTest, RunsInsideAPassOfTheCaller) {
  const Case sum = cases()[0];
  wait_until([&] { return prepare_scan(device(), sum.options); });
  const std::vector<u32> ones(9000, 1);
  const gpu::View once = untouched(9000), twice = untouched(9000);
  const gpu::View values = upload(ones);
  run([&](gpu::Frame& frame) -> Result<void> {
    frame.begin_pass("both", 0);
    SHOAL_TRY(scan(frame, {.options = sum.options, .values = values, .count = 9000, .result = once}));
    SHOAL_TRY(scan(frame, {.options = sum.options, .values = once, .count = 9000, .result = twice}));
    EXPECT_TRUE(frame.is_in_pass());
    frame.end_pass();
    return {};
  });
  EXPECT_EQ(download(twice)[8999], 8999u * 8998u / 2);
}

TEST_P(ScanTest, CreatesNothingInASteadyFrame) {
  const Case sum = cases()[0];
  wait_until([&] { return prepare_scan(device(), sum.options); });
  const gpu::View values = upload(std::vector<u32>(100'000, 1)), result = untouched(100'000);
  for (const bool on_gpu : {false, true}) {
    const gpu::Count count = count_of(100'000, on_gpu);
    const auto record = [&](gpu::Frame& frame) {
      return scan(frame, {.options = sum.options, .values = values, .count = count, .result = result});
    };
    EXPECT_EQ(creations_of_second(record), std::vector<std::string>{});
  }
}

TEST_P(ScanTest, TakesTheCallersScratch) {
  const Case sum = cases()[0];
  wait_until([&] { return prepare_scan(device(), sum.options); });
  const u64 needed = scan_scratch_bytes(device(), sum.options, 50'000);
  const gpu::View result = untouched(50'000), scratch = untouched(needed / 4);
  run([&](gpu::Frame& frame) {
    return scan(frame, {.options = sum.options,
                        .values = upload(std::vector<u32>(50'000, 1)),
                        .count = 50'000,
                        .result = result,
                        .scratch = {scratch.buffer, 0, needed}});
  });
  EXPECT_EQ(download(result)[49'999], 49'999u);
  EXPECT_EQ(download(scratch)[needed / 4], kUntouched);
}

TEST_P(ScanTest, RefusesArgumentsThatCannotBe) {
  const ScanOptions options;
  const gpu::View a = untouched(1000), b = untouched(1000);
  const auto why = [&](Scan args) {
    args.options = options;
    return refusal([&](gpu::Frame& frame) { return scan(frame, args); });
  };
  EXPECT_EQ(why({.values = {}, .count = 5, .result = b}), "`values` of scan names no buffer. Give a view of one.");
  const u32 alignment = device().capabilities.limits.min_storage_offset_alignment_bytes;
  EXPECT_EQ(
      why({.values = {a.buffer, 16, 16}, .count = 4, .result = b}),
      fmt::format("`values` of scan begins at byte 16, which cannot be bound. Let it begin at a multiple of {}.",
                  alignment));
  EXPECT_EQ(why({.values = a, .count = 5, .result = {b.buffer, 0, 20}}),
            "`result` of scan has 20 bytes. Give it a multiple of 16 bytes, above 0; what lies beyond the count is "
            "not used.");
  EXPECT_EQ(why({.values = a, .count = 5000, .result = b}),
            "`values` of scan has 4,016 bytes, but 20,000 are needed. Give it as many.");
  EXPECT_EQ(
      why({.values = {a.buffer, 0, 256}, .count = 5, .result = {a.buffer, 1024, 256}}),
      "`values` and `result` of scan lie in one buffer, but WebGPU does not let a dispatch read and write one "
      "buffer, wherever in it. Give them two buffers.");
  EXPECT_EQ(
      why({.values = a, .count = 5, .result = {b.buffer, 0, 1024}, .total = {b.buffer, 512, 16}}),
      "`result` and `total` of scan overlap between bytes 512 and 528 of their buffer. Give them places apart.");
  EXPECT_EQ(why({.values = a, .count = 5, .result = b, .scratch = {a.buffer, 0, 16}}),
            "`scratch` of scan has 16 bytes, but 512 are needed. Give it as many.");
  EXPECT_EQ(why({.values = a, .count = gpu::Count(gpu::View{b.buffer, 2, 4}), .result = b}),
            "`count` of scan lies at byte 2 of its buffer. Put the word at a multiple of 4.");
}

TEST_P(ScanTest, SaysThatKernelsAreStillCompiled) {
  const ScanOptions options{.monoid = {.text = "fn identity() -> u32 { return 7u; }\n"
                                               "fn combine(a: u32, b: u32) -> u32 { return a ^ b ^ 7u; }"}};
  const gpu::View values = untouched(4), result = untouched(4);
  EXPECT_EQ(refusal([&](gpu::Frame& frame) {
              return scan(frame, {.options = options, .values = values, .count = 4, .result = result});
            }),
            "The kernels of scan are still being compiled. Call its prepare function ahead, with the same options, "
            "and wait until it says true.");
  wait_until([&] { return prepare_scan(device(), options); });
}

INSTANTIATE_TEST_SUITE_P(Tiers, ScanTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
