// Reduce by key against its CPU twin: segments of every length, by keys, flags and bits, both widths, both tiers.
#include "primitives/reduce_by_key/reduce_by_key.h"

#include "primitives/primitive_test.h"
#include "primitives/reduce_by_key/reduce_by_key_reference.h"

namespace shoal::primitives {
namespace {

using By = Selection::By;

// Keeps what stands right, unless it is 0: associative, and does not commute.
constexpr std::string_view kLastThatIsNotZero = R"(
fn identity() -> u32 { return 0u; }
fn combine(a: u32, b: u32) -> u32 { return select(b, a, b == 0u); }
)";

struct Case {
  By by = By::kRunStarts;
  ElementType type = ElementType::kU32;
  Operator op = Operator::kSum;
  bool is_ordered = false, count_on_gpu = false;
};

class ReduceByKeyTest : public PrimitiveTest {
 protected:
  void expect_equal(const Case& test, std::span<const u8> is_head, u32 seed) {
    Random random(seed);
    const u32 size = static_cast<u32>(is_head.size());
    const bool wide = is_wide(test.type);
    std::vector<u64> values(size);
    for (u64& value : values) value = wide ? join_words(random(), random()) : random() % 3 == 0 ? 0 : random();
    std::vector<u32> selecting(size);
    for (u32 row = 0; row < size; ++row) {
      switch (test.by) {
        case By::kBits: selecting[row / 32] |= u32{is_head[row]} << (row % 32); break;
        case By::kRunStarts: selecting[row] = (row == 0 ? 0 : selecting[row - 1]) + is_head[row]; break;
        default: selecting[row] = is_head[row];
      }
    }
    ScanByKeyOptions options{.scan = {.type = test.type, .op = test.op}, .heads = {.by = test.by}};
    if (test.is_ordered) options.scan.monoid.text = kLastThatIsNotZero;
    wait_until([&] { return prepare_reduce_by_key(device(), options); });
    const gpu::View heads = upload(selecting), result = untouched(u64{size} * (wide ? 2 : 1)),
                    starts = untouched(size), segment_count = untouched(1);
    const ReduceByKey args{.options = options,
                           .head_views = std::span(&heads, 1),
                           .values = upload(values, wide),
                           .count = count_of(size, test.count_on_gpu),
                           .result = result,
                           .starts = starts,
                           .segment_count = segment_count};
    run([&](gpu::Frame& frame) { return reduce_by_key(frame, args); });
    const auto combine = [&](u64 a, u64 b) {
      if (test.is_ordered) return b == 0 ? a : b;
      if (test.op == Operator::kMax) return std::max(a, b);
      return wide ? a + b : u64{low_word(a + b)};
    };
    const SegmentSums wanted = reduce_by_key_reference(values, is_head, 0, combine);
    ASSERT_EQ(elements_of(download(segment_count), 1, false)[0], wanted.result.size());
    EXPECT_EQ(elements_of(download(result), wanted.result.size(), wide), wanted.result);
    EXPECT_EQ(elements_of(download(starts), wanted.starts.size(), false), wanted.starts);
  }

  static std::vector<u8> random_heads(u32 size, u32 length, u32 seed) {
    Random random(seed);
    std::vector<u8> is_head(size);
    for (u8& head : is_head) head = random() % length == 0 ? 1 : 0;
    return is_head;
  }
};

TEST_P(ReduceByKeyTest, ReducesEverySize) {
  bool flip = false;
  for (const u32 size : boundary_sizes(20'000)) {
    SCOPED_TRACE(fmt::format("{} elements", size));
    flip = !flip;
    expect_equal({.is_ordered = flip, .count_on_gpu = !flip}, random_heads(size, 7, size), size);
    if (HasFatalFailure()) return;
  }
}

TEST_P(ReduceByKeyTest, ReducesSegmentsOfEveryLength) {
  for (const u32 length : {1u, 2u, 100u, 5'000u, 1'000'000'000u}) {
    SCOPED_TRACE(fmt::format("about {} rows", length));
    expect_equal({.by = By::kFlags}, random_heads(40'003, length, 1), 2);
    expect_equal({.by = By::kBits, .op = Operator::kMax}, random_heads(40'003, length, 1), 2);
    expect_equal({.type = ElementType::kU64}, random_heads(40'003, length, 1), 2);
    expect_equal({.by = By::kFlags, .is_ordered = true}, random_heads(40'003, length, 1), 2);
    if (HasFatalFailure()) return;
  }
}

TEST_P(ReduceByKeyTest, ReducesMillions) { expect_equal({}, random_heads((1 << 22) + 3, 50, 1), 1); }

INSTANTIATE_TEST_SUITE_P(Tiers, ReduceByKeyTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
