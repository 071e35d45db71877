// Morton codes against a bit-by-bit twin, there and back, of both widths, both tiers.
#include "primitives/morton/morton.h"

#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

u64 interleaved(u32 x, u32 y) {
  u64 code = 0;
  for (u32 bit = 0; bit < 32; ++bit) {
    code |= u64{(x >> bit) & 1} << (2 * bit);
    code |= u64{(y >> bit) & 1} << (2 * bit + 1);
  }
  return code;
}

class MortonTest : public PrimitiveTest {};

TEST_P(MortonTest, CodesThereAndBack) {
  for (const bool is_wide : {false, true}) {
    const MortonOptions options{.is_wide = is_wide};
    wait_until([&] { return prepare_morton(device(), options); });
    for (const u32 size : boundary_sizes(5'000)) {
      SCOPED_TRACE(fmt::format("{} points, wide {}", size, is_wide));
      Random random(size);
      std::vector<u64> xs(size), ys(size), wanted(size);
      for (u32 i = 0; i < size; ++i) {
        xs[i] = is_wide ? random() : random() % 65'536;
        ys[i] = is_wide ? random() : random() % 65'536;
        wanted[i] = interleaved(static_cast<u32>(xs[i]), static_cast<u32>(ys[i]));
      }
      const gpu::View codes = untouched(u64{size} * (is_wide ? 2 : 1)), x_back = untouched(size),
                      y_back = untouched(size);
      run([&](gpu::Frame& frame) -> Result<void> {
        Morton args{.options = options,
                    .xs = upload(xs, false),
                    .ys = upload(ys, false),
                    .count = count_of(size, size % 2 == 0),
                    .codes = codes};
        SHOAL_TRY(morton_encode(frame, args));
        args.xs = x_back;
        args.ys = y_back;
        return morton_decode(frame, args);
      });
      EXPECT_EQ(elements_of(download(codes), size, is_wide), wanted);
      EXPECT_EQ(elements_of(download(x_back), size, false), xs);
      EXPECT_EQ(elements_of(download(y_back), size, false), ys);
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, MortonTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
