// Packed differences against the numbers that were written: every width, blocks of all shapes, hostile headers,
// both tiers.
#include "primitives/delta_decode/delta_decode.h"

#include <cstring>

#include "primitives/delta_decode/delta_blocks_written.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

using enum ElementType;

// Differences of up to `bits` bits, and now and then none for a long stretch.
std::vector<u64> some_numbers(u32 size, u32 bits, bool wide) {
  Random random(size + bits);
  std::vector<u64> numbers;
  u64 number = random();
  const u64 mask = bits == 0 ? 0 : ~u64{0} >> (64 - bits);
  for (u32 i = 0; i < size; ++i) {
    const u64 delta = join_words(random(), random()) & mask;
    number += i / 100 % 4 == 3 ? 5 : delta - mask / 2;
    numbers.push_back(wide ? number : low_word(number));
  }
  return numbers;
}

class DeltaDecodeTest : public PrimitiveTest {
 protected:
  std::vector<u64> decoded(std::span<const u8> bytes, u32 padding, bool wide, bool count_on_gpu) {
    const DeltaDecodeOptions options{.type = wide ? kI64 : kI32};
    wait_until([&] { return prepare_delta_decode(device(), options); });
    const auto blocks = read_delta_blocks(bytes, padding, options.type);
    EXPECT_TRUE(blocks) << blocks.error().message();
    if (!blocks) return {};
    EXPECT_EQ(blocks->size_bytes, bytes.size());
    std::vector<u32> words((bytes.size() + padding + 3) / 4 + 1);
    std::memcpy(reinterpret_cast<u8*>(words.data()) + padding, bytes.data(), bytes.size());
    std::vector<u32> runs(blocks->runs.size() * 3);
    std::memcpy(runs.data(), blocks->runs.data(), runs.size() * 4);
    const u32 count = blocks->count;
    const gpu::View result = untouched(u64{count} * (wide ? 2 : 1));
    run([&](gpu::Frame& frame) {
      return delta_decode(frame, {.options = options,
                                  .runs = upload(runs),
                                  .least = upload(blocks->least, true),
                                  .run_count = static_cast<u32>(blocks->runs.size()),
                                  .bytes = upload(words),
                                  .count = count_of(count, count_on_gpu),
                                  .deltas = untouched(u64{count} * (wide ? 2 : 1)),
                                  .result = result});
    });
    return elements_of(download(result), count, wide);
  }
};

