// Density counts to a picture on the GPU: the largest value first, then every pixel's colour. Nothing comes back
// to the host in between.
#pragma once

#include <optional>
#include <vector>

#include "gpu/growing_buffer.h"
#include "plot/bin_edges.h"
#include "plot/color.h"
#include "primitives/reduce/reduce.h"

namespace shoal::plot {

struct DensityShadingRequest {
  gpu::View counts;  // begins with bins_x x bins_y counts, rows of bins from the low end of y up
  const AxisBinning* x = nullptr;
  const AxisBinning* y = nullptr;
  u32 width = 0, height = 0;  // of the picture, in pixels
  Scheme scheme = Scheme::kViridis;
  ColorScale scale = ColorScale::kCubeRoot;
  bool is_dark = false;
};

class DensityShading {
 public:
  Result<void> prepare(gpu::Device& device);
  bool is_ready() const { return shade_ != nullptr && shade_->is_ready() && extent_.is_ready(); }

  // Writes the picture into pixels().
  void record(gpu::Frame& frame, const DensityShadingRequest& request);

  // Rows of RGBA8 pixels, words_per_row() apart.
  gpu::View pixels() const { return pixels_.first(pixels_bytes_); }
  u32 words_per_row() const { return words_per_row_; }
  // Of the values shaded: a primitives::ReduceState whose `largest` holds the bits of an f32.
  gpu::View extent() const { return {extent_result_, 0, sizeof(primitives::ReduceState)}; }

 private:
  primitives::Reduce extent_;
  const gpu::Kernel* shade_ = nullptr;
  u32 params_ = 0, colors_ = 0, extent_result_ = 0;  // buffers
  gpu::GrowingBuffer covered_{"codes covered", gpu::BufferUsage::kStorage | gpu::BufferUsage::kCopyDst};
  gpu::GrowingBuffer pixels_{"pixels", gpu::BufferUsage::kStorage | gpu::BufferUsage::kCopySrc};
  // What the GPU has already: a picture of the same view in another selection needs no upload of it.
  std::vector<u32> covered_there_;
  std::optional<ColorTable> colors_there_;
  u64 pixels_bytes_ = 0;
  u32 words_per_row_ = 0;
};

// The f32 in the largest of an extent that came back.
float largest_value(std::span<const std::byte> extent);

}  // namespace shoal::plot
