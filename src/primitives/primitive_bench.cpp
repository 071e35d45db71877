#include "primitives/primitive_bench.h"

#include "base/text.h"
#include "gpu/native/pass_timer.h"

namespace shoal::primitives {

Result<gpu::BenchResult> measure(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request,
                                 const PrimitiveBench& bench) {
  SHOAL_TRY(gpu::for_each_form(request, [&]() -> Result<void> {
    SHOAL_TRY(bench.prepare());
    return {};
  }));
  SHOAL_TRY(gpu::finish_compilation(gpu));
  const bool is_copy = bench.described.roof == "copy";
  const auto kernel_ms = [&]() -> Result<double> {
    Result<void> recorded;
    SHOAL_TRY_SET(const double ms,
                  gpu::time_pass_ms(gpu, [&](gpu::Frame& frame) { recorded = bench.record(frame); }));
    SHOAL_TRY(recorded);
    return ms;
  };
  return gpu::run_in_turns(
      request, bench.described, bench.described.bytes, kernel_ms,
      [&] { return is_copy ? roofs.copy_bytes_per_s() : roofs.read_bytes_per_s(); },
      [&]() -> Result<std::vector<std::byte>> {
        SHOAL_TRY(kernel_ms());
        return gpu::read_views(gpu, bench.results);
      });
}

Result<gpu::View> bench_array(gpu::NativeGpu& gpu, u64 size_bytes) {
  using enum gpu::BufferUsage;
  gpu::Device& device = gpu.device();
  const u64 most_bytes = device.capabilities.limits.max_storage_binding_size_bytes;
  const u64 aligned_bytes = align_up(size_bytes, u64{256});
  if (aligned_bytes > most_bytes) {
    return fail(ErrorCode::kInvalidArgument,
                "A benchmark needs {} bytes in one binding, which has at most {} on {}. "
                "Give --rows a smaller number.",
                group_thousands(aligned_bytes), group_thousands(most_bytes), quote(device.capabilities.name));
  }
  return gpu::View{device.recorder.create_buffer("bench", aligned_bytes, kStorage | kCopySrc), 0, aligned_bytes};
}

}  // namespace shoal::primitives
