// Points at random places of a picture of 1000 x 600, 16 bits a coordinate, beside the atomic roof.
#include "gpu/native/pass_timer.h"
#include "primitives/array_points.kernel.h"
#include "primitives/array_points_layout.gen.h"
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/density/density.kernel.h"
#include "primitives/density/density_layout.gen.h"

namespace shoal::primitives {
namespace {

constexpr u32 kBins = 1000 * 600;

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
  using enum gpu::BufferUsage;
  gpu::Device& device = gpu.device();
  gpu::Recorder& recorder = device.recorder;
  SHOAL_TRY_SET(const gpu::View words, random_words(gpu, "density bench", request.rows, 1));
  const DensityParams params{.bin_count = kBins};
  const PointParams points{
      .rows = static_cast<u32>(request.rows), .skipped_block = 0xffffffffu, .hidden_block = 0xffffffffu};
  const auto uniform = [&](const auto& value) {
    const gpu::View view{recorder.create_buffer("density bench", 256, kUniform | kCopyDst), 0, sizeof value};
    recorder.write(view, std::as_bytes(std::span(&value, 1)));
    return view;
  };
  const u64 counts_bytes = u64{4} * (kBins + 4);
  const gpu::View counts{recorder.create_buffer("density bench", counts_bytes, kStorage), 0, counts_bytes};

  const auto& program = array_points_kernel().variant({"packed"});
  SHOAL_TRY_SET(const gpu::Kernel* kernel, device.kernels.get(recorder, {.kernel = &density_kernel().variant({}),
                                                                         .program = program.text,
                                                                         .program_bindings = program.bindings}));
  SHOAL_TRY(gpu::finish_compilation(gpu));
  const gpu::View kernel_views[] = {uniform(params), counts}, program_views[] = {uniform(points), words};
  const u32 groups[] = {
      device.bind_groups.get(recorder, kernel->bind_group_layouts[0], "density bench", kernel_views),
      device.bind_groups.get(recorder, kernel->bind_group_layouts[1], "density bench", program_views)};
  const u32 blocks = static_cast<u32>(divide_round_up(request.rows, u64{4096}));
  const u32 most = device.capabilities.limits.max_workgroups_per_dimension;
  const gpu::BenchResult described{
      .name = "density", .n = request.rows, .bytes = request.rows * 4, .roof = "atomic"};
  return gpu::run_in_turns(
      request, described, request.rows,
      [&] {
        return gpu::time_pass_ms(gpu, [&](gpu::Frame& frame) {
          frame.dispatch({.kernel = kernel,
                          .groups = groups,
                          .x = std::min(blocks, most),
                          .y = divide_round_up(blocks, most)});
        });
      },
      [&] { return roofs.atomic_adds_per_s(); });
}

}  // namespace

gpu::Bench density_bench() { return {"density", run}; }

}  // namespace shoal::primitives
