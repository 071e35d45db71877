// Messages of wgpu-native are trees of causes over several lines.
#pragma once

#include <string>
#include <string_view>

namespace shoal::gpu {

// The first line says what; the rest is worth keeping on the same line.
inline std::string one_line(std::string_view message) {
  std::string line;
  for (const char c : message) {
    if (c != '\n') {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
  }
  return line;
}

}  // namespace shoal::gpu
