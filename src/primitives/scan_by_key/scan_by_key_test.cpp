// Scan by key against its CPU twin: segments of every length, by keys, flags and bits, both widths, both tiers.
#include "primitives/scan_by_key/scan_by_key.h"

#include "primitives/primitive_test.h"
#include "primitives/scan_by_key/scan_by_key_reference.h"

namespace shoal::primitives {
namespace {

using By = Selection::By;

struct Case {
  By by = By::kRunStarts;
  ElementType type = ElementType::kU32;
  Operator op = Operator::kSum;
  bool is_inclusive = true, count_on_gpu = false;
};

class ScanByKeyTest : public PrimitiveTest {
 protected:
  void expect_equal(const Case& test, std::span<const u8> is_head, u32 seed) {
    Random random(seed);
    const u32 size = static_cast<u32>(is_head.size());
    const bool wide = is_wide(test.type);
    std::vector<u64> values(size);
    for (u64& value : values) value = wide ? join_words(random(), random()) : random();
    std::vector<u32> selecting(size);
    for (u32 row = 0; row < size; ++row) {
      switch (test.by) {
        case By::kBits: selecting[row / 32] |= u32{is_head[row]} << (row % 32); break;
        case By::kRunStarts: selecting[row] = (row == 0 ? 0 : selecting[row - 1]) + is_head[row]; break;
        default: selecting[row] = is_head[row];
      }
    }
    const ScanByKeyOptions options{.scan = {.type = test.type, .op = test.op}, .heads = {.by = test.by}};
    wait_until([&] { return prepare_scan_by_key(device(), options); });
    const gpu::View heads = upload(selecting), result = untouched(u64{size} * (wide ? 2 : 1));
    const ScanByKey args{.options = options,
                         .head_views = std::span(&heads, 1),
                         .values = upload(values, wide),
                         .count = count_of(size, test.count_on_gpu),
                         .result = result,
                         .is_inclusive = test.is_inclusive};
    run([&](gpu::Frame& frame) { return scan_by_key(frame, args); });
    const auto combine = [&](u64 a, u64 b) {
      if (test.op == Operator::kMax) return std::max(a, b);
      return wide ? a + b : u64{low_word(a + b)};
    };
    const std::vector<u64> wanted = scan_by_key_reference(values, is_head, 0, combine, test.is_inclusive);
    const std::vector<u64> got = elements_of(download(result), size, wide);
    for (size_t i = 0; i < size; ++i) ASSERT_EQ(got[i], wanted[i]) << "element " << i;
  }

  // Heads stand on average `length` rows apart; row 0 is one where keys decide.
  static std::vector<u8> random_heads(u32 size, u32 length, u32 seed) {
    Random random(seed);
    std::vector<u8> is_head(size);
    for (u8& head : is_head) head = random() % length == 0 ? 1 : 0;
    if (size != 0) is_head[0] = 1;
    return is_head;
  }
};

TEST_P(ScanByKeyTest, ScansEverySize) {
  bool flip = false;
  for (const u32 size : boundary_sizes(20'000)) {
    SCOPED_TRACE(fmt::format("{} elements", size));
    flip = !flip;
    expect_equal({.is_inclusive = flip, .count_on_gpu = !flip}, random_heads(size, 7, size), size);
    if (HasFatalFailure()) return;
  }
}

TEST_P(ScanByKeyTest, ScansSegmentsOfEveryLength) {
  for (const u32 length : {1u, 2u, 100u, 5'000u, 1'000'000'000u}) {
    for (const bool is_inclusive : {false, true}) {
      SCOPED_TRACE(fmt::format("about {} rows, inclusive {}", length, is_inclusive));
      expect_equal({.by = By::kFlags, .is_inclusive = is_inclusive}, random_heads(40'003, length, 1), 2);
      expect_equal({.by = By::kBits, .op = Operator::kMax, .is_inclusive = is_inclusive},
                   random_heads(40'003, length, 1), 2);
      expect_equal({.type = ElementType::kU64, .is_inclusive = is_inclusive}, random_heads(40'003, length, 1), 2);
      if (HasFatalFailure()) return;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, ScanByKeyTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
