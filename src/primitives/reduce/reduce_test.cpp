// Reduce against its CPU twin, at every boundary and in both tiers.
#include "primitives/reduce/reduce.h"

#include <bit>
#include <cstring>
#include <random>

#include <gtest/gtest.h>

#include "gpu/native/native_gpu.h"
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

class ReduceTest : public testing::TestWithParam<gpu::Tier> {
 protected:
  void SetUp() override {
    auto opened = gpu::NativeGpu::open(test_adapter(), GetParam(), {});
    ASSERT_TRUE(opened) << opened.error().message();
    gpu_ = std::move(*opened);
  }

  gpu::View upload(std::span<const u32> words, gpu::BufferUsage usage) {
    const u64 size_bytes = align_up<u64>(std::max<u64>(words.size_bytes(), 16), 256);
    gpu::Recorder& recorder = gpu_->device().recorder;
    const gpu::View view{recorder.create_buffer("test", size_bytes, usage | gpu::BufferUsage::kCopyDst), 0,
                         size_bytes};
    recorder.write({view.buffer, 0, words.size_bytes()}, std::as_bytes(words));
    return view;
  }

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
    using enum gpu::BufferUsage;
    gpu::Device& device = gpu_->device();
    std::vector<std::string_view> features;
    if (wide) features.emplace_back("wide");
    if (!is_present.empty()) features.emplace_back("presence");
    const auto& program = array_elements_kernel().variant(std::span<const std::string_view>(features));
    Reduce& reduce = reduces_[{wide, !is_present.empty(), dense}];
    EXPECT_TRUE(
        reduce.prepare(device, {.text = program.text, .bindings = program.bindings, .wide = wide, .dense = dense}));
    while (!reduce.is_ready()) {
      const auto pumped = gpu_->pump(true);
      EXPECT_TRUE(pumped) << pumped.error().message();
      if (!pumped) return {};
    }
    u32 blocks = 0;
    for (const Part& part : parts) {
      blocks += divide_round_up(static_cast<u32>(part.elements.size()), kBlockRows);
    }
    reduce.reserve(device, blocks);
    std::vector<u32> groups;
    u32 first_block = 0;
    for (const Part& part : parts) {
      std::vector<u32> words, bits(is_present.size() / 32 + 1);
      for (const u64 element : part.elements) {
        words.push_back(low_word(element));
        if (wide) words.push_back(high_word(element));
      }
      for (size_t k = 0; k < is_present.size(); ++k) bits[k / 32] |= static_cast<u32>(is_present[k]) << (k % 32);
      // What lies past the end must not count.
      words.resize(align_up<size_t>(words.size() + 1, 8), 0xffffffffu);
      const ArrayParams params{.rows = static_cast<u32>(part.elements.size()),
                               .first_block = first_block,
                               .skipped_block = part.skipped_block};
      u32 param_words[sizeof params / 4];
      std::memcpy(param_words, &params, sizeof params);
      std::vector<gpu::View> views = {upload(param_words, kUniform), upload(words, kStorage)};
      if (!is_present.empty()) views.push_back(upload(bits, kStorage));
      groups.push_back(device.bind_groups.get(device.recorder, reduce.program_layout(1), "test", views));
      first_block += divide_round_up(static_cast<u32>(part.elements.size()), kBlockRows);
    }
    const gpu::View result{device.recorder.create_buffer("result", 256, kStorage | kCopySrc), 0, 256};
    gpu::Frame frame(device, "reduce");
    frame.begin_pass("reduce", 0);
    for (size_t k = 0; k < parts.size(); ++k) {
      const u32 size = static_cast<u32>(parts[k].elements.size());
      if (size != 0) reduce.fold(frame, std::span(&groups[k], 1), divide_round_up(size, kBlockRows));
    }
    reduce.merge(frame, result);
    frame.end_pass();
    const gpu::Ticket ticket = frame.read({result.buffer, 0, sizeof(ReduceState)});
    frame.submit();
    for (;;) {
      const auto pumped = gpu_->pump(true);
      EXPECT_TRUE(pumped) << pumped.error().message();
      if (!pumped) return {};
      if (const auto bytes = device.readbacks.take(ticket)) {
        ReduceState state;
        std::memcpy(&state, bytes->data(), sizeof state);
        return state;
      }
    }
  }

  static void expect_equal(const ReduceState& state, const ReduceState& wanted) {
    EXPECT_EQ(state.count, wanted.count);
    EXPECT_EQ(state.smallest, wanted.smallest);
    EXPECT_EQ(state.largest, wanted.largest);
    EXPECT_EQ(state.sum_low, wanted.sum_low);
    EXPECT_EQ(state.sum_high, wanted.sum_high);
  }

  std::unique_ptr<gpu::NativeGpu> gpu_;
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

INSTANTIATE_TEST_SUITE_P(Tiers, ReduceTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
