#include "gpu/native/naga_wgsl.h"

#include <algorithm>
#include <cctype>

namespace shoal::gpu {
namespace {

constexpr std::string_view kExtension = "subgroups";

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The end of a comment that begins at `at`, or `at`. Block comments nest.
size_t after_comment(std::string_view code, size_t at) {
  if (code.substr(at).starts_with("//")) return std::min(code.find('\n', at), code.size());
  if (!code.substr(at).starts_with("/*")) return at;
  size_t depth = 0;
  while (at < code.size()) {
    const std::string_view rest = code.substr(at);
    const bool opens = rest.starts_with("/*"), closes = rest.starts_with("*/");
    if (opens) ++depth;
    if (closes) --depth;
    at += opens || closes ? 2 : 1;
    if (depth == 0) break;
  }
  return at;
}

size_t after_space(std::string_view code, size_t at) {
  while (at < code.size()) {
    const bool is_space = std::isspace(static_cast<unsigned char>(code[at])) != 0;
    const size_t next = is_space ? at + 1 : after_comment(code, at);
    if (next == at) break;
    at = next;
  }
  return at;
}

std::string_view word_at(std::string_view code, size_t at) {
  size_t end = at;
  while (end < code.size() && is_word(code[end])) ++end;
  return code.substr(at, end - at);
}

void blank(std::string& code, size_t begin, size_t end) {
  for (size_t i = begin; i < end; ++i) {
    if (code[i] != '\n') code[i] = ' ';
  }
}

// The list of extensions of one directive, from behind its `enable` to its semicolon.
void take_out(std::string& code, size_t directive, size_t list, size_t semicolon) {
  size_t left = 0;
  bool is_taken = false;
  size_t comma = std::string::npos;  // the one before the extension in hand
  for (size_t at = after_space(code, list); at < semicolon;) {
    const std::string_view name = word_at(code, at);
    if (name.empty()) return;
    const size_t next = after_space(code, at + name.size());
    const bool has_comma = next < semicolon && code[next] == ',';
    if (name == kExtension) {
      is_taken = true;
      blank(code, at, at + name.size());
      // One comma goes with it: the one behind it, at the end of the list the one before it.
      const size_t with_it = has_comma ? next : comma;
      if (with_it != std::string::npos) blank(code, with_it, with_it + 1);
    } else {
      ++left;
      if (has_comma) comma = next;
    }
    at = has_comma ? after_space(code, next + 1) : semicolon;
  }
  if (is_taken && left == 0) blank(code, directive, semicolon + 1);
}

}  // namespace

std::string without_enabled_subgroups(std::string_view code) {
  std::string changed(code);
  for (size_t at = after_space(changed, 0); at < changed.size(); at = after_space(changed, at)) {
    const std::string word(word_at(changed, at));
    if (word != "enable" && word != "requires" && word != "diagnostic") break;  // directives come first
    const size_t semicolon = changed.find(';', at);
    if (semicolon == std::string::npos) break;
    if (word == "enable") take_out(changed, at, at + word.size(), semicolon);
    at = semicolon + 1;
  }
  return changed;
}

}  // namespace shoal::gpu