TEST_P(DeltaDecodeTest, DecodesEverySize) {
  bool flip = false;
  for (const u32 size : boundary_sizes(20'000)) {
    for (const bool wide : {false, true}) {
      SCOPED_TRACE(fmt::format("{} numbers, wide {}", size, wide));
      flip = !flip;
      const std::vector<u64> numbers = some_numbers(size, wide ? 40 : 11, wide);
      EXPECT_EQ(decoded(DeltaWriter(128, 4).written(numbers, wide), flip ? 3 : 0, wide, flip), numbers);
      if (HasFailure()) return;
    }
  }
}

TEST_P(DeltaDecodeTest, DecodesEveryWidth) {
  for (u32 bits = 0; bits <= 64; ++bits) {
    SCOPED_TRACE(fmt::format("{} bits", bits));
    for (const bool wide : {false, true}) {
      if (bits > 32 && !wide) continue;
      const std::vector<u64> numbers = some_numbers(700, bits, wide);
      EXPECT_EQ(decoded(DeltaWriter(128, 2).written(numbers, wide), bits % 4, wide, false), numbers);
    }
    if (HasFailure()) return;
  }
}

TEST_P(DeltaDecodeTest, DecodesBlocksOfEveryShape) {
  const std::vector<u64> numbers = some_numbers(10'000, 20, false);
  for (const auto& [block, miniblocks] : {std::pair(32u, 1u), {256u, 8u}, {2'048u, 8u}, {65'536u, 1u}}) {
    EXPECT_EQ(decoded(DeltaWriter(block, miniblocks).written(numbers, false), 0, false, false), numbers);
  }
}

TEST(DeltaBlocks, ReadsWhatASpecificationShows) {
  // 7, 5, 3, 1, 2, 3, 4, 5 of Parquet's "Delta Encoding", in blocks of 128 and miniblocks of 32.
  const u8 bytes[] = {0x80, 1, 4, 8, 14, 3, 2, 0, 0, 0, 0xc0, 0x3f, 0, 0, 0, 0, 0, 0};
  const auto blocks = read_delta_blocks(bytes, 0, kI32);
  ASSERT_TRUE(blocks) << blocks.error().message();
  EXPECT_EQ(blocks->count, 8u);
  EXPECT_EQ(blocks->least, (std::vector<u64>{7, ~u64{1}}));
  ASSERT_EQ(blocks->runs.size(), 2u);
  EXPECT_EQ(blocks->runs[1].begin, 1u);
  EXPECT_EQ(blocks->runs[1].bits, 2u);
  EXPECT_EQ(blocks->runs[1].word, 10u);
  EXPECT_EQ(blocks->size_bytes, sizeof bytes);
}

TEST(DeltaBlocks, RefusesEveryCutAndHostileHeaders) {
  const std::vector<u8> whole = DeltaWriter(128, 4).written(some_numbers(300, 9, false), false);
  for (size_t size = 0; size + 40 < whole.size(); ++size) {
    const auto blocks = read_delta_blocks(std::span(whole).first(size), 0, kI32);
    ASSERT_FALSE(blocks) << size;
    EXPECT_EQ(blocks.error().code, ErrorCode::kCorrupt) << size;
  }
  const std::vector<std::vector<u8>> broken = {
      {0x80, 1, 0, 8, 0},                                                     // no miniblocks
      {0x80, 1, 3, 8, 0},                                                     // that do not divide a block
      {0, 4, 8, 0},                                                           // of no numbers
      {16, 1, 8, 0},                                                          // of half a word's bits
      {0x80, 1, 4, 8, 0, 0, 33, 0, 0, 0},                                     // wider than their type
      {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1},  // that does not end
  };
  for (const auto& bytes : broken) EXPECT_FALSE(read_delta_blocks(bytes, 0, kI32));
  const u8 many[] = {0x80, 1, 4, 0xff, 0xff, 0xff, 0xff, 0x0f, 0};
  EXPECT_EQ(read_delta_blocks(many, 0, kI32).error().code, ErrorCode::kUnsupported);
  EXPECT_EQ(read_delta_blocks(whole, 0, kF32).error().code, ErrorCode::kInvalidArgument);
  Random random(5);
  for (u32 trial = 0; trial < 2'000; ++trial) {
    std::vector<u8> damaged = whole;
    for (u32 k = 0; k < 3; ++k) damaged[random() % damaged.size()] = static_cast<u8>(random());
    const auto blocks = read_delta_blocks(damaged, 0, kI64);
    if (blocks) {
      EXPECT_LE(blocks->runs.size(), damaged.size());
    }
  }
}

// Tables that no bytes stand behind.
TEST_P(DeltaDecodeTest, IsNotHarmedByRunsThatLieOutside) {
  wait_until([&] { return prepare_delta_decode(device(), {}); });
  const gpu::View result = untouched(100);
  const std::vector<u32> runs = {50, 64, 0xffffffffu, 7, 99, 3, 0, 31, 5};
  run([&](gpu::Frame& frame) {
    return delta_decode(frame, {.runs = upload(runs),
                                .least = upload(std::vector<u32>(6)),
                                .run_count = 3,
                                .bytes = upload(std::vector<u32>(4)),
                                .count = 100,
                                .deltas = untouched(100),
                                .result = result});
  });
  elements_of(download(result), 100, false);
}

TEST_P(DeltaDecodeTest, RefusesWhatCannotBe) {
  const gpu::View words = untouched(100), result = untouched(100), deltas = untouched(100);
  const auto said = [&](auto change) {
    DeltaDecode args{.runs = words,
                     .least = words,
                     .run_count = 1,
                     .bytes = words,
                     .count = 5,
                     .deltas = deltas,
                     .result = result};
    change(args);
    return refusal([&](gpu::Frame& frame) { return delta_decode(frame, args); });
  };
  EXPECT_EQ(said([](DeltaDecode& args) { args.options.type = kF32; }),
            "`type` is f32. Give the type of integers. (argument of delta_decode)");
  EXPECT_EQ(said([](DeltaDecode& args) { args.run_count = 0; }),
            "`run_count` is 0. Give a table of one run at least. (argument of delta_decode)");
  EXPECT_EQ(said([](DeltaDecode& args) { args.run_count = 52; }),
            "`runs` of delta_decode has 416 bytes, but 624 are needed. Give it as many.");
}

INSTANTIATE_TEST_SUITE_P(Tiers, DeltaDecodeTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
