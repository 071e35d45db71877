#include "emit/kernel_text.h"

#include <algorithm>
#include <map>
#include <set>

#include "wgsl/layout.h"
#include "wgsl/parser.h"
#include "wgsl/reflection.h"

namespace shoal::emit {
namespace {

using wgsl::Declaration;
using wgsl::DeclarationKind;
using wgsl::Module;

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::string_view trimmed(std::string_view line) {
  const size_t first = line.find_first_not_of(' ');
  return first == std::string_view::npos ? std::string_view() : line.substr(first);
}

size_t indent_of(std::string_view line) { return line.size() - trimmed(line).size(); }

// The line that closes the bare block of line `open`, or 0 where something inside is declared.
size_t end_of_plain_block(const std::vector<std::string>& lines, size_t open) {
  const size_t indent = indent_of(lines[open]);
  for (size_t i = open + 1; i < lines.size(); ++i) {
    const std::string_view text = trimmed(lines[i]);
    if (indent_of(lines[i]) == indent && text == "}") return i;
    if (text.empty() || indent_of(lines[i]) != indent + 2) continue;
    if (text.starts_with("let ") || text.starts_with("var ") || text.starts_with("const ")) return 0;
  }
  return 0;
}

void open_plain_blocks(std::vector<std::string>& lines) {
  for (size_t i = 0; i < lines.size(); ++i) {
    while (trimmed(lines[i]) == "{") {
      const size_t end = end_of_plain_block(lines, i);
      if (end == 0) break;
      for (size_t k = i + 1; k < end; ++k) {
        if (lines[k].starts_with("  ")) lines[k].erase(0, 2);
      }
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(end));
      lines.erase(lines.begin() + static_cast<std::ptrdiff_t>(i));
    }
  }
}

// The variables of one address space that tokens touch, by themselves and in the functions that they name.
struct Touched {
  std::set<std::string_view> written, read;

  void add(const Touched& other) {
    written.insert(other.written.begin(), other.written.end());
    read.insert(other.read.begin(), other.read.end());
  }
};

class Memory {
 public:
  Memory(const Module& module, std::string_view address_space) : module_(module) {
    for (const Declaration& declaration : module.declarations) {
      if (declaration.address_space == address_space) variables_.insert(declaration.name);
      if (declaration.kind == DeclarationKind::kFunction) functions_[declaration.name] = &declaration;
    }
  }

  Touched by(wgsl::TokenRange range) {
    Touched touched;
    for (u32 token = range.begin; token < range.end; ++token) {
      const std::string_view word = module_.text(token);
      if (variables_.contains(word)) {
        (is_written(token, range) ? touched.written : touched.read).insert(word);
      } else if (const auto function = functions_.find(word); function != functions_.end()) {
        // WGSL has no recursion.
        touched.add(by(function->second->value));
      }
    }
    return touched;
  }

 private:
  bool is_written(u32 token, wgsl::TokenRange range) const {
    if (token >= range.begin + 3 && module_.text(token - 1) == "&") {
      const std::string_view called = module_.text(token - 3);
      return called.starts_with("atomic") && called != "atomicLoad";
    }
    u32 at = token + 1;
    while (at < range.end && (module_.text(at) == "[" || module_.text(at) == ".")) {
      if (module_.text(at) == ".") {
        at += 2;
        continue;
      }
      u32 depth = 0;
      do {
        depth += module_.text(at) == "[" ? 1u : 0u;
        depth -= module_.text(at) == "]" ? 1u : 0u;
        ++at;
      } while (at < range.end && depth > 0);
    }
    static constexpr std::string_view kAssignments[] = {"=", "+=", "-=", "|=", "&=", "^=", "*=", "++", "--"};
    return at < range.end && std::ranges::find(kAssignments, module_.text(at)) != std::end(kAssignments);
  }

