// WGPUStringView to and from std::string_view.
#pragma once

#include <cstring>
#include <string_view>

#include <wgpu.h>

namespace shoal::gpu {

inline WGPUStringView wgpu_text(std::string_view text) { return {text.data(), text.size()}; }

inline std::string_view std_text(WGPUStringView text) {
  if (text.data == nullptr) return {};
  return {text.data, text.length == WGPU_STRLEN ? std::strlen(text.data) : text.length};
}

}  // namespace shoal::gpu
