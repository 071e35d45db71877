// Numbers of 11 bits, beside the read roof: their bits are read and a word written.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/primitive_bench.h"
#include "primitives/unpack/unpack.h"

namespace shoal::primitives {
namespace {

constexpr u32 kBits = 11;

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(const gpu::View packed, random_words(gpu, "unpack bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, request.rows * 4));
  const Unpack args{.packed = packed, .bits = kBits, .count = static_cast<u32>(request.rows), .result = result};
  return measure(gpu, roofs, request,
                 {.described = {.name = "unpack",
                                .n = request.rows,
                                .bytes = request.rows * 4 + request.rows * kBits / 8,
                                .roof = "read"},
                  .prepare = [&] { return prepare_unpack(gpu.device()); },
                  .record = [&](gpu::Frame& frame) { return unpack(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"unpack", run}};

}  // namespace

std::span<const gpu::Bench> unpack_benches() { return kBenches; }

}  // namespace shoal::primitives
