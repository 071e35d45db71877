#include <algorithm>
#include <cstdint>
#include <cstring>

#include "review/analysis/vertex_shader.h"

namespace shoal::review {
namespace {

using Format = gpu::VertexFormat;

// Of the floating-point formats: how many components, of how many bytes, and by what an integer is divided.
struct Layout {
  u32 count = 0, bytes = 0;
  bool is_signed = false, is_float = false;
};

Layout layout_of(Format format) {
  switch (format) {
    case Format::kUnorm8: return {1, 1};
    case Format::kUnorm8x2: return {2, 1};
    case Format::kUnorm8x4: return {4, 1};
    case Format::kSnorm8: return {1, 1, true};
    case Format::kSnorm8x2: return {2, 1, true};
    case Format::kSnorm8x4: return {4, 1, true};
    case Format::kUnorm16: return {1, 2};
    case Format::kUnorm16x2: return {2, 2};
    case Format::kUnorm16x4: return {4, 2};
    case Format::kSnorm16: return {1, 2, true};
    case Format::kSnorm16x2: return {2, 2, true};
    case Format::kSnorm16x4: return {4, 2, true};
    case Format::kFloat32: return {1, 4, true, true};
    case Format::kFloat32x2: return {2, 4, true, true};
    case Format::kFloat32x3: return {3, 4, true, true};
    case Format::kFloat32x4: return {4, 4, true, true};
    default: return {};
  }
}

float component(const Layout& layout, const std::byte* at) {
  if (layout.is_float) {
    float value = 0;
    std::memcpy(&value, at, sizeof value);
    return value;
  }
  if (layout.bytes == 1) {
    const u8 raw = static_cast<u8>(*at);
    return layout.is_signed ? std::max(static_cast<float>(static_cast<signed char>(raw)) / 127, -1.0f)
                            : static_cast<float>(raw) / 255;
  }
  u16 raw = 0;
  std::memcpy(&raw, at, sizeof raw);
  return layout.is_signed ? std::max(static_cast<float>(static_cast<std::int16_t>(raw)) / 32767, -1.0f)
                          : static_cast<float>(raw) / 65535;
}

}  // namespace

std::optional<Position> read_attribute(gpu::VertexFormat format, std::span<const std::byte> bytes) {
  const Layout layout = layout_of(format);
  if (layout.count == 0 || bytes.size() < size_t{layout.count} * layout.bytes) return std::nullopt;
  Position value = {0, 0, 0, 1};
  for (u32 i = 0; i < layout.count; ++i) value[i] = component(layout, bytes.data() + size_t{i} * layout.bytes);
  return value;
}

u32 attribute_bytes(gpu::VertexFormat format) {
  if (const Layout layout = layout_of(format); layout.count > 0) return layout.count * layout.bytes;
  if (format == Format::kUnorm1010102 || format == Format::kUnorm8x4Bgra) return 4;
  // "uint16x4": the bits of a component and how many there are.
  for (const auto& [value, name] : gpu::names_of(format).names) {
    if (value != static_cast<u32>(format)) continue;
    u32 bits = 0, count = 1;
    size_t at = name.find_first_of("0123456789");
    for (; at < name.size() && name[at] != 'x'; ++at) bits = 10 * bits + static_cast<u32>(name[at] - '0');
    if (at + 1 < name.size()) count = static_cast<u32>(name[at + 1] - '0');
    return bits / 8 * count;
  }
  return 0;
}

}  // namespace shoal::review
