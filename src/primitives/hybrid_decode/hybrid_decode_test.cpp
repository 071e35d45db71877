// Hybrid runs against what was written and against the CPU twin: every width, size and length of runs, damage, both
// tiers.
#include "primitives/hybrid_decode/hybrid_decode.h"

#include <cstring>

#include "primitives/hybrid_decode/hybrid_decode_reference.h"
#include "primitives/hybrid_decode/hybrid_runs_written.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

u32 cut(u32 word, u32 width) { return width == 0 ? 0 : word >> (32 - width); }

struct Written {
  std::vector<u8> bytes;
  std::vector<u32> values;
};

// Runs of up to `most_length` numbers, of both kinds, that hold `count` numbers at least.
Written written(u32 width, u32 count, u32 most_length, u32 seed) {
  Random random(seed);
  HybridWriter writer(width);
  Written made;
  while (made.values.size() < count) {
    const u32 length = 1 + random() % most_length;
    if (random() % 2 == 0) {
      const u32 value = cut(random(), width);
      writer.repeat(value, length);
      made.values.insert(made.values.end(), length, value);
    } else {
      std::vector<u32> values(align_up(length, 8u));
      for (u32& value : values) value = cut(random(), width);
      writer.pack(values);
      made.values.insert(made.values.end(), values.begin(), values.end());
    }
    if (random() % 5 == 0) writer.repeat(cut(random(), width), 0);  // a run of none
  }
  made.bytes = writer.bytes();
  made.values.resize(count);
  return made;
}

class HybridDecodeTest : public PrimitiveTest {
 protected:
  void SetUp() override {
    PrimitiveTest::SetUp();
    wait_until([&] { return prepare_hybrid_decode(device()); });
  }

  gpu::View upload_bytes(std::span<const u8> bytes) {
    std::vector<u32> words(divide_round_up<size_t>(bytes.size(), 4));
    if (!bytes.empty()) std::memcpy(words.data(), bytes.data(), bytes.size());
    return upload(words);
  }

  std::vector<u64> decoded(std::span<const HybridRun> runs, std::span<const u8> bytes, u32 count,
                           bool count_on_gpu = false) {
    std::vector<u32> words(runs.size() * 3);
    if (!runs.empty()) std::memcpy(words.data(), runs.data(), words.size() * 4);
    const gpu::View result = untouched(count);
    run([&](gpu::Frame& frame) {
      return hybrid_decode(frame, {.runs = upload(words),
                                   .run_count = static_cast<u32>(runs.size()),
                                   .bytes = upload_bytes(bytes),
                                   .count = count_of(count, count_on_gpu),
                                   .result = result});
    });
    return elements_of(download(result), count, false);
  }

  void expect_decoded(u32 width, u32 count, u32 most_length, bool count_on_gpu) {
    const Written made = written(width, count, most_length, count + width);
    std::vector<HybridRun> runs;
    ASSERT_TRUE(append_hybrid_runs({.bytes = made.bytes, .width = width, .count = count}, runs));
    EXPECT_EQ(hybrid_decode_reference(runs, made.bytes, count), made.values);
    EXPECT_EQ(decoded(runs, made.bytes, count, count_on_gpu),
              std::vector<u64>(made.values.begin(), made.values.end()));
  }
};

