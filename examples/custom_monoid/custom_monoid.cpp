// An operation of one's own: the componentwise maximum of bytes, four to a word.
//
// fold and scan take any associative operation as WGSL. Four maxima at the price of one is what no built-in
// operator gives. The same text serves fold (all four maxima) and an inclusive scan (the maxima so far).
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <shoal/gpu/native/native_gpu.h>
#include <shoal/primitives/fold/fold.h>

using namespace shoal;

namespace {

// What the two functions must be: `identity` leaves every element as it is, and combine(combine(a, b), c) is
// combine(a, combine(b, c)). It need not commute: `a` always stands left of `b`.
constexpr std::string_view kMaxOfBytes = R"(
fn identity() -> u32 { return 0u; }
fn combine(a: u32, b: u32) -> u32 { return pack4xU8(max(unpack4xU8(a), unpack4xU8(b))); }
)";

u32 combine(u32 a, u32 b) {
  u32 result = 0;
  for (u32 shift = 0; shift < 32; shift += 8) {
    result |= std::max((a >> shift) & 255u, (b >> shift) & 255u) << shift;
  }
  return result;
}

Result<void> run(u32 count) {
  SHOAL_TRY_SET(const auto gpu, gpu::NativeGpu::open("", gpu::Tier::kFull, {}));
  gpu::Device& device = gpu->device();
  std::vector<u32> colors(align_up(count, 4u));
  u32 state = 7;
  for (u32& color : colors) {
    state = state * 1664525u + 1013904223u;
    color = state & 0x7f3f1fffu;
  }
  const gpu::View values = gpu->create_array("colors", colors.size() * 4);
  const gpu::View so_far = gpu->create_array("maxima so far", colors.size() * 4);
  const gpu::View all = gpu->create_array("maxima", 16);
  device.recorder.write(values, std::as_bytes(std::span(colors)));

  const primitives::ScanOptions options{.monoid = {.text = kMaxOfBytes}};
  SHOAL_TRY(gpu->wait_until([&]() -> Result<bool> {
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
  SHOAL_TRY_SET(const std::vector<std::byte> scanned_bytes, gpu->wait_for(scanned));
  SHOAL_TRY_SET(const std::vector<std::byte> folded_bytes, gpu->wait_for(folded));

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

}  // namespace

int main(int argc, char** argv) {
  const Result<void> done = run(argc > 1 ? static_cast<u32>(std::atoi(argv[1])) : 1'000'000);
  if (!done) std::fprintf(stderr, "%s\n", done.error().message().c_str());
  return done ? 0 : 1;
}
