// Reduce against its CPU twin, at every boundary and in both tiers.
#include "primitives/reduce/reduce.h"

#include <bit>
#include <cstring>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "primitives/array_elements.kernel.h"
#include "primitives/array_elements_layout.gen.h"
#include "primitives/primitive_test.h"
#include "primitives/reduce/reduce_reference.h"

namespace shoal::primitives {
namespace {

constexpr u32 kBlockRows = 4096;

struct Part {
  std::vector<u64> elements;
  u32 skipped_block = 0xffffffffu;
};

class ReduceTest : public PrimitiveTest {
 protected:
  // The parts are dispatches of their own, merged into one state. `is_present` goes for each part alike.
  ReduceState run(const std::vector<Part>& parts, bool wide, const std::vector<u8>& is_present = {}) {
    const ReduceState state = run_variant(parts, wide, is_present, false);
    if (!is_present.empty()) return state;
    SCOPED_TRACE("dense");
    expect_equal(run_variant(parts, wide, is_present, true), state);
    return state;
  }

  ReduceState run_variant(const std::vector<Part>& parts, bool wide, const std::vector<u8>& is_present,
                          bool dense) {
    std::vector<std::string_view> features;
    if (wide) features.emplace_back("wide");
    if (!is_present.empty()) features.emplace_back("presence");
    const auto& program = array_elements_kernel().variant(std::span<const std::string_view>(features));
    Reduce& reduce = reduces_[{wide, !is_present.empty(), dense}];
    wait_until([&]() -> Result<bool> {
      SHOAL_TRY(reduce.prepare(device(),
                               {.text = program.text, .bindings = program.bindings, .wide = wide, .dense = dense}));
      return reduce.is_ready();
    });
    u32 blocks = 0;
    std::vector<u32> groups;
    for (const Part& part : parts) {
      groups.push_back(part_group(part, wide, is_present, blocks, reduce.program_layout(1)));
      blocks += divide_round_up(static_cast<u32>(part.elements.size()), kBlockRows);
    }
    const gpu::View result = untouched(sizeof(ReduceState) / 4);
    reduce.reserve(device(), blocks);
    PrimitiveTest::run([&](gpu::Frame& frame) -> Result<void> {
      frame.begin_pass("reduce", 0);
      for (size_t k = 0; k < parts.size(); ++k) {
        const u32 size = static_cast<u32>(parts[k].elements.size());
        if (size != 0) reduce.fold(frame, std::span(&groups[k], 1), divide_round_up(size, kBlockRows));
      }
      reduce.merge(frame, result);
      frame.end_pass();
      return {};
    });
    ReduceState state;
    std::memcpy(static_cast<void*>(&state), download(result).data(), sizeof state);
    return state;
  }

  // What the slot program binds for a part.
  u32 part_group(const Part& part, bool wide, const std::vector<u8>& is_present, u32 first_block, u32 layout) {
    std::vector<u32> words, bits(is_present.size() / 32 + 1);
    for (const u64 element : part.elements) {
      words.push_back(low_word(element));
      if (wide) words.push_back(high_word(element));
    }
    for (size_t k = 0; k < is_present.size(); ++k) bits[k / 32] |= static_cast<u32>(is_present[k]) << (k % 32);
    words.push_back(0xffffffffu);  // what lies past the end must not count
    std::vector<gpu::View> views = {upload_uniform(ArrayParams{.rows = static_cast<u32>(part.elements.size()),
                                                               .first_block = first_block,
                                                               .skipped_block = part.skipped_block}),
                                    upload(words)};
    if (!is_present.empty()) views.push_back(upload(bits));
    return device().bind_groups.get(device().recorder, layout, "test", views);
  }

  static void expect_equal(const ReduceState& state, const ReduceState& wanted) {
    EXPECT_EQ(state.count, wanted.count);
    EXPECT_EQ(state.smallest, wanted.smallest);
    EXPECT_EQ(state.largest, wanted.largest);
    EXPECT_EQ(state.sum_low, wanted.sum_low);
    EXPECT_EQ(state.sum_high, wanted.sum_high);
  }