TEST_P(HybridDecodeTest, DecodesEverySize) {
  bool flip = false;
  for (const u32 size : boundary_sizes(70'000)) {
    if (size == 0) continue;
    SCOPED_TRACE(fmt::format("{} numbers", size));
    flip = !flip;
    expect_decoded(flip ? 11 : 3, size, flip ? 20 : 9'000, flip);
    if (HasFailure()) return;
  }
}

TEST_P(HybridDecodeTest, DecodesEveryWidthAndLengthOfRuns) {
  for (u32 width = 0; width <= 32; ++width) {
    for (const u32 length : {1u, 60u, 4'000u}) {
      SCOPED_TRACE(fmt::format("{} bits, runs of up to {}", width, length));
      expect_decoded(width, 9'000, length, false);
      if (HasFailure()) return;
    }
  }
}

// Pages of several widths, whose bytes begin anywhere, in one call.
TEST_P(HybridDecodeTest, DecodesStretchesOfSeveralWidths) {
  std::vector<HybridRun> runs;
  std::vector<u8> bytes = {1, 2, 3};
  std::vector<u64> wanted;
  for (const u32 width : {7u, 0u, 32u, 1u, 13u}) {
    const Written made = written(width, 1'111, 40, width);
    ASSERT_TRUE(append_hybrid_runs({.bytes = made.bytes,
                                    .first_byte = static_cast<u32>(bytes.size()),
                                    .width = width,
                                    .first_element = static_cast<u32>(wanted.size()),
                                    .count = 1'111},
                                   runs));
    bytes.insert(bytes.end(), made.bytes.begin(), made.bytes.end());
    bytes.push_back(9);
    wanted.insert(wanted.end(), made.values.begin(), made.values.end());
  }
  EXPECT_EQ(decoded(runs, bytes, static_cast<u32>(wanted.size())), wanted);
  EXPECT_TRUE(decoded(runs, bytes, 0).empty());
}

TEST_P(HybridDecodeTest, RefusesRunsThatAreDamaged) {
  std::vector<HybridRun> runs(2);
  const auto said = [&](const HybridStretch& stretch) {
    const Result<void> appended = append_hybrid_runs(stretch, runs);
    EXPECT_EQ(runs.size(), 2u);
    return appended ? std::string("nothing") : appended.error().message();
  };
  const Written made = written(5, 5'000, 30, 1);
  EXPECT_EQ(said({.bytes = std::span(made.bytes).first(2), .width = 5, .count = 5'000}).substr(0, 13),
            "The runs hold");
  EXPECT_EQ(
      said({.bytes = {}, .width = 5, .count = 1}),
      "The runs hold 0 of 1 numbers: their bytes end there, or a header makes no sense. Read the file anew, or "
      "say fewer numbers.");
  EXPECT_EQ(said({.bytes = made.bytes, .width = 33, .count = 1}),
            "Numbers in runs have 33 bits. Give a width from 0 to 32.");
  EXPECT_EQ(said({.bytes = made.bytes, .first_byte = 0xfffffff0u, .width = 5, .count = 1}),
            "A table of runs counts bytes and numbers below 4,294,967,296. Decode in several calls.");
  // A header of more bytes than one has, and runs of none without end.
  EXPECT_NE(said({.bytes = std::vector<u8>(9, 0xff), .width = 8, .count = 1}), "nothing");
  EXPECT_NE(said({.bytes = std::vector<u8>(9'000, 0), .width = 8, .count = 1}), "nothing");
  // Any bytes are refused or decoded, to the numbers that were asked for.
  Random random(7);
  for (u32 i = 0; i < 3'000; ++i) {
    std::vector<u8> bytes(random() % 200);
    for (u8& byte : bytes) byte = static_cast<u8>(random() % 3 == 0 ? random() : random() % 8);
    std::vector<HybridRun> table;
    const u32 count = 1 + random() % 300;
    if (!append_hybrid_runs({.bytes = bytes, .width = random() % 33, .count = count}, table)) continue;
    ASSERT_LE(table.size() * sizeof(HybridRun), 12 * bytes.size());
    EXPECT_EQ(hybrid_decode_reference(table, bytes, count).size(), count);
  }
}

// A table that append_hybrid_runs did not make names bytes that there are not; what comes out means nothing.
TEST_P(HybridDecodeTest, SurvivesAnyTable) {
  Random random(3);
  std::vector<HybridRun> runs(1'000);
  for (HybridRun& one : runs)
    one = {.begin = random(), .bits = random() % 2 == 0 ? random() : random() % 33, .word = random()};
  EXPECT_EQ(decoded(runs, std::vector<u8>(100, 1), 20'000).size(), 20'000u);
}

TEST_P(HybridDecodeTest, RefusesWhatCannotBe) {
  const gpu::View words = untouched(12), result = untouched(8);
  EXPECT_EQ(refusal([&](gpu::Frame& frame) {
              return hybrid_decode(frame,
                                   {.runs = words, .run_count = 6, .bytes = words, .count = 8, .result = result});
            }),
            "`runs` of hybrid_decode has 64 bytes, but 72 are needed. Give it as many.");
  EXPECT_EQ(refusal([&](gpu::Frame& frame) {
              return hybrid_decode(frame, {.runs = words, .bytes = words, .count = 8, .result = result});
            }),
            "`run_count` is 0. Give a table of one run at least. (argument of hybrid_decode)");
}

INSTANTIATE_TEST_SUITE_P(Tiers, HybridDecodeTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
