// Operations of one's own: the componentwise maximum of bytes, four to a word, and the best stretch so far, a
// struct.
//
// fold and scan take any associative operation on words as WGSL. Four maxima at the price of one is what no
// built-in operator gives. The same text serves fold (all four maxima) and an inclusive scan (the maxima so far).
// scan_states takes operations on structs: what has to be known of two neighbouring parts to know it of both.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <shoal/gpu/native/native_gpu.h>
#include <shoal/primitives/fold/fold.h>
#include <shoal/primitives/scan_states/scan_states.h>

using namespace shoal;

namespace {

// What the two functions must be: `identity` leaves every element as it is, and combine(combine(a, b), c) is
// combine(a, combine(b, c)). It need not commute: `a` always stands left of `b`.
constexpr std::string_view kMaxOfBytes = R"(
fn identity() -> u32 { return 0u; }
fn combine(a: u32, b: u32) -> u32 { return pack4xU8(max(unpack4xU8(a), unpack4xU8(b))); }
)";

// The largest sum of neighbours: it lies in the left part, in the right one, or over where they meet.
constexpr std::string_view kBestStretch = R"(
@group(1) @binding(0) var<storage, read> colors: array<u32>;
struct State { sum: i32, from_begin: i32, to_end: i32, best: i32 }
fn identity() -> State { return State(0, 0, 0, 0); }
fn lift(row: u32) -> State {
  let value = i32(colors[row] & 255u) - 128;
  return State(value, max(value, 0), max(value, 0), max(value, 0));
}
fn combine(a: State, b: State) -> State {
  return State(a.sum + b.sum, max(a.from_begin, a.sum + b.from_begin), max(b.to_end, a.to_end + b.sum),
               max(max(a.best, b.best), a.to_end + b.from_begin));
}
)";
constexpr wgsl::Binding kColors{
    .group = 1, .binding = 0, .kind = wgsl::BindingKind::kStorageRead, .name = {}, .min_size_bytes = 4};

u32 combine(u32 a, u32 b) {
  u32 result = 0;
  for (u32 shift = 0; shift < 32; shift += 8) {
    result |= std::max((a >> shift) & 255u, (b >> shift) & 255u) << shift;
  }
  return result;
}

Result<void> run_words(gpu::NativeGpu& gpu, const gpu::View& values, std::span<const u32> colors) {
  gpu::Device& device = gpu.device();
  const u32 count = static_cast<u32>(colors.size());
  const gpu::View so_far = gpu.create_array("maxima so far", values.size_bytes);
  const gpu::View all = gpu.create_array("maxima", 16);

  const primitives::ScanOptions options{.monoid = {.text = kMaxOfBytes}};
  SHOAL_TRY(gpu.wait_until([&]() -> Result<bool> {
    SHOAL_TRY_SET(const bool scans, primitives::prepare_scan(device, options));
    SHOAL_TRY_SET(const bool folds, primitives::prepare_fold(device, options));
    return scans && folds;
  }));
  gpu::Frame frame(device, "maxima of bytes");
  SHOAL_TRY(primitives::scan(
      frame, {.options = options, .values = values, .count = count, .result = so_far, .is_inclusive = true}));
  SHOAL_TRY(primitives::fold(frame, {.options = options, .values = values, .count = count, .result = all}));
  const gpu::Ticket scanned = frame.read(so_far), folded = frame.read({all.buffer, 0, 4});
  frame.submit();
  SHOAL_TRY_SET(const std::vector<std::byte> scanned_bytes, gpu.wait_for(scanned));
  SHOAL_TRY_SET(const std::vector<std::byte> folded_bytes, gpu.wait_for(folded));

  const auto* got = reinterpret_cast<const u32*>(scanned_bytes.data());
  u32 wanted = 0;
  for (u32 i = 0; i < count; ++i) {
    wanted = combine(wanted, colors[i]);
    if (got[i] != wanted) return fail(ErrorCode::kInternal, "Maximum {} is {:08x}, not {:08x}.", i, got[i], wanted);
  }
  const u32 maximum = *reinterpret_cast<const u32*>(folded_bytes.data());
  if (maximum != wanted) return fail(ErrorCode::kInternal, "The maximum is {:08x}, not {:08x}.", maximum, wanted);
  std::printf("maxima of four bytes over %u words: %08x\n", count, maximum);
  return {};
}

Result<void> run_states(gpu::NativeGpu& gpu, const gpu::View& values, std::span<const u32> colors) {
  gpu::Device& device = gpu.device();
  const u32 count = static_cast<u32>(colors.size());
  // Four words: in an array, WGSL gives this State as many.
  const primitives::FoldStatesOptions options{.program = {.text = kBestStretch, .bindings = std::span(&kColors, 1)},
                                              .state_words = 4};
  const gpu::View so_far = gpu.create_array("states so far", std::max(u64{count} * 16, u64{16}));
  SHOAL_TRY(gpu.wait_until([&] { return primitives::prepare_scan_states(device, options); }));
  gpu::Frame frame(device, "best stretches");
  SHOAL_TRY(primitives::scan_states(frame, {.options = options,
                                            .count = count,
                                            .result = so_far,
                                            .is_inclusive = true,
                                            .program_views = std::span(&values, 1)}));
  const gpu::Ticket scanned = frame.read(so_far);
  frame.submit();
  SHOAL_TRY_SET(const std::vector<std::byte> bytes, gpu.wait_for(scanned));
  const auto* states = reinterpret_cast<const i32*>(bytes.data());
  i32 to_end = 0, best = 0;
  for (u32 i = 0; i < count; ++i) {
    to_end = std::max(to_end + static_cast<i32>(colors[i] & 255u) - 128, 0);
    best = std::max(best, to_end);
    if (states[4 * i + 3] != best) {
      return fail(ErrorCode::kInternal, "The best sum up to {} is {}, not {}.", i, states[4 * i + 3], best);
    }
  }
  std::printf("the best sum of neighbours: %d\n", best);
  return {};
}

Result<void> run(u32 count) {
  SHOAL_TRY_SET(const auto gpu, gpu::NativeGpu::open("", gpu::Tier::kFull, {}));
  std::vector<u32> colors(align_up(count, 4u));
  u32 state = 7;
  for (u32& color : colors) {
    state = state * 1664525u + 1013904223u;
    color = state & 0x7f3f1fffu;
  }
  const gpu::View values = gpu->create_array("colors", colors.size() * 4);
  gpu->device().recorder.write(values, std::as_bytes(std::span(colors)));
  const std::span<const u32> counted = std::span(colors).first(count);
  SHOAL_TRY(run_words(*gpu, values, counted));
  return run_states(*gpu, values, counted);
}

}  // namespace

int main(int argc, char** argv) {
  const Result<void> done = run(argc > 1 ? static_cast<u32>(std::atoi(argv[1])) : 1'000'000);
  if (!done) std::fprintf(stderr, "%s\n", done.error().message().c_str());
  return done ? 0 : 1;
}