  std::map<std::tuple<bool, bool, bool>, Reduce> reduces_;
};

std::vector<u64> random_elements(size_t size, bool wide, u64 seed) {
  std::mt19937_64 random(seed);
  std::vector<u64> elements(size);
  for (u64& element : elements) element = wide ? random() : random() >> 32;
  return elements;
}

TEST_P(ReduceTest, FoldsEverySize) {
  for (const bool wide : {false, true}) {
    for (const u32 size :
         {0u,    1u,    3u,    4u,    5u,    63u,     64u,     65u,     255u,    256u,     257u,      1023u,
          1025u, 4095u, 4096u, 4097u, 8191u, 16'383u, 16'385u, 65'535u, 65'537u, 300'001u, 1'048'573u}) {
      SCOPED_TRACE(fmt::format("{} elements, wide {}", size, wide));
      const std::vector<u64> elements = random_elements(size, wide, size + 1);
      expect_equal(run({{elements}}, wide), reduce_reference(elements));
    }
  }
}

TEST_P(ReduceTest, CarriesThroughAllWordsOfTheSum) {
  for (const bool wide : {false, true}) {
    for (const u32 size : {5u, 4096u, 70'000u, 1'048'576u}) {
      SCOPED_TRACE(fmt::format("{} elements, wide {}", size, wide));
      const std::vector<u64> elements(size, wide ? ~u64{0} : 0xffffffffu);
      const ReduceState state = run({{elements}}, wide);
      expect_equal(state, reduce_reference(elements));
      EXPECT_EQ(reduce_sum(state), u128{elements[0]} * size);
    }
  }
}

TEST_P(ReduceTest, OrdersWideElementsByTheirHighWords) {
  std::vector<u64> elements(10'000, u64{7} << 32);
  elements[9'000] = (u64{7} << 32) - 1;
  elements[17] = (u64{9} << 32) | 3;
  elements[4'097] = (u64{9} << 32) | 4;
  elements[5'000] = (u64{8} << 32) | 0xffffffffu;
  expect_equal(run({{elements}}, true), reduce_reference(elements));
}

TEST_P(ReduceTest, CountsOnlyWhatIsPresent) {
  std::mt19937 random(3);
  for (const bool wide : {false, true}) {
    for (const u32 size : {1u, 4u, 31u, 33u, 4097u, 20'000u}) {
      SCOPED_TRACE(fmt::format("{} elements, wide {}", size, wide));
      const std::vector<u64> elements = random_elements(size, wide, 5);
      std::vector<u8> is_present(size);
      for (u8& present : is_present) present = random() % 3 == 0 ? 1 : 0;
      expect_equal(run({{elements}}, wide, is_present), reduce_reference(elements, is_present));
      const std::vector<u8> none(size, 0);
      expect_equal(run({{elements}}, wide, none), reduce_reference({}));
    }
  }
}

TEST_P(ReduceTest, LeavesOutBlocksThatDoNotPass) {
  const std::vector<u64> elements = random_elements(5 * kBlockRows + 9, false, 11);
  for (const u32 skipped : {0u, 2u, 5u}) {
    std::vector<u8> is_present(elements.size(), 1);
    for (size_t k = 0; k < elements.size(); ++k) is_present[k] = k / kBlockRows == skipped ? 0 : 1;
    const ReduceState state = run({{elements, skipped}}, false);
    expect_equal(state, reduce_reference(elements, is_present));
    EXPECT_NE(state.count, elements.size());
  }
}

TEST_P(ReduceTest, MergesTheDispatchesOfSeveralChunks) {
  const std::vector<u64> a = random_elements(70'001, true, 1), b = random_elements(1, true, 2),
                         c = random_elements(4096, true, 3);
  std::vector<u64> all = a;
  all.insert(all.end(), b.begin(), b.end());
  all.insert(all.end(), c.begin(), c.end());
  expect_equal(run({{a}, {b}, {c}}, true), reduce_reference(all));
  // Fewer blocks than before: what earlier states left must not count.
  expect_equal(run({{b}}, true), reduce_reference(b));
}

TEST_P(ReduceTest, MergesMoreStatesThanOneWorkgroupTakes) {
  // 4,100 blocks: enough for two workgroups, whose shares are no powers of two.
  std::vector<Part> parts;
  std::vector<u64> all;
  for (u64 part = 0; part < 41; ++part) {
    parts.push_back({random_elements(100 * size_t{kBlockRows} - part, false, part)});
    all.insert(all.end(), parts.back().elements.begin(), parts.back().elements.end());
  }
  expect_equal(run(parts, false), reduce_reference(all));
}

// States of 16 blocks, half a kilobyte, fill their buffer; the part that begins behind them has no place in it.
TEST_P(ReduceTest, SanitizerTellsOfAFoldOfMoreBlocksThanWereReserved) {
  run({{std::vector<u64>(4, 1)}}, false);
  Reduce& reduce = reduces_[{false, false, false}];
  const u32 group = part_group({std::vector<u64>(4, 1)}, false, {}, 16, reduce.program_layout(1));
  reduce.reserve(device(), 16);
  PrimitiveTest::run([&](gpu::Frame& frame) -> Result<void> {
    frame.begin_pass("reduce", 0);
    reduce.fold(frame, std::span(&group, 1), 1);
    frame.end_pass();
    return {};
  });
  const Result<void> found = writes_outside();
  ASSERT_FALSE(found);
  EXPECT_THAT(found.error().message(),
              testing::HasSubstr("`states` of reduce was written outside of its 128 words: word "));
}

// What was reserved and not folded counts as nothing only to who relies on zeros.
TEST_P(ReduceTest, SanitizerFillsStatesBeforeEachUse) {
  run({{std::vector<u64>(4, 1)}}, false);
  Reduce& reduce = reduces_[{false, false, false}];
  for (const bool folds_both : {true, false}) {
    const gpu::View result = untouched(sizeof(ReduceState) / 4);
    reduce.reserve(device(), 2);
    PrimitiveTest::run([&](gpu::Frame& frame) -> Result<void> {
      frame.begin_pass("reduce", 0);
      for (u32 block = 0; block < (folds_both ? 2 : 1); ++block) {
        const u32 group = part_group({std::vector<u64>(4, 1)}, false, {}, block, reduce.program_layout(1));
        reduce.fold(frame, std::span(&group, 1), 1);
      }
      reduce.merge(frame, result);
      frame.end_pass();
      return {};
    });
    ReduceState state;
    std::memcpy(static_cast<void*>(&state), download(result).data(), sizeof state);
    EXPECT_EQ(state.count, folds_both ? 8 : 4 + 0xa5a5a5a5u);
  }
}

TEST_P(ReduceTest, CreatesNothingInASteadyFrame) {
  run({{std::vector<u64>(4, 1)}}, false);
  Reduce& reduce = reduces_[{false, false, false}];
  const gpu::View result = untouched(sizeof(ReduceState) / 4);
  const u32 group = part_group({std::vector<u64>(4, 1)}, false, {}, 0, reduce.program_layout(1));
  const auto record = [&](gpu::Frame& frame) -> Result<void> {
    reduce.reserve(device(), 1);
    frame.begin_pass("reduce", 0);
    reduce.fold(frame, std::span(&group, 1), 1);
    reduce.merge(frame, result);
    frame.end_pass();
    return {};
  };
  EXPECT_EQ(creations_of_second(record), std::vector<std::string>());
}

INSTANTIATE_TEST_SUITE_P(Tiers, ReduceTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
