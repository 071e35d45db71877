// Distinct counts against a set's size: few and many distinct elements, every width, both tiers.
#include "primitives/distinct/distinct.h"

#include <algorithm>
#include <set>

#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

class DistinctTest : public PrimitiveTest {
 protected:
  void expect_counted(ElementType type, std::span<const u64> values, bool count_on_gpu) {
    const bool wide = is_wide(type);
    const u32 size = static_cast<u32>(values.size());
    const DistinctOptions options{.type = type};
    wait_until([&] { return prepare_count_distinct(device(), options); });
    const gpu::View result = untouched(1), sorted = untouched(u64{size} * (wide ? 2 : 1));
    run([&](gpu::Frame& frame) {
      return count_distinct(frame, {.options = options,
                                    .values = upload(values, wide),
                                    .count = count_of(size, count_on_gpu),
                                    .sorted = sorted,
                                    .result = result});
    });
    EXPECT_EQ(elements_of(download(result), 1, false)[0], std::set<u64>(values.begin(), values.end()).size());
    std::vector<u64> wanted(values.begin(), values.end());
    std::ranges::sort(wanted);
    EXPECT_EQ(elements_of(download(sorted), size, wide), wanted);
  }
};

TEST_P(DistinctTest, CountsAtEverySize) {
  bool flip = false;
  for (const ElementType type : {ElementType::kF32, ElementType::kI64}) {
    for (const u32 size : boundary_sizes(20'000)) {
      for (const u32 distinct : {1u, 3u, 1'000u, 0xffffffffu}) {
        SCOPED_TRACE(fmt::format("{} elements of {} distinct, type {}", size, distinct, static_cast<int>(type)));
        flip = !flip;
        Random random(size);
        std::vector<u64> values(size);
        for (u64& value : values) {
          value = random() % distinct;
          value = is_wide(type) ? value << 17 : value;
        }
        expect_counted(type, values, flip);
        if (HasFailure()) return;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, DistinctTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
