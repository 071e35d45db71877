#include <algorithm>

#include "emit/kernel_text.h"
#include "emit/writers.h"

namespace shoal::emit {
namespace {

std::string workgroups_text(const Pipeline& pipeline, const Program& program, const Step& step) {
  if (!has_parameters(program.kernels[step.kernel].groups[0])) {
    return fmt::format("{} workgroups, as many as the capacity asks for", step.workgroups);
  }
  if (step.elements_per_group == 0) return fmt::format("{} workgroups", step.workgroups);
  const std::string count = step.count_by == CountBy::kHost  ? pipeline.counts[step.count].name
                            : step.count_by == CountBy::kGpu ? "the count in GPU memory"
                                                             : fmt::format("{}", step.most);
  return fmt::format("a workgroup for each {} of {}", step.elements_per_group, count);
}

std::string parameters_text(const Program& program, const Step& step) {
  const std::vector<std::string>& names = program.kernels[step.kernel].parameters;
  const std::vector<u32> words = parameters_of(program, step);
  std::vector<std::string> texts;
  for (size_t i = 0; i < words.size(); ++i) {
    if (!names[i + 1].empty()) texts.push_back(fmt::format("{} {}", names[i + 1], number(words[i])));
  }
  return texts.empty() ? "" : fmt::format("; {}", fmt::join(texts, ", "));
}

std::string bound_text(const Program& program, const Step& step) {
  std::vector<std::string> texts;
  for (const size_t index : step.groups) {
    const Group& group = program.groups[index];
    const auto& entries = program.kernels[group.kernel].groups[group.index];
    const auto& variables = program.kernels[group.kernel].variables[group.index];
    for (const Bound& bound : group.bound) {
      const auto entry = std::ranges::find(entries, bound.binding, &gpu::LayoutEntry::binding);
      const std::string& variable = variables[static_cast<size_t>(entry - entries.begin())];
      const std::string& part = program.parts[bound.part].name;
      if (entry->kind != gpu::BindingKind::kUniform && variable != part)
        texts.push_back(fmt::format("{} is {}", variable, part));
    }
  }
  return texts.empty() ? "" : fmt::format("; {}", fmt::join(texts, ", "));
}

// The steps that run this shader, which say how a host dispatches it.
std::vector<std::string> steps_of(const Emitted& emitted, size_t shader) {
  const Program& program = emitted.program;
  std::vector<std::string> sentences;
  for (size_t i = 0; i < program.steps.size(); ++i) {
    const Step& step = program.steps[i];
    const Kernel& kernel = program.kernels[step.kernel];
    if (kernel.shader != shader) continue;
    std::string constants;
    for (const auto& [name, value] : kernel.constants) constants += fmt::format("; override {} = {}", name, value);
    sentences.push_back(fmt::format("Step {} of {}: {}, {}{}{}{}", i + 1, program.steps.size(), kernel.entry_point,
                                    workgroups_text(emitted.pipeline, program, step),
                                    parameters_text(program, step), constants, bound_text(program, step)));
  }
  return sentences;
}

}  // namespace

Result<std::vector<EmittedFile>> write_wgsl(const Emitted& emitted) {
  std::vector<EmittedFile> files;
  for (size_t i = 0; i < emitted.program.shaders.size(); ++i) {
    const Shader& shader = emitted.program.shaders[i];
    SHOAL_TRY_SET(const std::string wgsl, readable_text(shader.code));
    SHOAL_TRY_SET(const bool has_subgroups, uses_subgroups(shader.code));
    std::vector<std::string> head = head_paragraphs(emitted);
    head.emplace_back();
    const std::vector<std::string> steps = steps_of(emitted, i);
    head.insert(head.end(), steps.begin(), steps.end());
    head.emplace_back();
    std::string text = comment(head, "// ");
    // Naga knows the feature without it, and refuses the directive.
    if (has_subgroups) text += "enable subgroups;\n";
    files.push_back({shader.name + ".wgsl", text + "\n" + wgsl});
  }
  return files;
}

}  // namespace shoal::emit
