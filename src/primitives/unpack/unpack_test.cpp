// Unpacking against a bit-by-bit twin, of every width, both tiers.
#include "primitives/unpack/unpack.h"

#include <algorithm>

#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

class UnpackTest : public PrimitiveTest {
 protected:
  void expect_unpacked(u32 bits, u32 size, bool count_on_gpu) {
    Random random(size * 33 + bits);
    std::vector<u32> words(static_cast<size_t>(divide_round_up(u64{size} * bits, u64{32})));
    for (u32& word : words) word = random();
    std::vector<u64> wanted(size);
    for (u64 i = 0; i < size; ++i) {
      for (u64 bit = 0; bit < bits; ++bit) {
        const u64 at = i * bits + bit;
        wanted[static_cast<size_t>(i)] |= u64{(words[static_cast<size_t>(at / 32)] >> (at % 32)) & 1} << bit;
      }
    }
    wait_until([&] { return prepare_unpack(device()); });
    const gpu::View result = untouched(size);
    run([&](gpu::Frame& frame) {
      return unpack(frame, {.packed = upload(words),
                            .bits = bits,
                            .count = count_of(size, count_on_gpu),
                            .result = {result.buffer, 0, align_up(u64{std::max(size, 1u)} * 4, u64{16})}});
    });
    EXPECT_EQ(elements_of(download(result), size, false), wanted);
  }
};

TEST_P(UnpackTest, UnpacksEveryWidth) {
  for (u32 bits = 1; bits <= 32; ++bits) {
    for (const u32 size : {0u, 1u, 31u, 32u, 33u, 1'023u, 1'024u, 1'025u, 5'003u}) {
      SCOPED_TRACE(fmt::format("{} numbers of {} bits", size, bits));
      expect_unpacked(bits, size, false);
    }
    expect_unpacked(bits, 4'096, true);
  }
}

TEST_P(UnpackTest, RefusesWidthsThatAreNone) {
  const gpu::View packed = untouched(100), result = untouched(100);
  for (const u32 bits : {0u, 33u}) {
    EXPECT_EQ(refusal([&](gpu::Frame& frame) {
                return unpack(frame, {.packed = packed, .bits = bits, .count = 5, .result = result});
              }),
              "`bits` is not from 1 to 32. Give the bits of a number. (argument of unpack)");
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, UnpackTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
