// The exact sum of floats from 0 to 1, beside the read roof: each is read once.
#include <bit>

#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/primitive_bench.h"
#include "primitives/sum_floats/sum_floats.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(
      const gpu::View values, made_words(gpu, "sum floats bench", request.rows, 1, [](u64 word) {
        return std::bit_cast<u32>(static_cast<float>(static_cast<u32>(word) * 2654435761u >> 8) * 0x1p-24f);
      }));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, sizeof(RoundedSum)));
  const SumFloats args{.values = values, .count = static_cast<u32>(request.rows), .result = result};
  return measure(gpu, roofs, request,
                 {.described = {.name = "sum-floats", .n = request.rows, .bytes = request.rows * 4, .roof = "read"},
                  .prepare = [&] { return prepare_sum_floats(gpu.device()); },
                  .record = [&](gpu::Frame& frame) { return sum_floats(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"sum-floats", run}};

}  // namespace

std::span<const gpu::Bench> sum_floats_benches() { return kBenches; }

}  // namespace shoal::primitives
