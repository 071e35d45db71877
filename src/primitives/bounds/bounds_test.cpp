// Lower and upper bounds against the standard library's, in every type and both orders, both tiers.
#include "primitives/bounds/bounds.h"

#include <algorithm>

#include "primitives/primitive_test.h"
#include "primitives/sort/sort_reference.h"

namespace shoal::primitives {
namespace {

using enum ElementType;

class BoundsTest : public PrimitiveTest {};

TEST_P(BoundsTest, FindsPlacesOfKeys) {
  Random random(1);
  for (const ElementType type : {kU32, kI32, kF32, kU64, kI64}) {
    const bool wide = is_wide(type);
    wait_until([&] { return prepare_bounds(device(), {.type = type}); });
    for (const u32 size : {0u, 1u, 2u, 255u, 4'097u}) {
      for (const bool is_descending : {false, true}) {
        SCOPED_TRACE(fmt::format("{} elements of type {}", size, static_cast<int>(type)));
        // Few enough that keys are met, several times.
        const auto any = [&] { return (wide ? u64{random() % 900} << 54 : u64{random() % 900} << 22) | 5; };
        const auto image = [&](u64 bits) {
          const u64 rising = ordered_image(bits, type);
          return is_descending ? ~rising : rising;
        };
        std::vector<u64> sorted(size), keys(777);
        std::ranges::generate(sorted, any);
        std::ranges::generate(keys, any);
        std::ranges::sort(sorted, {}, image);
        const gpu::View sorted_view = upload(sorted, wide), key_view = upload(keys, wide);
        const gpu::View low = untouched(keys.size()), high = untouched(keys.size());
        Bounds args{.options = {.type = type},
                    .sorted = sorted_view,
                    .sorted_count = size,
                    .is_descending = is_descending,
                    .keys = key_view,
                    .count = count_of(777, is_descending),
                    .result = low};
        run([&](gpu::Frame& frame) -> Result<void> {
          SHOAL_TRY(lower_bound(frame, args));
          args.result = high;
          return upper_bound(frame, args);
        });
        std::vector<u64> wanted_low, wanted_high;
        for (const u64 key : keys) {
          wanted_low.push_back(
              static_cast<u64>(std::ranges::lower_bound(sorted, image(key), {}, image) - sorted.begin()));
          wanted_high.push_back(
              static_cast<u64>(std::ranges::upper_bound(sorted, image(key), {}, image) - sorted.begin()));
        }
        EXPECT_EQ(elements_of(download(low), keys.size(), false), wanted_low);
        EXPECT_EQ(elements_of(download(high), keys.size(), false), wanted_high);
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, BoundsTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
