// Envelopes and M4 against their CPU twin: few and many columns, empty ones, NaN, rows of no column, both tiers.
#include "primitives/envelope/envelope.h"

#include <algorithm>
#include <iterator>

#include "primitives/envelope/envelope_reference.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

using enum ElementType;

class EnvelopeTest : public PrimitiveTest {
 protected:
  void expect_found(ElementType type, std::span<const u64> values, std::span<const u32> offsets, bool has_rows,
                    bool count_on_gpu) {
    const EnvelopeOptions options{.type = type, .has_rows = has_rows};
    wait_until([&] { return prepare_envelope(device(), options); });
    const u32 columns = static_cast<u32>(offsets.size() - 1);
    const bool wide = is_wide(type);
    const gpu::View extremes = untouched(u64{columns} * (wide ? 4 : 2)), rows = untouched(u64{columns} * 4);
    run([&](gpu::Frame& frame) {
      return envelope(frame, {.options = options,
                              .values = upload(values, wide),
                              .count = count_of(static_cast<u32>(values.size()), count_on_gpu),
                              .offsets = upload(offsets),
                              .column_count = columns,
                              .extremes = extremes,
                              .rows = rows});
    });
    const EnvelopeAnswer wanted = envelope_reference(values, type, offsets);
    EXPECT_EQ(elements_of(download(extremes), wanted.extremes.size(), wide), wanted.extremes);
    if (has_rows) {
      EXPECT_EQ(elements_of(download(rows), wanted.rows.size(), false), wanted.rows);
    }
  }

  static std::vector<u64> random_values(ElementType type, u32 size, u32 seed) {
    Random random(seed);
    // Of NaN those next to infinities and those farthest from them.
    constexpr u32 kOdd[] = {0x7f800000, 0xff800000, 0x80000000, 0,         0x7fc00000,
                            0x7f800001, 0x7fffffff, 0xff800001, 0xffffffff};
    std::vector<u64> values(size);
    for (u64& value : values) {
      value = random() % 1'000 == 0 ? 0xffffffffu : random() >> (random() % 32);
      if (type == kF32 && random() % 3 == 0) value = kOdd[random() % std::size(kOdd)];
    }
    return values;
  }

  static std::vector<u32> random_offsets(u32 first, u32 last, u32 columns, u32 seed) {
    Random random(seed);
    std::vector<u32> offsets = {first, last};
    while (offsets.size() < columns + 1) offsets.push_back(first + random() % (last - first + 1));
    std::ranges::sort(offsets);
    return offsets;
  }
};

TEST_P(EnvelopeTest, FindsExtremesAtEverySize) {
  bool flip = false;
  for (const ElementType type : {kF32, kU32, kI32}) {
    for (const u32 size : boundary_sizes(70'000)) {
      SCOPED_TRACE(fmt::format("{} rows of type {}", size, static_cast<int>(type)));
      flip = !flip;
      const std::vector<u64> values = random_values(type, size, size);
      expect_found(type, values, random_offsets(size / 9, size - size / 7, 13, size), flip, !flip);
      if (HasFailure()) return;
    }
  }
}

TEST_P(EnvelopeTest, FindsExtremesOfFewAndManyColumns) {
  const std::vector<u64> values = random_values(kF32, 100'003, 1);
  for (const u32 columns : {1u, 2u, 255u, 257u, 20'000u, 65'536u}) {
    SCOPED_TRACE(fmt::format("{} columns", columns));
    expect_found(kF32, values, random_offsets(0, 100'003, columns, columns), true, false);
    expect_found(kF32, values, random_offsets(0, 100'003, columns, columns), false, true);
  }
  expect_found(kF32, values, std::vector<u32>(50, 70'000), true, false);
  for (const u32 nan : {0x7f800001u, 0x7fffffffu, 0xff800001u, 0xffffffffu}) {
    expect_found(kF32, std::vector<u64>(30'000, nan), random_offsets(0, 30'000, 7, 1), true, false);
  }
  expect_found(kU32, std::vector<u64>(30'000, 0), random_offsets(0, 30'000, 7, 1), true, false);
}

// Few upper words, so that lower ones decide.
TEST_P(EnvelopeTest, FindsExtremesOfTwoWords) {
  bool flip = false;
  for (const ElementType type : {kU64, kI64}) {
    for (const u32 size : {0u, 1u, 255u, 16'384u, 16'385u, 70'001u}) {
      SCOPED_TRACE(fmt::format("{} rows of type {}", size, static_cast<int>(type)));
      flip = !flip;
      Random random(size);
      std::vector<u64> values(size);
      for (u64& value : values) {
        const u64 upper = random() % 3;
        value = (upper == 2 ? ~u64{0} << 32 : upper << 32) | (random() >> (random() % 32));
      }
      expect_found(type, values, random_offsets(size / 9, size - size / 7, 13, size), flip, !flip);
      expect_found(type, std::vector<u64>(size, flip ? 0 : ~u64{0}), random_offsets(0, size, 3, size), true, flip);
      if (HasFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, EnvelopeTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
