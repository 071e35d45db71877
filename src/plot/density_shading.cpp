#include "plot/density_shading.h"

#include <algorithm>
#include <cstring>

#include "plot/density_values_layout.gen.h"
#include "plot/extent_program.kernel.h"
#include "plot/shade.kernel.h"

namespace shoal::plot {
namespace {

constexpr u32 kRowAlignmentWords = 64;  // copies into textures want rows of 256 bytes
constexpr u32 kNoCover = 0xffffffffu;
constexpr u32 kElementsPerBlock = 4096;

}  // namespace

Result<void> DensityShading::prepare(gpu::Device& device) {
  if (shade_ != nullptr) return {};
  const wgsl::KernelTemplate& program = extent_program_kernel().variant({});
  SHOAL_TRY(extent_.prepare(device, {.text = program.text, .bindings = program.bindings, .dense = true}));
  SHOAL_TRY_SET(shade_, device.kernels.get(device.recorder, {.kernel = &shade_kernel().variant({})}));
  return {};
}

void DensityShading::record(gpu::Frame& frame, const DensityShadingRequest& request) {
  using enum gpu::BufferUsage;
  gpu::Device& device = frame.device();
  gpu::Recorder& recorder = device.recorder;
  if (params_ == 0) {
    params_ = recorder.create_buffer("shade params", 256, kUniform | kCopyDst);
    colors_ = recorder.create_buffer("shade colors", 4 * kColorTableSize, kStorage | kCopyDst);
    extent_result_ = recorder.create_buffer("shade extent", 256, kStorage | kCopySrc);
  }
  words_per_row_ = align_up(request.width, kRowAlignmentWords);
  pixels_bytes_ = u64{4} * words_per_row_ * request.height;
  pixels_.reserve(device, pixels_bytes_);

  std::vector<u32> covered = request.x->codes_covered;
  covered.insert(covered.end(), request.y->codes_covered.begin(), request.y->codes_covered.end());
  if (covered.empty()) covered.push_back(1);
  if (covered_.reserve(device, covered.size() * 4) || covered != covered_there_) {
    recorder.write(covered_.first(covered.size() * 4), std::as_bytes(std::span(covered)));
    covered_there_ = std::move(covered);
  }
  if (const ColorTable table = color_table(request.scheme, request.is_dark); table != colors_there_) {
    recorder.write({colors_, 0, sizeof table}, std::as_bytes(std::span(table)));
    colors_there_ = table;
  }
  const size_t covers_x = request.x->codes_covered.size(), covers_y = request.y->codes_covered.size();
  const ShadeParams params{.width = request.width,
                           .height = request.height,
                           .words_per_row = words_per_row_,
                           .bins_x = request.x->edges.bin_count,
                           .bins_y = request.y->edges.bin_count,
                           .covered_x = covers_x == 0 ? kNoCover : 0,
                           .covered_y = covers_y == 0 ? kNoCover : static_cast<u32>(covers_x),
                           .color_scale = static_cast<u32>(request.scale),
                           .scale = request.x->codes_per_bin * request.y->codes_per_bin};
  recorder.write({params_, 0, sizeof params}, std::as_bytes(std::span(&params, 1)));

  const gpu::View value_views[] = {{params_, 0, sizeof(ShadeParams)}, request.counts, covered_.all()};
  const u32 bins = params.bins_x * params.bins_y;
  const u32 blocks = divide_round_up(bins, kElementsPerBlock);
  const u32 extent_group = device.bind_groups.get(recorder, extent_.program_layout(1), "extent", value_views);
  extent_.reserve(device, blocks);
  frame.begin_pass("extent", u64{4} * bins);
  extent_.fold(frame, std::span(&extent_group, 1), blocks);
  extent_.merge(frame, {extent_result_, 0, 256});
  frame.end_pass();

  const gpu::View picture_views[] = {{colors_, 0, 4 * kColorTableSize}, {extent_result_, 0, 256}, pixels_.all()};
  const u32 groups[] = {
      device.bind_groups.get(recorder, shade_->bind_group_layouts[0], "picture", picture_views),
      device.bind_groups.get(recorder, shade_->bind_group_layouts[1], "density values", value_views)};
  frame.begin_pass("shade", u64{4} * bins + pixels_bytes_);
  frame.dispatch({.kernel = shade_,
                  .groups = groups,
                  .x = divide_round_up(request.width, shade_->workgroup_size[0]),
                  .y = divide_round_up(request.height, shade_->workgroup_size[1])});
  frame.end_pass();
}

float largest_value(std::span<const std::byte> extent) {
  primitives::ReduceState state;
  if (extent.size() < sizeof state) return 0;
  std::memcpy(&state, extent.data(), sizeof state);
  return std::bit_cast<float>(state.largest[0]);
}

}  // namespace shoal::plot
