// Count, mean and variance of floats in one reading (Chan, Golub & LeVeque 1979), beside the read roof.
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/fold_states/fold_states.h"
#include "primitives/primitive_bench.h"

namespace shoal::primitives {
namespace {

constexpr std::string_view kMoments = R"(
@group(1) @binding(0) var<storage, read> values: array<u32>;
struct State { count: f32, mean: f32, deviations: f32 }
fn identity() -> State { return State(0.0, 0.0, 0.0); }
fn lift(row: u32) -> State { return State(1.0, f32(values[row] >> 8u), 0.0); }
fn combine(a: State, b: State) -> State {
  let count = a.count + b.count;
  let off = b.mean - a.mean;
  let share = b.count / max(count, 1.0);
  return State(count, a.mean + off * share, a.deviations + b.deviations + off * off * a.count * share);
}
)";
constexpr wgsl::Binding kValues{
    .group = 1, .binding = 0, .kind = wgsl::BindingKind::kStorageRead, .name = {}, .min_size_bytes = 4};

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  const FoldStatesOptions options{.program = {.text = kMoments, .bindings = std::span(&kValues, 1)},
                                  .state_words = 3};
  SHOAL_TRY_SET(const gpu::View values, random_words(gpu, "fold states bench", request.rows, 1));
  SHOAL_TRY_SET(const gpu::View result, bench_array(gpu, 16));
  const FoldStates args{.options = options,
                        .count = static_cast<u32>(request.rows),
                        .result = result,
                        .program_views = std::span(&values, 1)};
  return measure(
      gpu, roofs, request,
      {.described = {.name = "fold-states", .n = request.rows, .bytes = request.rows * 4, .roof = "read"},
       .prepare = [&] { return prepare_fold_states(gpu.device(), options); },
       .record = [&](gpu::Frame& frame) { return fold_states(frame, args); }});
}

constexpr gpu::Bench kBenches[] = {{"fold-states", run}};

}  // namespace

std::span<const gpu::Bench> fold_states_benches() { return kBenches; }

}  // namespace shoal::primitives
