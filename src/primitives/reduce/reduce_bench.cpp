// Count, sum, smallest and largest of random words, narrow and wide, beside the read roof.
#include <algorithm>
#include <bit>
#include <vector>

#include "gpu/native/pass_timer.h"
#include "primitives/array_elements.kernel.h"
#include "primitives/array_elements_layout.gen.h"
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/reduce/reduce.h"

namespace shoal::primitives {
namespace {

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request,
                             bool wide) {
  using enum gpu::BufferUsage;
  gpu::Device& device = gpu.device();
  const u32 words_per_row = wide ? 2 : 1;
  SHOAL_TRY_SET(const gpu::View words, random_words(gpu, "reduce bench", request.rows, words_per_row));
  const ArrayParams params{.rows = static_cast<u32>(request.rows), .first_block = 0, .skipped_block = 0xffffffffu};
  const gpu::View uniform{device.recorder.create_buffer("reduce bench", 256, kUniform | kCopyDst), 0,
                          sizeof params};
  device.recorder.write(uniform, std::as_bytes(std::span(&params, 1)));
  const gpu::View result{device.recorder.create_buffer("reduce bench", 256, kStorage | kCopySrc), 0, 256};

  const std::string_view features[] = {"wide"};
  const auto& program = array_elements_kernel().variant(std::span(features).first(wide ? 1 : 0));
  Reduce reduce;
  SHOAL_TRY(
      reduce.prepare(device, {.text = program.text, .bindings = program.bindings, .wide = wide, .dense = true}));
  SHOAL_TRY(gpu::finish_compilation(gpu));
  const gpu::View views[] = {uniform, words};
  const u32 group = device.bind_groups.get(device.recorder, reduce.program_layout(1), "reduce bench", views);
  const u32 blocks = static_cast<u32>(divide_round_up(request.rows, u64{4096}));
  reduce.reserve(device, blocks);
  gpu::BenchResult described{.name = wide ? "reduce-wide" : "reduce",
                             .n = request.rows,
                             .bytes = request.rows * words_per_row * 4,
                             .roof = "read"};
  const auto kernel_ms = [&] {
    return gpu::time_pass_ms(gpu, [&](gpu::Frame& frame) {
      reduce.fold(frame, std::span(&group, 1), blocks);
      reduce.merge(frame, result);
    });
  };
  return gpu::run_in_turns(
      request, described, described.bytes, kernel_ms, [&] { return roofs.read_bytes_per_s(); },
      [&]() -> Result<std::vector<std::byte>> {
        SHOAL_TRY(kernel_ms());
        return gpu::read_views(gpu, std::span(&result, 1));
      });
}

constexpr gpu::Bench kBenches[] = {
    {"reduce", [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs,
                  const gpu::BenchRequest& request) { return run(gpu, roofs, request, false); }},
    {"reduce-wide", [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
       return run(gpu, roofs, request, true);
     }}};

}  // namespace

std::span<const gpu::Bench> reduce_benches() { return kBenches; }

}  // namespace shoal::primitives
