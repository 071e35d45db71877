#include "wgsl/kernel_template.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace shoal::wgsl {
namespace {

std::string list_of(std::span<const std::string_view> names) {
  return names.empty() ? std::string("none") : fmt::format("{}", fmt::join(names, ", "));
}

Result<void> check_slots(const KernelTemplate& kernel, std::span<const SlotText> slots) {
  for (size_t i = 0; i < slots.size(); ++i) {
    std::string_view name = slots[i].name;
    if (std::ranges::find(kernel.slots, name) == kernel.slots.end()) {
      return fail(ErrorCode::kInvalidArgument, "Kernel {} has no slot {}. Its slots: {}.", quote(kernel.name),
                  quote(name), list_of(kernel.slots));
    }
    if (std::ranges::count(slots.first(i), name, &SlotText::name) > 0) {
      return fail(ErrorCode::kInvalidArgument, "Slot {} of kernel {} is given twice. Give it once.", quote(name),
                  quote(kernel.name));
    }
  }
  for (std::string_view name : kernel.slots) {
    if (std::ranges::count(slots, name, &SlotText::name) == 0) {
      return fail(ErrorCode::kInvalidArgument, "Slot {} of kernel {} is missing. Give its WGSL text.", quote(name),
                  quote(kernel.name));
    }
  }
  return {};
}

// Appends a slot's text without the declarations that the kernel has already, word for word: both were flattened
// from modules of one tree and may reach the same one.
void append_unrepeated(std::string& result, std::string_view text, std::string_view kernel) {
  constexpr std::string_view kKeywords[] = {"fn ", "const ", "struct ", "alias "};
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size() - 1) + 1;
    const std::string_view line = text.substr(at, end - at);
    if (std::ranges::any_of(kKeywords, [line](std::string_view keyword) { return line.starts_with(keyword); })) {
      // One line, or up to the first line that begins with the closing brace.
      if (line.find_first_of(";}") == std::string_view::npos) {
        const size_t last = text.find("\n}", at);
        if (last != std::string_view::npos) end = std::min(text.find('\n', last + 1), text.size() - 1) + 1;
      }
      const std::string_view declaration = text.substr(at, end - at);
      const size_t found = kernel.find(declaration);
      if (found != std::string_view::npos && (found == 0 || kernel[found - 1] == '\n')) {
        at = end;
        continue;
      }
    }
    result += text.substr(at, end - at);
    at = end;
  }
}

}  // namespace

bool Features::contains(std::string_view name) const { return std::ranges::find(names_, name) != names_.end(); }

const KernelTemplate& Kernel::variant(Features features) const {
  size_t mask = 0;
  for (size_t i = 0; i < feature_names.size(); ++i) mask |= size_t{features.contains(feature_names[i])} << i;
  return *variants[mask];
}

Result<std::string> splice(const KernelTemplate& kernel, std::span<const SlotText> slots) {
  SHOAL_TRY(check_slots(kernel, slots));
  size_t size = kernel.text.size();
  for (const SlotText& slot : slots) size += slot.text.size() + 1;
  std::string result;
  result.reserve(size);
  for (size_t at = 0; at < kernel.text.size();) {
    size_t end = std::min(kernel.text.find('\n', at), kernel.text.size() - 1) + 1;
    std::string_view line = kernel.text.substr(at, end - at);
    at = end;
    if (!line.starts_with(kSlotMarker)) {
      result += line;
      continue;
    }
    // A comment may follow the name.
    std::string_view name = line.substr(kSlotMarker.size());
    name = name.substr(0, name.find_first_of(" \t\r\n"));
    append_unrepeated(result, std::ranges::find(slots, name, &SlotText::name)->text, kernel.text);
    if (!result.ends_with('\n')) result += '\n';
  }
  return result;
}

}  // namespace shoal::wgsl
