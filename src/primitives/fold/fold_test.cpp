// Fold against the standard library's accumulate: operators of every kind, an operation that does not commute.
#include "primitives/fold/fold.h"

#include <bit>
#include <numeric>

#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

using enum ElementType;

// Two words as a clock: the low one counts, the high one remembers the last that was not 0.
constexpr std::string_view kCountAndLast = R"(
fn identity() -> vec2u { return vec2u(0u); }
fn combine(a: vec2u, b: vec2u) -> vec2u { return vec2u(a.x + b.x, select(b.y, a.y, b.y == 0u)); }
)";

class FoldTest : public PrimitiveTest {
 protected:
  u64 folded(const ScanOptions& options, std::span<const u64> values, bool count_on_gpu) {
    const bool wide = is_wide(options.type);
    wait_until([&] { return prepare_fold(device(), options); });
    const gpu::View result = untouched(wide ? 2 : 1);
    const Fold args{.options = options,
                    .values = upload(values, wide),
                    .count = count_of(static_cast<u32>(values.size()), count_on_gpu),
                    .result = result};
    run([&](gpu::Frame& frame) { return fold(frame, args); });
    return elements_of(download(result), 1, wide)[0];
  }
};

TEST_P(FoldTest, CombinesEverySize) {
  bool flip = false;
  for (const u32 size : boundary_sizes(70'000)) {
    SCOPED_TRACE(fmt::format("{} elements", size));
    flip = !flip;
    Random random(size);
    std::vector<u64> words(size), pairs(size), floats(size);
    for (u32 i = 0; i < size; ++i) {
      words[i] = random();
      pairs[i] = join_words(random(), random() % 3 == 0 ? 0 : random());
      floats[i] = std::bit_cast<u32>(static_cast<float>(static_cast<i32>(random() % 9) - 4));
    }
    const auto fold_of = [](const std::vector<u64>& of, u64 first, auto combine) {
      return std::accumulate(of.begin(), of.end(), first, combine);
    };
    const u64 sum = fold_of(words, 0, [](u64 a, u64 b) { return a + b; });
    EXPECT_EQ(folded({}, words, flip), low_word(sum));
    EXPECT_EQ(folded({.op = Operator::kMin}, words, !flip),
              fold_of(words, 0xffffffffu, [](u64 a, u64 b) { return std::min(a, b); }));
    EXPECT_EQ(folded({.type = kI64, .op = Operator::kMax}, pairs, flip),
              fold_of(pairs, u64{1} << 63,
                      [](u64 a, u64 b) { return static_cast<i64>(a) < static_cast<i64>(b) ? b : a; }));
    EXPECT_EQ(folded({.type = kU64, .monoid = {.text = kCountAndLast}}, pairs, !flip),
              fold_of(pairs, 0, [](u64 a, u64 b) {
                const u32 low = low_word(a) + low_word(b);
                return join_words(low, high_word(b) == 0 ? high_word(a) : high_word(b));
              }));
    const float sum_of_floats = std::bit_cast<float>(low_word(folded({.type = kF32}, floats, flip)));
    EXPECT_EQ(
        sum_of_floats, std::bit_cast<float>(low_word(fold_of(floats, 0, [](u64 a, u64 b) {
          return u64{std::bit_cast<u32>(std::bit_cast<float>(low_word(a)) + std::bit_cast<float>(low_word(b)))};
        }))));
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, FoldTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
