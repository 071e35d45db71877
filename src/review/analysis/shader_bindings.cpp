#include "review/analysis/shader_bindings.h"

#include <charconv>
#include <optional>
#include <string>

namespace shoal::review {
namespace {

// Without white space and comments, between which an attribute may be spread.
std::string dense(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i, 2) == "//") {
      i = text.find('\n', i);
      if (i == std::string_view::npos) break;
    } else if (text.substr(i, 2) == "/*") {
      i = text.find("*/", i);
      if (i == std::string_view::npos) break;
      ++i;
    } else if (static_cast<unsigned char>(text[i]) > ' ') {
      out += text[i];
    }
  }
  return out;
}

// The number in `@name(12)`; nothing where it is an expression.
std::optional<u32> attribute(std::string_view text, std::string_view name) {
  const size_t at = text.rfind(name);
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view digits = text.substr(at + name.size());
  u32 value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (error != std::errc() || end == digits.data() + digits.size()) return std::nullopt;
  const std::string_view rest(end, static_cast<size_t>(digits.data() + digits.size() - end));
  if (!rest.starts_with(')') && !rest.starts_with("u)") && !rest.starts_with("i)")) return std::nullopt;
  return value;
}

}  // namespace

bool may_write(std::string_view wgsl, u32 group, u32 binding) {
  constexpr std::string_view kWritable = "var<storage,read_write>";
  const std::string text = dense(wgsl);
  const std::string_view all = text;
  for (size_t at = all.find(kWritable); at != std::string_view::npos; at = all.find(kWritable, at + 1)) {
    const size_t before = all.substr(0, at).find_last_of(";}");
    const std::string_view attributes = all.substr(before == std::string_view::npos ? 0 : before + 1,
                                                   at - (before == std::string_view::npos ? 0 : before + 1));
    const auto in_group = attribute(attributes, "@group("), at_binding = attribute(attributes, "@binding(");
    if (!in_group || !at_binding || (*in_group == group && *at_binding == binding)) return true;
  }
  return false;
}

}  // namespace shoal::review
