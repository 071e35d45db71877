// Running means and variances of integers in floats (Chan, Golub & LeVeque 1979), three words a row, beside the
// copy roof.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/fold_states/bench_states.h"
#include "primitives/primitive_bench.h"
#include "primitives/scan_states/scan_states.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "scan states bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, request.rows * 12));
  const ScanStates args{.options = kMomentsOptions,
                        .count = static_cast<u32>(request.rows),
                        .result = result,
                        .program_views = std::span(&values, 1)};
  return measure(
      gpu, roofs, request,
      {.described = {.name = "scan-states", .n = request.rows, .bytes = request.rows * 16, .roof = "copy"},
       .prepare = [&] { return prepare_scan_states(gpu.device(), kMomentsOptions); },
       .record = [&](gpu::Frame& frame) { return scan_states(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"scan-states", run}};

}  // namespace

std::span<const gpu::Bench> scan_states_benches() { return kBenches; }

}  // namespace shoal::primitives
