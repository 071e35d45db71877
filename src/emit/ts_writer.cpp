#include <algorithm>
#include <functional>

#include "emit/kernel_text.h"
#include "emit/ts_patterns.h"
#include "emit/writers.h"

namespace shoal::emit {
namespace {

constexpr std::string_view kIndirect = R"(      if (countBy === "gpu" && each !== 0) {
        pass.dispatchWorkgroupsIndirect(this.gpuParameters, i * slotBytes + 4 * elementsWord);
        return;
      }
)";

// As the text of a template literal.
std::string literal(std::string_view text) {
  std::string escaped;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`' || text[i] == '\\' || text.substr(i).starts_with("${")) escaped += '\\';
    escaped += text[i];
  }
  return escaped;
}

class TypeScriptWriter {
 public:
  TypeScriptWriter(const Emitted& emitted, bool with_main) : emitted_(emitted), with_main_(with_main) {}

  Result<EmittedFile> write() {
    SHOAL_TRY_SET(const std::string shaders, shader_texts());
    const std::vector<Filled> values = {
        {"HEAD", comment(head_paragraphs(emitted_), "// ")},
        {"NAME", pipeline_.name},
        {"TYPE", pascal(pipeline_.name)},
        {"BUFFER_LIST", buffer_list()},
        {"COUNT_USE", for_counts(", {}")},
        {"CAPACITY", fmt::format("{}", pipeline_.capacity)},
        {"SHADERS", shaders},
        {"BUFFERS", buffer_members()},
        {"KERNELS", kernel_rows()},
        {"GROUPS", group_rows()},
        {"COUNT_TYPES", for_counts("\"{}\" | ")},
        {"ON_GPU", program_.has_gpu_counts() ? " | \"gpu\"" : ""},
        {"STEPS", step_rows()},
        {"OWN_BUFFERS", own_buffers("    {3}readonly {0}: GPUBuffer,\n")},
        {"MAKE_BUFFERS",
         own_buffers("      {0}: device.createBuffer({{ label: \"{0}\", size: {1}, usage: {2} }}),\n")},
        {"MADE", listed(own_buffers("made.{0}, "))},
        {"DESTROYED", listed(own_buffers("this.{0}, "))},
        {"MAKE_SHADERS", make_shaders()},
        {"COUNT_PARAMETERS", for_counts(", {}: number")},
        {"COUNT_RECORD", count_record()},
        {"COUNT_BY", program_.has_gpu_counts() ? "countBy" : ""},
        {"INDIRECT", program_.has_gpu_counts() ? std::string(kIndirect) : ""},
        {"INPUTS", inputs()},
        {"RESULTS", results()},
        {"FEATURES", emitted_.uses_subgroups ? "\"subgroups\" as GPUFeatureName" : ""},
        {"MAIN_BUFFERS", main_buffers()},
        {"SHOW", show()}};
    std::string text = fill_in(kTsTop, values);
    if (with_main_) text += fill_in(kTsMain, values);
    return EmittedFile{pipeline_.name + ".ts", std::move(text)};
  }

 private:
  static std::string listed(std::string text) {
    if (text.ends_with(", ")) text.resize(text.size() - 2);
    return text;
  }

  Result<std::string> shader_texts() const {
    std::string text;
    for (const Shader& shader : program_.shaders) {
      SHOAL_TRY_SET(std::string wgsl, readable_text(shader.code));
      SHOAL_TRY_SET(const bool has_subgroups, uses_subgroups(shader.code));
      if (has_subgroups) wgsl.insert(0, "enable subgroups;\n");
      text += fmt::format("\nconst {}Wgsl = /* wgsl */ `\n{}`;\n", camel(shader.name), literal(wgsl));
    }
    return text;
  }

  std::string for_arrays(const std::function<bool(Role)>& wanted,
                         const std::function<std::string(const Array&)>& line) const {
    std::string text;
    for (const Array& array : pipeline_.arrays) {
      if (wanted(array.role)) text += line(array);
    }
    return text;
  }
  static bool is_callers(Role role) { return role != Role::kBetween; }
  static bool is_written(Role role) { return role != Role::kInput; }

  std::string for_counts(std::string_view pattern) const {
    std::string text;
    for (const HostCount& count : pipeline_.counts) {
      const std::string name = camel(count.name);
      text += fmt::format(fmt::runtime(pattern), name);
    }
    return text;
  }
  std::string count_record() const {
    const std::string text = for_counts("{}, ");
    return text.empty() ? text : " " + listed(text) + " ";
  }

  std::string buffer_list() const {
    return listed(for_arrays(is_callers, [](const Array& array) { return camel(array.name) + ", "; }));
  }
  std::string buffer_members() const {
    return for_arrays(is_callers, [](const Array& array) {
      const std::string what = (array.role == Role::kInput ? "Read: " : "Written: ") + array_sentence(array);
      return fmt::format("  /** {} */\n  {}: GPUBuffer;\n", what, camel(array.name));
    });
  }

  // {0} its name, {1} its size, {2} its usage, {3} who may see it; for each that create() makes.
  std::string own_buffers(std::string_view pattern) const {
    std::string text;
    for (const Buffer& buffer : program_.buffers) {
      if (buffer.owner == Owner::kCaller) continue;
      const std::string_view usage =
          buffer.owner == Owner::kGpuParameters
              ? "GPUBufferUsage.UNIFORM | GPUBufferUsage.STORAGE | GPUBufferUsage.INDIRECT"
          : buffer.owner == Owner::kParameters
              ? "GPUBufferUsage.UNIFORM | GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST"
              : "GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC";
      const auto array = std::ranges::find(pipeline_.arrays, buffer.name, &Array::name);
      const bool is_seen = array != pipeline_.arrays.end();
      if (is_seen && pattern.starts_with("    {3}")) {
        text += fmt::format("    /** Between stages: {} */\n", array_sentence(*array));
      }
      const std::string name = camel(buffer.name);
      const std::string_view access = is_seen ? "" : "private ";
      text += fmt::format(fmt::runtime(pattern), name, buffer.size_bytes, usage, access);
    }
    return text;
  }

  std::string kernel_rows() const {
    std::string text;
    for (const Kernel& kernel : program_.kernels) {
      std::vector<std::string> groups;
      for (const auto& entries : kernel.groups) {
        std::vector<std::string> bindings;
        for (const gpu::LayoutEntry& entry : entries) {
          const std::string_view kind = entry.kind == gpu::BindingKind::kUniform   ? "uniform"
                                        : entry.kind == gpu::BindingKind::kStorage ? "storage"
                                                                                   : "read-only-storage";
          bindings.push_back(fmt::format("[{}, \"{}\", {}]", entry.binding, kind, entry.min_size_bytes));
        }
        groups.push_back(fmt::format("\n      [{}]", wrapped(bindings, 7, 7)));
      }
      std::vector<std::string> constants;
      for (const auto& [name, value] : kernel.constants) constants.push_back(fmt::format("{}: {}", name, value));
      if (!kernel.parameters.empty()) text += comment({parameters_sentence(kernel)}, "  // ");
      text += fmt::format(
          "  {}: {{\n    shader: {},\n    entryPoint: \"{}\",\n    groups: [{},\n    ],\n{}  }},\n", kernel.name,
          kernel.shader, kernel.entry_point, fmt::join(groups, ","),
          constants.empty() ? "" : fmt::format("    constants: {{ {} }},\n", fmt::join(constants, ", ")));
    }
    return text;
  }

  std::string group_rows() const {
    std::string text;
    for (size_t i = 0; i < program_.groups.size(); ++i) {
      const Group& group = program_.groups[i];
      text += fmt::format("  // {}\n  {{\n    kernel: \"{}\",\n    index: {},\n    parts: [\n", i,
                          program_.kernels[group.kernel].name, group.index);
      for (const Bound& bound : group.bound) {
        const Part& part = program_.parts[bound.part];
        text += fmt::format("      [{}, \"{}\", {}, {}], // {}\n", bound.binding,
                            camel(program_.buffers[part.buffer].name), part.offset_bytes, part.size_bytes,
                            variable_of(program_, group, bound));
      }
      text += "    ],\n  },\n";
    }
    return text;
  }

  std::string step_rows() const {
    std::string text;
    for (size_t i = 0; i < program_.steps.size(); ++i) {
      const Step& step = program_.steps[i];
      const std::string by = step.count_by == CountBy::kHost  ? camel(pipeline_.counts[step.count].name)
                             : step.count_by == CountBy::kGpu ? "gpu"
                                                              : "fixed";
      std::vector<std::string> parameters;
      for (const u32 word : parameters_of(program_, step)) parameters.push_back(number(word));
      text += comment({fmt::format("{}. {}", i + 1, step_sentence(program_, i))}, "  // ");
      text += fmt::format("  [\"{}\", [{}], \"{}\", {}, {}, {}, [{}]],\n", program_.kernels[step.kernel].name,
                          fmt::join(step.groups, ", "), by, step.most, step.elements_per_group, step.workgroups,
                          fmt::join(parameters, ", "));
    }
    return text;
  }

  std::string make_shaders() const {
    std::string text;
    for (const Shader& shader : program_.shaders) {
      text += fmt::format("      device.createShaderModule({{ label: \"{}\", code: {}Wgsl }}),\n", shader.name,
                          camel(shader.name));
    }
    return text;
  }

  // ---- The example
  std::string inputs() const {
    return for_arrays([](Role role) { return role == Role::kInput; },
                      [](const Array& array) {
                        return fmt::format("  /** {} */\n  {}: Input;\n", array_sentence(array), camel(array.name));
                      });
  }
  std::string results() const {
    return for_arrays(is_written, [](const Array& array) {
      return fmt::format("  /** {} */\n  {}: Uint32Array;\n", array_sentence(array), camel(array.name));
    });
  }
  std::string main_buffers() const {
    return for_arrays(is_callers, [](const Array& array) {
      const std::string name = camel(array.name);
      return fmt::format("    {0}: array(\"{0}\", {1}{2}),\n", name, array.size_bytes,
                         array.role == Role::kInput ? fmt::format(", inputs.{}", name) : "");
    });
  }
  std::string show() const {
    return for_arrays(is_written, [](const Array& array) {
      return fmt::format("    {0}: await read({1}.{0}),\n", camel(array.name),
                         array.role == Role::kBetween ? "pipeline" : "buffers");
    });
  }

  const Emitted& emitted_;
  const Pipeline& pipeline_ = emitted_.pipeline;
  const Program& program_ = emitted_.program;
  bool with_main_;
};

}  // namespace

Result<EmittedFile> write_typescript(const Emitted& emitted, bool with_main) {
  return TypeScriptWriter(emitted, with_main).write();
}

}  // namespace shoal::emit
