// Points in a picture of 1000 x 600, 16 bits a coordinate, beside the atomic roof: at random places, in Morton
// order, and in Morton order with most of them near the centre.
#include "gpu/native/pass_timer.h"
#include "primitives/array_points.kernel.h"
#include "primitives/array_points_layout.gen.h"
#include "primitives/bench_data.h"
#include "primitives/benches.h"
#include "primitives/density/density.h"
#include "primitives/density/density_layout.gen.h"

namespace shoal::primitives {
namespace {

constexpr u32 kBins = 1000 * 600;

enum class Order { kRandom, kMorton, kMortonDense };

// Every second bit of a word, from the lowest on.
u32 even_bits(u64 word) {
  u32 bits = 0;
  for (u32 k = 0; k < 16; ++k) bits |= static_cast<u32>((word >> (2 * k)) & 1) << k;
  return bits;
}

// Closer to the middle by the cube of the distance, in whole numbers: the order along the axis stays.
u32 towards_middle(u32 coordinate) {
  const i64 distance = static_cast<i64>(coordinate) - 32'768;
  return static_cast<u32>(distance * distance * distance / (i64{1} << 30) + 32'768);
}

Result<gpu::View> point_words(gpu::NativeGpu& gpu, u64 rows, Order order) {
  if (order == Order::kRandom) return random_words(gpu, "density bench", rows, 1);
  return made_words(gpu, "density bench", rows, 1, [&](u64 row) {
    const u64 code = (row << 32) / rows;
    const u32 x = even_bits(code), y = even_bits(code >> 1);
    return order == Order::kMorton ? x | y << 16 : towards_middle(x) | towards_middle(y) << 16;
  });
}

Result<gpu::BenchResult> run(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request,
                             std::string_view name, Order order) {
  using enum gpu::BufferUsage;
  gpu::Device& device = gpu.device();
  gpu::Recorder& recorder = device.recorder;
  SHOAL_TRY_SET(const gpu::View words, point_words(gpu, request.rows, order));
  const DensityParams params{.bin_count = kBins};
  const PointParams points{
      .rows = static_cast<u32>(request.rows), .skipped_block = 0xffffffffu, .hidden_block = 0xffffffffu};
  const auto uniform = [&](const auto& value) {
    const gpu::View view{recorder.create_buffer("density bench", 256, kUniform | kCopyDst), 0, sizeof value};
    recorder.write(view, std::as_bytes(std::span(&value, 1)));
    return view;
  };
  const u64 counts_bytes = u64{4} * (kBins + 4);
  const gpu::View counts{recorder.create_buffer("density bench", counts_bytes, kStorage | kCopySrc | kCopyDst), 0,
                         counts_bytes};

  const auto& program = array_points_kernel().variant({"packed"});
  const auto kernel_of_form = [&] {
    return device.kernels.get(recorder, {.kernel = &density_variant(device.capabilities),
                                         .program = program.text,
                                         .program_bindings = program.bindings});
  };
  SHOAL_TRY(gpu::for_each_form(request, [&]() -> Result<void> {
    SHOAL_TRY(kernel_of_form());
    return {};
  }));
  SHOAL_TRY(gpu::finish_compilation(gpu));
  const gpu::View kernel_views[] = {uniform(params), counts}, program_views[] = {uniform(points), words};
  const u32 blocks = static_cast<u32>(divide_round_up(request.rows, u64{4096}));
  const u32 most = device.capabilities.limits.max_workgroups_per_dimension;
  const auto kernel_ms = [&]() -> Result<double> {
    SHOAL_TRY_SET(const gpu::Kernel* kernel, kernel_of_form());
    const u32 groups[] = {
        device.bind_groups.get(recorder, kernel->bind_group_layouts[0], "density bench", kernel_views),
        device.bind_groups.get(recorder, kernel->bind_group_layouts[1], "density bench", program_views)};
    return gpu::time_pass_ms(gpu, [&](gpu::Frame& frame) {
      frame.dispatch(
          {.kernel = kernel, .groups = groups, .x = std::min(blocks, most), .y = divide_round_up(blocks, most)});
    });
  };
  const gpu::BenchResult described{
      .name = std::string(name), .n = request.rows, .bytes = request.rows * 4, .roof = "atomic"};
  return gpu::run_in_turns(
      request, described, request.rows, kernel_ms, [&] { return roofs.atomic_adds_per_s(); },
      [&]() -> Result<std::vector<std::byte>> {
        // Counts only grow.
        gpu::Frame frame(device, "clear");
        frame.clear(counts);
        frame.submit();
        SHOAL_TRY(kernel_ms());
        return gpu::read_views(gpu, std::span(&counts, 1));
      });
}

constexpr gpu::Bench kBenches[] = {
    {"density",
     [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
       return run(gpu, roofs, request, "density", Order::kRandom);
     }},
    {"density-morton",
     [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
       return run(gpu, roofs, request, "density-morton", Order::kMorton);
     }},
    {"density-dense", [](gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, const gpu::BenchRequest& request) {
       return run(gpu, roofs, request, "density-dense", Order::kMortonDense);
     }}};

}  // namespace

std::span<const gpu::Bench> density_benches() { return kBenches; }

}  // namespace shoal::primitives
