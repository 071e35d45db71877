#include "emit/wording.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/text.h"

namespace shoal::emit {
namespace {

constexpr u64 kDefaultBindingBytes = u64{128} << 20;

std::string counts_sentence(const Pipeline& pipeline) {
  if (pipeline.counts.empty()) return "Its numbers of elements are fixed: emit it anew for others.";
  std::string names;
  for (const HostCount& count : pipeline.counts)
    names += fmt::format("{}`{}`", names.empty() ? "" : " and ", count.name);
  return fmt::format(
      "{} may be any number up to {}, which arrays and scratch are laid out for, and another in each "
      "call; more is cut to that. Emit it anew for a larger capacity.",
      names, group_thousands(pipeline.capacity));
}

std::string gpu_counts_sentence(const Program& program) {
  if (!program.has_gpu_counts()) return {};
  return "Counts that one stage finds for the next stay in GPU memory: count_grid turns them into parameters and "
         "workgroups of what follows, which is dispatched indirectly.";
}

std::string requirements(const Emitted& emitted) {
  std::string text;
  if (emitted.uses_subgroups) {
    text += fmt::format(" the feature subgroups, of at least {} invocations each;", emitted.target.subgroup_size);
  }
  const u64 largest = largest_binding_bytes(emitted.program);
  if (largest > kDefaultBindingBytes) {
    text += fmt::format(" bindings of {} bytes (limits maxStorageBufferBindingSize and maxBufferSize);",
                        group_thousands(largest));
  }
  if (emitted.target.is_gpu) text += " 32 KiB of workgroup memory (limit maxComputeWorkgroupStorageSize);";
  if (text.empty()) return "Any WebGPU device will do.";
  text.back() = '.';
  return "The device must offer" + text;
}

}  // namespace

std::vector<std::string> head_paragraphs(const Emitted& emitted) {
  const Pipeline& pipeline = emitted.pipeline;
  std::vector<std::string> paragraphs = {fmt::format("{}, on WebGPU.", pipeline.title), ""};
  std::set<std::string_view> told;
  for (const Call& call : pipeline.calls) {
    if (!told.insert(call.primitive->name).second) continue;
    paragraphs.push_back(fmt::format("{}: {}", call.primitive->name, call.primitive->doc));
  }
  paragraphs.emplace_back();
  paragraphs.push_back(counts_sentence(pipeline));
  if (const std::string text = gpu_counts_sentence(emitted.program); !text.empty()) paragraphs.push_back(text);
  paragraphs.push_back(
      fmt::format("{} dispatches in one pass, between which WebGPU lets each see what those before it wrote; "
                  "{} bytes of scratch.",
                  emitted.program.steps.size(), group_thousands(scratch_bytes(emitted.program))));
  paragraphs.push_back(requirements(emitted));
  paragraphs.insert(paragraphs.end(), emitted.measured.begin(), emitted.measured.end());
  paragraphs.emplace_back();
  paragraphs.push_back(fmt::format("Emitted by `{}`; it depends on nothing but WebGPU.", emitted.command));
  return paragraphs;
}

std::string comment(const std::vector<std::string>& paragraphs, std::string_view prefix) {
  constexpr size_t kMostCharacters = 112;
  std::string text;
  for (std::string_view rest : paragraphs) {
    do {
      size_t size = std::min(rest.size(), kMostCharacters);
      if (size < rest.size()) {
        const size_t blank = rest.rfind(' ', size);
        size = blank == std::string_view::npos || blank == 0 ? rest.find(' ') : blank;
        size = std::min(size, rest.size());
      }
      std::string line = std::string(prefix) + std::string(rest.substr(0, size));
      while (line.ends_with(' ')) line.pop_back();
      text += line + "\n";
      rest.remove_prefix(std::min(rest.size(), size + 1));
    } while (!rest.empty());
  }
  return text;
}

namespace {

// Parts that a step's kernel reads, or writes.
std::vector<size_t> parts_of(const Program& program, const Step& step, bool written) {
  const Kernel& kernel = program.kernels[step.kernel];
  std::vector<size_t> parts;
  for (const size_t index : step.groups) {
    const Group& group = program.groups[index];
    for (const Bound& bound : group.bound) {
      const bool is_touched = (written ? kernel.written : kernel.read).contains(variable_of(program, group, bound));
      if (is_touched && std::ranges::find(parts, bound.part) == parts.end()) parts.push_back(bound.part);
    }
  }
  return parts;
}

std::string names_of_parts(const Program& program, const std::vector<size_t>& parts) {
  std::string text;
  for (const size_t part : parts) text += fmt::format("{}{}", text.empty() ? "" : ", ", program.parts[part].name);
  return text;
}

bool do_overlap(const Part& a, const Part& b) {
  return a.buffer == b.buffer && a.offset_bytes < b.offset_bytes + b.size_bytes &&
         b.offset_bytes < a.offset_bytes + a.size_bytes;
}

// With the last step before this one that wrote to the part.
std::string writer_sentence(const Program& program, size_t step, size_t part) {
  for (size_t before = step; before-- > 0;) {
    for (const size_t written : parts_of(program, program.steps[before], true)) {
      if (do_overlap(program.parts[written], program.parts[part])) {
        return fmt::format("{} of step {}", program.parts[part].name, before + 1);
      }
    }
  }
  return program.parts[part].name;
}

}  // namespace

const std::string& variable_of(const Program& program, const Group& group, const Bound& bound) {
  const auto& entries = program.kernels[group.kernel].groups[group.index];
  const auto entry = std::ranges::find(entries, bound.binding, &gpu::LayoutEntry::binding);
  return program.kernels[group.kernel].variables[group.index][static_cast<size_t>(entry - entries.begin())];
}

std::string step_sentence(const Program& program, size_t step) {
  std::string reads;
  for (const size_t part : parts_of(program, program.steps[step], false)) {
    reads += fmt::format("{}{}", reads.empty() ? "reads " : ", ", writer_sentence(program, step, part));
  }
  const std::string writes = names_of_parts(program, parts_of(program, program.steps[step], true));
  if (writes.empty()) return reads;
  return fmt::format("{}{}writes {}", reads, reads.empty() ? "" : "; ", writes);
}

std::string array_sentence(const Array& array) {
  std::string doc = array.doc;
  if (!doc.empty()) doc = " " + doc;
  return fmt::format("{}, in {} bytes.{}", array.shape, group_thousands(array.size_bytes), doc);
}

std::string pascal(std::string_view name) {
  std::string text;
  bool is_first = true;
  for (const char c : name) {
    if (c != '_') text += is_first ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c;
    is_first = c == '_';
  }
  return text;
}

std::string camel(std::string_view name) {
  std::string text = pascal(name);
  if (!text.empty()) text[0] = name[0];
  return text;
}

std::string constant(std::string_view name) { return "k" + pascal(name); }

u64 scratch_bytes(const Program& program) {
  for (const Buffer& buffer : program.buffers) {
    if (buffer.name == "scratch") return buffer.size_bytes;
  }
  return 0;
}

u64 largest_binding_bytes(const Program& program) {
  u64 largest = 0;
  for (const Part& part : program.parts) largest = std::max(largest, part.size_bytes);
  return largest;
}

std::vector<u32> parameters_of(const Program& program, const Step& step) {
  const size_t words = program.kernels[step.kernel].parameters.size();
  if (words <= 1) return {};
  return {step.block.begin() + 1, step.block.begin() + static_cast<std::ptrdiff_t>(std::min<size_t>(words, 60))};
}

std::string parameters_sentence(const Kernel& kernel) {
  std::vector<std::string> names;
  const auto stem_of = [](const std::string& name) { return name.substr(0, name.find('[')); };
  for (size_t i = 0; i < kernel.parameters.size(); ++i) {
    const std::string stem = stem_of(kernel.parameters[i]);
    size_t last = i;
    while (last + 1 < kernel.parameters.size() && stem_of(kernel.parameters[last + 1]) == stem) ++last;
    const size_t more = last - i;
    if (stem.empty()) {
      names.push_back(more == 0 ? "a gap" : fmt::format("a gap of {}", more + 1));
    } else {
      names.push_back(more == 0 ? kernel.parameters[i] : fmt::format("{}[0..{}]", stem, more));
    }
    i = last;
  }
  return names.empty() ? "" : fmt::format("Parameters: {}", fmt::join(names, ", "));
}

std::string number(u32 word) {
  constexpr u32 kLargestPlain = 65'536;
  const bool is_round = word % 1000 == 0;
  return word > kLargestPlain && !is_round ? fmt::format("0x{:x}", word) : fmt::format("{}", word);
}

std::string wrapped(const std::vector<std::string>& items, size_t behind, size_t indent) {
  constexpr size_t kMostCharacters = 116;
  std::string text;
  size_t column = behind;
  for (const std::string& item : items) {
    if (!text.empty()) {
      const bool fits = column + item.size() + 3 <= kMostCharacters;
      text += fits ? ", " : ",\n" + std::string(indent, ' ');
      column = fits ? column + 2 : indent;
    }
    text += item;
    column += item.size();
  }
  return text;
}

std::string fill_in(std::string_view pattern, const std::vector<Filled>& values) {
  std::string text;
  while (true) {
    const size_t at = pattern.find('@');
    text += pattern.substr(0, at);
    if (at == std::string_view::npos) return text;
    pattern.remove_prefix(at);
    const auto value = std::ranges::find_if(values, [&](const Filled& one) {
      return pattern.substr(1).starts_with(one.name) && pattern.substr(1 + one.name.size()).starts_with('@');
    });
    if (value == values.end()) {
      text += '@';
      pattern.remove_prefix(1);
    } else {
      text += value->text;
      pattern.remove_prefix(value->name.size() + 2);
    }
  }
}

}  // namespace shoal::emit
