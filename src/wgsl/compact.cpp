#include "wgsl/compact.h"

#include <algorithm>

#include "wgsl/kernel_template.h"

namespace shoal::wgsl {
namespace {

std::string without_comments(const Module& module) {
  std::string text;
  u32 copied = 0;
  for (const Span comment : module.comments) {
    if (module.source->slice(comment).starts_with(kSlotMarker)) continue;
    text += module.source->slice({copied, comment.begin});
    text += ' ';  // it parted what stands on its sides
    copied = comment.end;
  }
  return text.append(module.source->slice({copied, static_cast<u32>(module.source->text.size())}));
}

}  // namespace

std::string compact_text(const Module& module) {
  const std::string text = without_comments(module);
  std::string compact;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view line = std::string_view(text).substr(begin, end - begin);
    const size_t indented = std::min(line.find_first_not_of(" \t\r"), line.size());
    line.remove_prefix(indented);
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    if (!line.empty()) compact.append(indented > 0 ? " " : "").append(line) += '\n';
    begin = end + 1;
  }
  return compact;
}

}  // namespace shoal::wgsl
