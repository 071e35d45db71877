// Compact, partition and count_if against their CPU twin: every kind of test, both widths, counts of host and GPU,
// both tiers.
#include "primitives/compact/compact.h"

#include <optional>
#include <random>

#include "primitives/compact/chained_compact.h"
#include "primitives/compact/compact_reference.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

using By = Selection::By;

// Rows of the array `words` whose word is odd.
constexpr std::string_view kOddWords =
    "@group(1) @binding(0) var<storage, read> words: array<u32>;\n"
    "fn keep(row: u32) -> bool { return words[row] % 2u == 1u; }\n";
constexpr wgsl::Binding kOddBindings[] = {
    {.group = 1, .binding = 0, .kind = wgsl::BindingKind::kStorageRead, .name = "words", .min_size_bytes = 4}};

struct Case {
  By by = By::kFlags;
  ElementType type = ElementType::kU32;
  bool has_values = true, has_rows = true, is_partition = false, count_on_gpu = false;
};

class CompactTest : public PrimitiveTest {
 protected:
  void expect_equal(const Case& test, std::span<const u8> is_kept) {
    const u32 size = static_cast<u32>(is_kept.size());
    const bool wide = is_wide(test.type);
    std::vector<u32> selecting(size);
    for (u32 row = 0; row < size; ++row) {
      const u32 previous = row == 0 ? 7 : selecting[row - 1];
      switch (test.by) {
        case By::kBits: selecting[row / 32] |= u32{is_kept[row]} << (row % 32); break;
        case By::kRunStarts: selecting[row] = previous + is_kept[row]; break;
        default: selecting[row] = is_kept[row] * (2 * row + 1);
      }
    }
    std::vector<u64> values(size);
    for (u32 row = 0; row < size; ++row) values[row] = wide ? (u64{row} << 33) + 5 : row * 3;
    const CompactOptions options{.keep = {.by = test.by,
                                          .text = test.by == By::kProgram ? kOddWords : std::string_view(),
                                          .bindings = kOddBindings},
                                 .has_values = test.has_values,
                                 .has_rows = test.has_rows,
                                 .type = test.type};
    wait_until([&] {
      return in_one_reading_     ? prepare_chained_compact(device(), options, *in_one_reading_)
             : test.is_partition ? prepare_partition(device(), options)
                                 : prepare_compact(device(), options);
    });
    const gpu::View keep_view = upload(selecting);
    const gpu::View result = untouched(u64{size} * (wide ? 2 : 1)), rows = untouched(size),
                    kept_count = untouched(1);
    const Compact args{.options = options,
                       .keep_views = std::span(&keep_view, 1),
                       .count = count_of(size, test.count_on_gpu),
                       .values = upload(values, wide),
                       .result = result,
                       .rows = rows,
                       .kept_count = kept_count};
    const gpu::View counted = untouched(1);
    wait_until([&] { return prepare_count_if(device(), options.keep); });
    run([&](gpu::Frame& frame) {
      return count_if(
          frame,
          {.keep = options.keep, .keep_views = std::span(&keep_view, 1), .count = args.count, .result = counted});
    });
    run([&](gpu::Frame& frame) {
      return in_one_reading_     ? append_chained_compact(frame, args, *in_one_reading_)
             : test.is_partition ? partition(frame, args)
                                 : compact(frame, args);
    });
    const CompactAnswer wanted = compact_reference(is_kept, test.is_partition);
    EXPECT_EQ(elements_of(download(kept_count), 1, false)[0], wanted.kept_count);
    EXPECT_EQ(elements_of(download(counted), 1, false)[0], wanted.kept_count);
    if (test.has_rows) {
      EXPECT_EQ(elements_of(download(rows), wanted.rows.size(), false),
                std::vector<u64>(wanted.rows.begin(), wanted.rows.end()));
    }
    if (test.has_values) {
      std::vector<u64> wanted_values;
      for (const u32 row : wanted.rows) wanted_values.push_back(values[row]);
      EXPECT_EQ(elements_of(download(result), wanted_values.size(), wide), wanted_values);
    }
  }

  // Kept with `percent`; where keys of runs decide, the first row begins a run.
  static std::vector<u8> random_kept(u32 size, u32 percent, u32 seed, By by) {
    Random random(seed);
    std::vector<u8> is_kept(size);
    for (u8& kept : is_kept) kept = random() % 100 < percent ? 1 : 0;
    if (by == By::kRunStarts && size != 0) is_kept[0] = 1;
    return is_kept;
  }

  // As GPUs do, with tiles that say nothing.
  std::optional<Waiting> in_one_reading_;
};

