// Unique and run-length coding against their CPU twin: runs of every length, both widths, counts of host and GPU.
#include "primitives/runs/runs.h"

#include "primitives/primitive_test.h"
#include "primitives/runs/runs_reference.h"

namespace shoal::primitives {
namespace {

class RunsTest : public PrimitiveTest {
 protected:
  void expect_coded(ElementType type, std::span<const u64> values, bool count_on_gpu) {
    const bool wide = is_wide(type);
    const u32 words = wide ? 2 : 1, size = static_cast<u32>(values.size());
    const RunOptions options{.type = type};
    const Runs wanted = runs_reference(values);
    const u32 runs = static_cast<u32>(wanted.values.size());
    const gpu::View view = upload(values, wide);

    wait_until([&] { return prepare_unique(device(), options); });
    const gpu::View result = untouched(u64{size} * words), result_count = untouched(1);
    run([&](gpu::Frame& frame) {
      return unique(frame, {.options = options,
                            .values = view,
                            .count = count_of(size, count_on_gpu),
                            .result = result,
                            .result_count = result_count});
    });
    ASSERT_EQ(elements_of(download(result_count), 1, false)[0], runs);
    EXPECT_EQ(elements_of(download(result), runs, wide), wanted.values);

    wait_until([&] { return prepare_run_length_encode(device(), options); });
    const gpu::View run_values = untouched(u64{size} * words), lengths = untouched(size), run_count = untouched(1);
    run([&](gpu::Frame& frame) {
      return run_length_encode(frame, {.options = options,
                                       .values = view,
                                       .count = count_of(size, count_on_gpu),
                                       .run_values = run_values,
                                       .lengths = lengths,
                                       .run_count = run_count});
    });
    ASSERT_EQ(elements_of(download(run_count), 1, false)[0], runs);
    EXPECT_EQ(elements_of(download(run_values), runs, wide), wanted.values);
    EXPECT_EQ(elements_of(download(lengths), runs, false), wanted.lengths);

    wait_until([&] { return prepare_run_length_decode(device(), options); });
    const gpu::View decoded = untouched(u64{size} * words), decoded_count = untouched(1);
    run([&](gpu::Frame& frame) {
      return run_length_decode(frame,
                               {.options = options,
                                .run_values = run_values,
                                .lengths = lengths,
                                .run_count = count_on_gpu ? gpu::Count(gpu::View{run_count.buffer, 0, 4}) : runs,
                                .result = decoded,
                                .result_count = decoded_count});
    });
    EXPECT_EQ(elements_of(download(decoded_count), 1, false)[0], size);
    EXPECT_EQ(elements_of(download(decoded), size, wide), std::vector<u64>(values.begin(), values.end()));
  }

  // Of two elements that differ in one half or the other.
  static std::vector<u64> runs_about(u32 size, u32 length, bool wide) {
    Random random(size + length);
    std::vector<u64> values(size);
    for (u32 i = 0; i < size; ++i) {
      const u64 previous = i == 0 ? 1 : values[i - 1];
      const u64 other = wide && random() % 2 == 0 ? previous + (u64{1} << 40) : previous + 1;
      values[i] = random() % length == 0 ? other : previous;
    }
    return values;
  }
};

TEST_P(RunsTest, CodesEverySize) {
  bool flip = false;
  for (const u32 size : boundary_sizes(20'000)) {
    SCOPED_TRACE(fmt::format("{} elements", size));
    flip = !flip;
    expect_coded(flip ? ElementType::kU32 : ElementType::kU64, runs_about(size, 5, !flip), size % 2 == 0);
    if (HasFatalFailure()) return;
  }
}

TEST_P(RunsTest, CodesRunsOfEveryLength) {
  for (const u32 length : {1u, 2u, 40u, 3'000u, 1'000'000'000u}) {
    SCOPED_TRACE(fmt::format("about {} rows", length));
    expect_coded(ElementType::kF32, runs_about(50'011, length, false), false);
    expect_coded(ElementType::kI64, runs_about(50'011, length, true), true);
    if (HasFatalFailure()) return;
  }
}

TEST_P(RunsTest, CodesMillions) { expect_coded(ElementType::kU32, runs_about((1 << 21) + 1, 9, false), true); }

TEST_P(RunsTest, DecodesRunsOfNoneAndLeavesOutWhatDoesNotFit) {
  const RunOptions options;
  wait_until([&] { return prepare_run_length_decode(device(), options); });
  Random random(1);
  std::vector<u32> lengths(3'000);
  std::vector<u64> values(lengths.size()), wanted;
  for (size_t i = 0; i < lengths.size(); ++i) {
    lengths[i] = random() % 4 != 0 ? 0 : random() % 9;
    values[i] = i;
    wanted.insert(wanted.end(), lengths[i], i);
  }
  ASSERT_GT(wanted.size(), 2000u);
  for (const u32 room : {static_cast<u32>(align_up<size_t>(wanted.size(), 4)), 1'024u, 1'000u, 4u}) {
    const gpu::View result = untouched(room), result_count = untouched(1);
    run([&](gpu::Frame& frame) {
      return run_length_decode(frame, {.options = options,
                                       .run_values = upload(values, false),
                                       .lengths = upload(lengths),
                                       .run_count = static_cast<u32>(lengths.size()),
                                       .result = {result.buffer, 0, u64{room} * 4},
                                       .result_count = result_count});
    });
    EXPECT_EQ(elements_of(download(result_count), 1, false)[0], wanted.size());
    const size_t fitting = std::min<size_t>(room, wanted.size());
    EXPECT_EQ(elements_of(download(result), fitting, false),
              std::vector<u64>(wanted.begin(), wanted.begin() + static_cast<std::ptrdiff_t>(fitting)));
  }
}

INSTANTIATE_TEST_SUITE_P(Tiers, RunsTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
