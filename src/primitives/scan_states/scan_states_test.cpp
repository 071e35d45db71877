// Scans of states against the CPU: products that do not commute, boxes of eight words, sixteen words, both tiers.
#include "primitives/scan_states/scan_states.h"

#include <array>

#include "primitives/fold_states/example_states.h"
#include "primitives/primitive_test.h"

namespace shoal::primitives {
namespace {

// Sixteen running sums, each of a value turned by one bit more.
constexpr std::string_view kSixteen = R"(
@group(1) @binding(0) var<storage, read> values: array<u32>;
struct State { sums: array<vec4u, 4> }
fn identity() -> State { return State(array<vec4u, 4>()); }
fn lift(row: u32) -> State {
  let turned = vec4u(values[row]) >> vec4u(0u, 1u, 2u, 3u);
  return State(array<vec4u, 4>(turned, turned >> vec4u(4u), turned >> vec4u(8u), turned >> vec4u(12u)));
}
fn combine(a: State, b: State) -> State {
  return State(array<vec4u, 4>(a.sums[0] + b.sums[0], a.sums[1] + b.sums[1], a.sums[2] + b.sums[2], a.sums[3] + b.sums[3]));
}
)";

using Words = std::vector<u64>;

class ScanStatesTest : public PrimitiveTest {
 protected:
  // `through`: the state of all rows up to each.
  void expect_scanned(std::string_view text, const Words& identity, std::span<const u32> values,
                      std::span<const Words> through, bool count_on_gpu, bool is_inclusive) {
    const u32 words = static_cast<u32>(identity.size()), rows = static_cast<u32>(values.size());
    SCOPED_TRACE(fmt::format("{} rows of {} words", rows, words));
    const FoldStatesOptions options{.program = {.text = text, .bindings = std::span(&kValues, 1)},
                                    .state_words = words};
    wait_until([&] { return prepare_scan_states(device(), options); });
    const gpu::View result = untouched(u64{rows} * words), total = untouched(words), uploaded = upload(values);
    run([&](gpu::Frame& frame) {
      return scan_states(frame, {.options = options,
                                 .count = count_of(rows, count_on_gpu),
                                 .result = result,
                                 .total = is_inclusive ? gpu::View() : total,
                                 .is_inclusive = is_inclusive,
                                 .program_views = std::span(&uploaded, 1)});
    });
    Words wanted;
    for (u32 row = 0; row < rows; ++row) {
      const Words& state = is_inclusive ? through[row] : row == 0 ? identity : through[row - 1];
      wanted.insert(wanted.end(), state.begin(), state.end());
    }
    EXPECT_EQ(elements_of(download(result), wanted.size(), false), wanted);
    if (!is_inclusive) {
      EXPECT_EQ(elements_of(download(total), words, false), rows == 0 ? identity : through.back());
    }
  }

  void expect_products(u32 size, bool count_on_gpu, bool is_inclusive) {
    Random random(size);
    std::vector<u32> values(size);
    std::array<u32, 4> product = {1, 0, 0, 1};
    std::vector<Words> through;
    for (u32 row = 0; row < size; ++row) {
      // An odd determinant: products of others soon are 0 modulo 2^32, whatever came before.
      const u32 value = values[row] = (random() & ~1u) | (~row & 1u);
      product = {product[0] * value + product[1] * row, product[0] + product[1] * 3,
                 product[2] * value + product[3] * row, product[2] + product[3] * 3};
      through.emplace_back(product.begin(), product.end());
    }
    expect_scanned(kMatrices, {1, 0, 0, 1}, values, through, count_on_gpu, is_inclusive);
  }
};

TEST_P(ScanStatesTest, ScansEverySizeInOrder) {
  bool flip = false;
  for (const u32 size : boundary_sizes(70'000)) {
    flip = !flip;
    expect_products(size, flip, true);
    expect_products(size, !flip, false);
    if (HasFailure()) return;
  }
}

TEST_P(ScanStatesTest, ScansStatesOfEightAndSixteenWords) {
  constexpr u32 kRows = 5'000;
  Random random(1);
  std::vector<u32> values(kRows);
  std::vector<Words> boxes, sums;
  Words box = {0, 0, 0xffffffffu, 0xffffffffu, 0, 0, 0, 0}, sum(16);
  const Words no_box = box, no_sum = sum;
  for (u32 row = 0; row < kRows; ++row) {
    const u32 value = values[row] = random();
    const u64 low = value & 0xffffu, high = value >> 16;
    box = {box[0] + 1,
           low_word(box[1] + value),
           std::min(box[2], low),
           std::min(box[3], high),
           std::max(box[4], low),
           std::max(box[5], high),
           std::max(box[6], u64{value}),
           row};
    boxes.push_back(box);
    for (u32 k = 0; k < 16; ++k) sum[k] = low_word(sum[k] + (value >> k));
    sums.push_back(sum);
  }
  for (const bool is_inclusive : {false, true}) {
    expect_scanned(kBoxes, no_box, values, boxes, false, is_inclusive);
    expect_scanned(kSixteen, no_sum, values, sums, true, is_inclusive);
  }
}

// More strips than there are lanes, so that a lane scans several.
TEST_P(ScanStatesTest, ScansManyStrips) { expect_products(600'000, false, false); }

TEST_P(ScanStatesTest, CutsACountOfTheGpusToWhatTheResultHolds) {
  const FoldStatesOptions options{.program = {.text = kMatrices, .bindings = std::span(&kValues, 1)},
                                  .state_words = 4};
  wait_until([&] { return prepare_scan_states(device(), options); });
  const std::vector<u32> ones(3'000, 1);
  const gpu::View values = upload(ones), result = untouched(4 * 2'500);
  const gpu::View held{result.buffer, result.offset_bytes, 4 * 2'400 * 4};
  run([&](gpu::Frame& frame) {
    return scan_states(frame, {.options = options,
                               .count = count_of(3'000, true),
                               .result = held,
                               .program_views = std::span(&values, 1)});
  });
  const std::vector<u32> words = download(result);
  EXPECT_NE(words[4 * 2'400 - 1], kUntouched);
  EXPECT_EQ(words[4 * 2'400], kUntouched);
}

TEST_P(ScanStatesTest, RefusesWhatCannotBe) {
  const gpu::View result = untouched(80);
  const auto said = [&](const FoldStatesOptions& options) {
    return refusal(
        [&](gpu::Frame& frame) { return scan_states(frame, {.options = options, .count = 5, .result = result}); });
  };
  for (const u32 words : {0u, 17u, 0x10000000u}) {
    EXPECT_EQ(
        said({.program = {.text = kBoxes}, .state_words = words}),
        "`state_words` is not from 1 to 16. Give the words of a State in an array. (argument of scan_states)");
  }
  EXPECT_EQ(said({.program = {.text = kBoxes, .bindings = std::span(&kValues, 1)}}),
            "`program_views` has not a view for each binding of the program. Give one each. (argument of "
            "scan_states)");
  EXPECT_EQ(said({}), "`program` of scan_states is empty. Give WGSL with State, identity, lift and combine.");
}

INSTANTIATE_TEST_SUITE_P(Tiers, ScanStatesTest, testing::Values(gpu::Tier::kFull, gpu::Tier::kMinimum));

}  // namespace
}  // namespace shoal::primitives