  const Module& module_;
  std::set<std::string_view> variables_;
  std::map<std::string_view, const Declaration*> functions_;
};

std::string list_of(const std::set<std::string_view>& names) {
  return fmt::format("{}", fmt::join(names, " and "));
}

// What a barrier with this before and behind it is for; behind a loop's last one comes its beginning.
std::string reason(const Touched& before, const Touched& behind) {
  std::set<std::string_view> handed_on, free_again;
  for (const std::string_view name : before.written) {
    if (behind.read.contains(name) || behind.written.contains(name)) handed_on.insert(name);
  }
  for (const std::string_view name : before.read) {
    if (behind.written.contains(name) && !handed_on.contains(name)) free_again.insert(name);
  }
  if (!handed_on.empty())
    return fmt::format("What all invocations put into {} is there from here on.", list_of(handed_on));
  if (!free_again.empty()) return fmt::format("All have read {}, which may be written again.", list_of(free_again));
  std::set<std::string_view> all = before.written;
  all.insert(before.read.begin(), before.read.end());
  if (all.empty()) return "All invocations of the workgroup have come this far.";
  return fmt::format("All are done with {} before any goes on.", list_of(all));
}

// By the offset of each barrier that has no comment above it, what it is for.
std::map<u32, std::string> barrier_reasons(const Module& module) {
  Memory memory(module, "workgroup");
  std::map<u32, std::string> reasons;
  for (const Declaration& declaration : module.declarations) {
    if (declaration.kind != DeclarationKind::kFunction) continue;
    const wgsl::TokenRange body = declaration.value;
    std::vector<u32> barriers;
    for (u32 token = body.begin; token < body.end; ++token) {
      if (module.text(token) == "workgroupBarrier") barriers.push_back(token);
    }
    for (size_t i = 0; i < barriers.size(); ++i) {
      const u32 from = i == 0 ? body.begin : barriers[i - 1];
      const u32 to = i + 1 == barriers.size() ? body.end : barriers[i + 1];
      Touched behind = memory.by({barriers[i], to});
      // The last of a loop comes before what stands at the loop's beginning.
      if (behind.read.empty() && behind.written.empty()) behind = memory.by({body.begin, barriers[i]});
      reasons[module.tokens[barriers[i]].span.begin] = reason(memory.by({from, barriers[i]}), behind);
    }
  }
  return reasons;
}

std::vector<std::string> with_reasons(const std::string& code, const std::map<u32, std::string>& reasons) {
  std::vector<std::string> lines;
  for (const std::string_view line : lines_of(code)) {
    const u32 begin = static_cast<u32>(line.data() - code.data());
    const auto reason = reasons.lower_bound(begin);
    const bool is_barrier = reason != reasons.end() && reason->first < begin + line.size();
    const bool is_explained = !lines.empty() && trimmed(lines.back()).starts_with("//");
    if (is_barrier && !is_explained) {
      lines.push_back(fmt::format("{}// {}", std::string(indent_of(line), ' '), reason->second));
    }
    lines.emplace_back(line);
  }
  return lines;
}

// Words of a struct, by name; behind the name of what takes several, a number.
void name_words(const wgsl::StructLayout& layout, std::vector<std::string>& words) {
  for (const wgsl::MemberLayout& member : layout.members) {
    const u64 first = member.offset_bytes / 4, size = member.type.size_bytes / 4;
    words.resize(std::max<size_t>(words.size(), first + size));
    for (u64 i = 0; i < size; ++i) {
      words[first + i] = size == 1 ? std::string(member.name) : fmt::format("{}[{}]", member.name, i);
    }
  }
}

}  // namespace

Result<void> name_variables(Kernel& kernel, const std::string& code) {
  const wgsl::Source source{kernel.name, code};
  SHOAL_TRY_SET(const Module module, wgsl::parse_module(source, {}));
  SHOAL_TRY_SET(const wgsl::Reflection reflection, wgsl::reflect(module));
  for (u32 group = 0; group < kernel.groups.size(); ++group) {
    std::vector<std::string>& names = kernel.variables.emplace_back();
    for (const gpu::LayoutEntry& entry : kernel.groups[group]) {
      const auto named = std::ranges::find_if(reflection.bindings, [&](const wgsl::Binding& binding) {
        return binding.group == group && binding.binding == entry.binding;
      });
      names.push_back(named == reflection.bindings.end() ? fmt::format("binding{}", entry.binding)
                                                         : std::string(named->name));
    }
  }
  Memory memory(module, "storage");
  const auto entry = std::ranges::find(module.declarations, kernel.entry_point, &Declaration::name);
  if (entry != module.declarations.end()) {
    const Touched touched = memory.by(entry->value);
    kernel.read = {touched.read.begin(), touched.read.end()};
    kernel.written = {touched.written.begin(), touched.written.end()};
  }
  const auto uniform =
      std::ranges::find(module.declarations, std::string_view("uniform"), &Declaration::address_space);
  if (uniform == module.declarations.end()) return {};
  wgsl::Layouts layouts(module);
  SHOAL_TRY_SET(const wgsl::TypeLayout type, layouts.of_type(uniform->type));
  if (type.structure) name_words(*type.structure, kernel.parameters);
  return {};
}

Result<std::string> readable_text(const std::string& code) {
  const wgsl::Source source{"kernel", code};
  SHOAL_TRY_SET(const Module module, wgsl::parse_module(source, {}));
  std::vector<std::string> lines = with_reasons(code, barrier_reasons(module));
  open_plain_blocks(lines);
  std::string text;
  for (const std::string& line : lines) {
    // A block that was opened may leave two empty lines in a row.
    if (line.empty() && text.ends_with("\n\n")) continue;
    text += line + "\n";
  }
  return text;
}

Result<bool> uses_subgroups(const std::string& code) {
  const wgsl::Source source{"kernel", code};
  SHOAL_TRY_SET(const Module module, wgsl::parse_module(source, {}));
  SHOAL_TRY_SET(const wgsl::Reflection reflection, wgsl::reflect(module));
  return reflection.uses_subgroups;
}

}  // namespace shoal::emit
