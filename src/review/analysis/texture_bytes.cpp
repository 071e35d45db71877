#include "review/analysis/texture_bytes.h"

#include <algorithm>

namespace shoal::review {
namespace {

struct Block {
  u32 width = 1, height = 1, bits = 0;
};

// From the format's own name: rgba8unorm has four channels of 8 bits, astc_6x5_unorm blocks of 6 by 5 in 128 bits.
Block block_of(gpu::TextureFormat format) {
  std::string_view name;
  for (const auto& known : gpu::names_of(format).names) {
    if (known.value == static_cast<u32>(format)) name = known.name;
  }
  if (name.starts_with("bc1") || name.starts_with("bc4") || name.starts_with("etc2_rgb8unorm") ||
      name.starts_with("etc2_rgb8a1") || name.starts_with("eac_r11")) {
    return {4, 4, 64};
  }
  if (name.starts_with("bc") || name.starts_with("etc2") || name.starts_with("eac")) return {4, 4, 128};
  if (name.starts_with("astc_")) {
    const auto number = [&](size_t& at) {
      u32 value = 0;
      while (at < name.size() && name[at] >= '0' && name[at] <= '9') value = 10 * value + u32(name[at++] - '0');
      return value;
    };
    size_t at = 5;
    const u32 width = number(at);
    ++at;
    return {width, number(at), 128};
  }
  if (name == "stencil8") return {1, 1, 8};
  if (name == "depth16unorm") return {1, 1, 16};
  if (name == "depth32float_stencil8") return {1, 1, 64};
  if (name.starts_with("depth")) return {1, 1, 32};
  if (name == "rgb10a2uint" || name == "rgb10a2unorm" || name == "rg11b10ufloat" || name == "rgb9e5ufloat") {
    return {1, 1, 32};
  }
  u32 channels = 0, bits = 0;
  size_t at = 0;
  while (at < name.size() && (name[at] < '0' || name[at] > '9')) ++channels, ++at;
  while (at < name.size() && name[at] >= '0' && name[at] <= '9')
    bits = 10 * bits + static_cast<u32>(name[at++] - '0');
  return {1, 1, channels * bits};
}

}  // namespace

u64 texture_bytes(const gpu::TextureDescriptor& texture) {
  const Block block = block_of(texture.format);
  // A stranger's numbers: none of WebGPU's textures is larger than this, and the product cannot wrap.
  constexpr u32 kMostSide = 1u << 16;
  u64 width = std::clamp(texture.width, 1u, kMostSide), height = std::clamp(texture.height, 1u, kMostSide);
  u64 depth = std::clamp(texture.depth_or_layers, 1u, kMostSide);
  const bool is_volume = texture.dimension == gpu::TextureDimension::k3d;
  u64 bits = 0;
  for (u32 level = 0; level < std::clamp(texture.mip_level_count, 1u, 17u); ++level) {
    bits +=
        divide_round_up<u64>(width, block.width) * divide_round_up<u64>(height, block.height) * depth * block.bits;
    width = std::max<u64>(width / 2, 1);
    height = std::max<u64>(height / 2, 1);
    if (is_volume) depth = std::max<u64>(depth / 2, 1);
  }
  return bits / 8 * std::clamp(texture.sample_count, 1u, 16u);
}

}  // namespace shoal::review
