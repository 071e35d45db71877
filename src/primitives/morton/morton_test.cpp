// Morton codes against a bit-by-bit twin, there and back, of two and three coordinates, both widths, both tiers.
#include "primitives/morton/morton.h"

#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

u64 interleaved(std::span<const u64> point, u32 bits) {
  u64 code = 0;
  const u32 dimensions = static_cast<u32>(point.size());
  for (u32 bit = 0; bit < bits; ++bit) {
    for (u32 i = 0; i < dimensions; ++i) code |= ((point[i] >> bit) & 1) << (dimensions * bit + i);
  }
  return code;
}

class MortonTest : public PrimitiveTest {
 protected:
  void expect_codes(const MortonOptions& options, u32 size) {
    const u32 bits = options.has_z ? (options.is_wide ? 21 : 10) : (options.is_wide ? 32 : 16);
    Random random(size);
    // Upper bits do not count.
    std::array<std::vector<u64>, 3> given, wanted;
    std::vector<u64> wanted_codes;
    for (u32 i = 0; i < size; ++i) {
      std::array<u64, 3> point;
      for (u32 k = 0; k < 3; ++k) {
        given[k].push_back(i == 0 ? 0xffffffffu : random());
        point[k] = given[k].back() & ((u64{1} << bits) - 1);
        wanted[k].push_back(point[k]);
      }
      wanted_codes.push_back(interleaved(std::span(point).first(options.has_z ? 3 : 2), bits));
    }
    const gpu::View codes = untouched(u64{size} * (options.is_wide ? 2 : 1));
    const std::array<gpu::View, 3> back = {untouched(size), untouched(size), untouched(size)};
    run([&](gpu::Frame& frame) -> Result<void> {
      Morton args{.options = options,
                  .xs = upload(given[0], false),
                  .ys = upload(given[1], false),
                  .zs = upload(given[2], false),
                  .count = count_of(size, size % 2 == 0),
                  .codes = codes};
      SHOAL_TRY(morton_encode(frame, args));
      args.xs = back[0];
      args.ys = back[1];
      args.zs = back[2];
      return morton_decode(frame, args);
    });
    EXPECT_EQ(elements_of(download(codes), size, options.is_wide), wanted_codes);
    for (u32 k = 0; k < (options.has_z ? 3u : 2u); ++k) {
      EXPECT_EQ(elements_of(download(back[k]), size, false), wanted[k]) << "coordinate " << k;
    }
  }
};

TEST_P(MortonTest, CodesThereAndBack) {
  for (const bool has_z : {false, true}) {
    for (const bool is_wide : {false, true}) {
      const MortonOptions options{.is_wide = is_wide, .has_z = has_z};
      wait_until([&] { return prepare_morton(device(), options); });
      for (const u32 size : boundary_sizes(5'000)) {
        SCOPED_TRACE(fmt::format("{} points, wide {}, z {}", size, is_wide, has_z));
        expect_codes(options, size);
        if (HasFailure()) return;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, MortonTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