TEST_P(CompactTest, KeepsOrderAtEverySize) {
  bool flip = false;
  for (const By by : {By::kFlags, By::kBits, By::kRunStarts, By::kProgram}) {
    for (const u32 size : boundary_sizes(70'000)) {
      SCOPED_TRACE(fmt::format("{} rows by {}", size, static_cast<int>(by)));
      flip = !flip;
      expect_equal({.by = by, .is_partition = false, .count_on_gpu = flip}, random_kept(size, 50, size, by));
      expect_equal({.by = by, .is_partition = true, .count_on_gpu = !flip}, random_kept(size, 30, size, by));
    }
  }
}

TEST_P(CompactTest, WritesWhatIsAskedFor) {
  for (const bool is_partition : {false, true}) {
    expect_equal({.has_values = false, .is_partition = is_partition}, random_kept(9001, 20, 1, By::kFlags));
    expect_equal({.has_rows = false, .is_partition = is_partition}, random_kept(9001, 20, 1, By::kFlags));
    expect_equal({.type = ElementType::kU64, .is_partition = is_partition}, random_kept(9001, 70, 1, By::kFlags));
    expect_equal({.type = ElementType::kI64, .has_rows = false, .is_partition = is_partition},
                 random_kept(9001, 70, 1, By::kFlags));
  }
}

TEST_P(CompactTest, KeepsAllOrNothing) {
  for (const u32 percent : {0u, 1u, 99u, 100u}) {
    for (const bool is_partition : {false, true}) {
      SCOPED_TRACE(fmt::format("{} %", percent));
      expect_equal({.is_partition = is_partition}, random_kept(50'021, percent, percent, By::kFlags));
    }
  }
}

TEST_P(CompactTest, KeepsRandomCases) {
  const u32 seed = std::random_device{}();
  SCOPED_TRACE(fmt::format("seed {}", seed));
  Random random(seed);
  for (int i = 0; i < 50; ++i) {
    const Case test{
        .by = static_cast<By>(random() % 3), .is_partition = random() % 2 == 0, .count_on_gpu = random() % 2 == 0};
    const u32 size = random() % (u32{1} << (random() % 18));
    SCOPED_TRACE(fmt::format("case {}: {} rows", i, size));
    expect_equal(test, random_kept(size, random() % 101, random(), test.by));
  }
}

TEST_P(CompactTest, KeepsOfMillions) {
  expect_equal({.has_rows = false}, random_kept((1 << 22) + 1, 50, 1, By::kFlags));
  expect_equal({.by = By::kBits, .has_values = false}, random_kept(1 << 24, 50, 1, By::kBits));
}

TEST_P(CompactTest, KeepsInOneReading) {
  if (!device().capabilities.features.subgroups) GTEST_SKIP() << "One reading needs subgroups.";
  bool flip = false;
  const auto keep_every_size = [&](By by, u32 most, const Waiting& waiting) {
    in_one_reading_ = waiting;
    for (const u32 size : boundary_sizes(most)) {
      SCOPED_TRACE(fmt::format("{} rows by {}, each {}. silent", size, static_cast<int>(by), waiting.silent_every));
      flip = !flip;
      device().capabilities.limits.max_invocations_per_workgroup = flip ? 256 : 512;  // small tiles and large ones
      expect_equal({.by = by, .count_on_gpu = size % 2 == 0}, random_kept(size, flip ? 50 : 3, size, by));
    }
  };
  for (const By by : {By::kFlags, By::kBits, By::kRunStarts, By::kProgram}) keep_every_size(by, 70'000, {});
  // All are stood in for though they may speak at any moment; all are silent; some of them.
  for (const Waiting waiting : {Waiting{.patient_looks = 0}, Waiting{1, 2}, Waiting{3, 2}}) {
    keep_every_size(By::kFlags, 300'000, waiting);
  }
  in_one_reading_ = Waiting{};
  expect_equal({.has_values = false}, random_kept(9001, 20, 1, By::kFlags));
  expect_equal({.has_rows = false}, random_kept(9001, 100, 1, By::kFlags));
  expect_equal({.type = ElementType::kU64}, random_kept(9001, 70, 1, By::kFlags));
  expect_equal({.type = ElementType::kI64, .has_rows = false}, random_kept(9001, 70, 1, By::kFlags));
  expect_equal({.has_rows = false}, random_kept((1 << 22) + 1, 50, 1, By::kFlags));
}

TEST_P(CompactTest, CreatesNothingInASteadyFrame) {
  const CompactOptions options;
  wait_until([&] { return prepare_compact(device(), options); });
  const gpu::View flags = upload(std::vector<u32>(10'000, 1)), result = untouched(10'000),
                  kept_count = untouched(1);
  const gpu::View values = upload(std::vector<u32>(10'000, 1));
  const auto record = [&](gpu::Frame& frame) {
    return compact(frame, {.options = options,
                           .keep_views = std::span(&flags, 1),
                           .count = 10'000,
                           .values = values,
                           .result = result,
                           .kept_count = kept_count});
  };
  EXPECT_EQ(creations_of_second(record), std::vector<std::string>{});
}

TEST_P(CompactTest, RefusesArgumentsThatCannotBe) {
  const gpu::View a = untouched(100), b = untouched(100), c = untouched(100);
  const auto why = [&](const Compact& args) {
    return refusal([&](gpu::Frame& frame) { return compact(frame, args); });
  };
  EXPECT_EQ(why({.options = {.has_values = false}, .keep_views = std::span(&a, 1), .count = 5, .kept_count = b}),
            "Neither values nor rows are asked for, so there is nothing to write. Set `has_values` or `has_rows`. "
            "(argument of compact)");
  EXPECT_EQ(why({.keep_views = {}, .count = 5, .values = a, .result = b, .kept_count = c}),
            "`keep_views` is empty, but the test reads an array. Give its view. (argument of compact)");
  EXPECT_EQ(
      why({.keep_views = std::span(&a, 1), .count = 5, .values = a, .result = b, .kept_count = b}),
      "`result` and `kept_count` of compact overlap between bytes 0 and 416 of their buffer. Give them places "
      "apart.");
}

INSTANTIATE_TEST_SUITE_P(Tiers, CompactTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
