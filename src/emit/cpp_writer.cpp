#include <algorithm>

#include "base/text.h"
#include "emit/cpp_main_pattern.h"
#include "emit/cpp_patterns.h"
#include "emit/kernel_text.h"
#include "emit/writers.h"

namespace shoal::emit {
namespace {

constexpr std::string_view kDefineSubgroups = R"(#if __has_include(<webgpu/wgpu.h>)
#include <webgpu/wgpu.h>
#elif __has_include(<wgpu.h>)
#include <wgpu.h>
#endif
)";

// wgpu-native has a feature of its own for them and takes no directive, others follow WebGPU.
constexpr std::string_view kWithDirective = R"(#ifndef WGPU_H_
  const std::string code = std::string("enable subgroups;\n") + wgsl;
#else
  const std::string code = wgsl;
#endif
)";
constexpr std::string_view kSubgroupFeature = R"(#ifndef WGPU_H_
  const WGPUFeatureName features[] = {WGPUFeatureName_Subgroups};
#else
  const WGPUFeatureName features[] = {static_cast<WGPUFeatureName>(WGPUNativeFeature_Subgroup)};
#endif
  descriptor.requiredFeatureCount = 1;
  descriptor.requiredFeatures = features;
)";

constexpr std::string_view kIndirect =
    R"(    if (step.count_by == CountBy::kOnGpu && step.elements_per_workgroup != 0) {
      wgpuComputePassEncoderDispatchWorkgroupsIndirect(pass, pipeline.gpu_parameters, offset + 4 * kElementsWord);
      continue;
    }
)";

class CppWriter {
 public:
  CppWriter(const Emitted& emitted, bool with_main) : emitted_(emitted), with_main_(with_main) {}

  Result<EmittedFile> write() {
    SHOAL_TRY_SET(const std::string shaders, shader_texts());
    const std::vector<Filled> values = {
        {"HEAD", comment(head_paragraphs(emitted_), "// ")},
        {"FILE", pipeline_.name + ".cpp"},
        {"NAME", pipeline_.name},
        {"BUFFER_LIST", buffer_list()},
        {"COUNT_USE", count_use()},
        {"INCLUDES", includes()},
        {"SUBGROUP_INCLUDES", emitted_.uses_subgroups ? std::string(kDefineSubgroups) : ""},
        {"CAPACITY", fmt::format("{}", pipeline_.capacity)},
        {"SHADERS", shaders},
        {"BUFFERS", buffer_members()},
        {"OWN_BUFFERS", own_buffer_members()},
        {"KERNEL_NAMES", kernel_names()},
        {"KERNELS", kernel_rows()},
        {"BUFFER_NAMES", buffer_names()},
        {"GROUPS", group_rows()},
        {"COUNT_NAMES", count_names()},
        {"ON_GPU", program_.has_gpu_counts() ? ", kOnGpu" : ""},
        {"STEPS", step_rows()},
        {"SHADER_TEXT", emitted_.uses_subgroups ? std::string(kWithDirective) : ""},
        {"SHADER_CODE", emitted_.uses_subgroups ? "code.c_str()" : "wgsl"},
        {"BUFFER_CASES", buffer_cases()},
        {"MAKE_BUFFERS", make_buffers()},
        {"MAKE_SHADERS", make_shaders()},
        {"COUNT_PARAMETERS", count_parameters()},
        {"COUNT_CASES", count_cases()},
        {"INDIRECT", program_.has_gpu_counts() ? std::string(kIndirect) : ""},
        {"RELEASE_BUFFERS", release_buffers()},
        {"FEATURES", emitted_.uses_subgroups ? std::string(kSubgroupFeature) : ""},
        {"COUNTS", fmt::format("{}", pipeline_.counts.size())},
        {"COUNT_VARIABLES", count_variables()},
        {"MAIN_BUFFERS", main_buffers()},
        {"SHOW", show()},
        {"RELEASE_MAIN", release_main()}};
    std::string text = fill_in(kCppTop, values);
    if (with_main_) text += fill_in(kCppMain, values);
    return EmittedFile{pipeline_.name + ".cpp", std::move(text)};
  }

 private:
  std::string includes() const {
    if (!with_main_)
      return "#include <algorithm>\n#include <cstdint>\n#include <string>\n#include <utility>\n#include <vector>\n";
    return "#include <algorithm>\n#include <cstdint>\n#include <cstdio>\n#include <cstdlib>\n#include <cstring>\n"
           "#include <fstream>\n#include <functional>\n#include <string>\n#include <utility>\n#include <vector>\n";
  }

  Result<std::string> shader_texts() const {
    std::string text;
    for (const Shader& shader : program_.shaders) {
      SHOAL_TRY_SET(const std::string wgsl, readable_text(shader.code));
      text += fmt::format("\ninline constexpr const char* {}Wgsl = R\"wgsl(\n{})wgsl\";\n", constant(shader.name),
                          wgsl);
    }
    return text;
  }

  template <class Wanted>
  std::string for_arrays(Wanted wanted, const std::function<std::string(const Array&)>& line) const {
    std::string text;
    for (const Array& array : pipeline_.arrays) {
      if (wanted(array.role)) text += line(array);
    }
    return text;
  }
  static bool is_callers(Role role) { return role != Role::kBetween; }

  std::string buffer_list() const {
    std::string text =
        for_arrays(is_callers, [](const Array& array) { return fmt::format(", .{} = ...", array.name); });
    return text.empty() ? text : text.substr(2);
  }
  std::string buffer_members() const {
    return for_arrays(is_callers, [](const Array& array) {
      const std::string what = (array.role == Role::kInput ? "Read: " : "Written: ") + array_sentence(array);
      return comment({what}, "  // ") + fmt::format("  WGPUBuffer {};\n", array.name);
    });
  }

  // Those that create() makes.
  std::vector<const Buffer*> own_buffers() const {
    std::vector<const Buffer*> own;
    for (const Buffer& buffer : program_.buffers) {
      if (buffer.owner != Owner::kCaller) own.push_back(&buffer);
    }
    return own;
  }
  std::string own_buffer_members() const {
    std::string text;
    for (const Buffer* buffer : own_buffers()) {
      const auto array = std::ranges::find(pipeline_.arrays, buffer->name, &Array::name);
      if (array != pipeline_.arrays.end()) text += comment({"Between stages: " + array_sentence(*array)}, "  // ");
      text += fmt::format("  WGPUBuffer {} = nullptr;\n", buffer->name);
    }
    return text;
  }

  std::string kernel_names() const {
    std::vector<std::string> names;
    for (const Kernel& kernel : program_.kernels) names.push_back(constant(kernel.name));
    return wrapped(names, 23, 23);
  }
  std::string kernel_rows() const {
    std::string text;
    for (const Kernel& kernel : program_.kernels) {
      std::vector<std::string> groups;
      for (const auto& entries : kernel.groups) {
        std::vector<std::string> bindings;
        for (const gpu::LayoutEntry& entry : entries) {
          const std::string_view kind = entry.kind == gpu::BindingKind::kUniform   ? "kUniform"
                                        : entry.kind == gpu::BindingKind::kStorage ? "kReadWrite"
                                                                                   : "kReadOnly";
          bindings.push_back(fmt::format("{{{}, {}, {}}}", entry.binding, kind, entry.min_size_bytes));
        }
        groups.push_back(fmt::format("{{{}}}", wrapped(bindings, 8, 8)));
      }
      std::string constants;
      for (const auto& [name, value] : kernel.constants) {
        constants += fmt::format("{}{{\"{}\", {}}}", constants.empty() ? "" : ", ", name, value);
      }
      if (!constants.empty()) constants = fmt::format(", {{{}}}", constants);
      if (!kernel.parameters.empty()) text += comment({parameters_sentence(kernel)}, "    // ");
      text += fmt::format("    {{\"{}\", {}, \"{}\",\n     {{{}}}{}}},\n", kernel.name, kernel.shader,
                          kernel.entry_point, fmt::join(groups, ",\n      "), constants);
    }
    return text;
  }

  std::string buffer_names() const {
    std::vector<std::string> names;
    for (const Buffer& buffer : program_.buffers) names.push_back(constant(buffer.name));
    return wrapped(names, 20, 20);
  }
  std::string buffer_cases() const {
    std::string text;
    for (const Buffer& buffer : program_.buffers) {
      text += fmt::format("    case Buffer::{}: return pipeline.{}{};\n", constant(buffer.name),
                          buffer.owner == Owner::kCaller ? "buffers." : "", buffer.name);
    }
    return text;
  }

  std::string group_rows() const {
    std::string text;
    for (size_t i = 0; i < program_.groups.size(); ++i) {
      const Group& group = program_.groups[i];
      text += fmt::format("    // {}\n    {{{},\n     {},\n     {{\n", i,
                          constant(program_.kernels[group.kernel].name), group.index);
      for (const Bound& bound : group.bound) {
        const Part& part = program_.parts[bound.part];
        text += fmt::format("         {{{}, Buffer::{}, {}, {}}},  // {}\n", bound.binding,
                            constant(program_.buffers[part.buffer].name), part.offset_bytes, part.size_bytes,
                            variable_of(program_, group, bound));
      }
      text += "     }},\n";
    }
    return text;
  }

  std::string count_names() const {
    std::string text;
    for (const HostCount& count : pipeline_.counts) text += constant(count.name) + ", ";
    return text;
  }
  std::string step_rows() const {
    std::string text;
    for (size_t i = 0; i < program_.steps.size(); ++i) {
      const Step& step = program_.steps[i];
      const std::string by = step.count_by == CountBy::kHost  ? constant(pipeline_.counts[step.count].name)
                             : step.count_by == CountBy::kGpu ? "kOnGpu"
                                                              : "kFixed";
      std::vector<std::string> parameters;
      for (const u32 word : parameters_of(program_, step)) parameters.push_back(number(word));
      text += comment({fmt::format("{}. {}", i + 1, step_sentence(program_, i))}, "    // ");
      text += fmt::format("    {{{}, {{{}}}, CountBy::{}, {}, {}, {}, {{{}}}}},\n",
                          constant(program_.kernels[step.kernel].name), fmt::join(step.groups, ", "), by, step.most,
                          step.elements_per_group, step.workgroups, fmt::join(parameters, ", "));
    }
    return text;
  }

  std::string make_buffers() const {
    std::string text;
    for (const Buffer* buffer : own_buffers()) {
      const std::string_view usage =
          buffer->owner == Owner::kGpuParameters
              ? "WGPUBufferUsage_Uniform | WGPUBufferUsage_Storage | WGPUBufferUsage_Indirect"
          : buffer->owner == Owner::kParameters
              ? "WGPUBufferUsage_Uniform | WGPUBufferUsage_Storage | WGPUBufferUsage_CopyDst"
              : "WGPUBufferUsage_Storage | WGPUBufferUsage_CopySrc";
      text += fmt::format("  pipeline.{0} =\n      make_buffer(device, \"{0}\", {1}, {2});\n", buffer->name,
                          buffer->size_bytes, usage);
    }
    return text;
  }
  std::string make_shaders() const {
    std::string text;
    for (const Shader& shader : program_.shaders) {
      text += fmt::format("      make_shader(device, \"{}\", {}Wgsl),\n", shader.name, constant(shader.name));
    }
    return text;
  }
  std::string release_buffers() const {
    std::string text;
    for (const Buffer* buffer : own_buffers())
      text += fmt::format("  wgpuBufferRelease(pipeline.{});\n", buffer->name);
    return text;
  }

  std::string count_parameters() const {
    std::string text;
    for (const HostCount& count : pipeline_.counts) text += fmt::format(", uint32_t {}", count.name);
    return text;
  }
  std::string count_use() const {
    std::string text;
    for (const HostCount& count : pipeline_.counts) text += fmt::format(", {}", count.name);
    return text;
  }
  std::string count_cases() const {
    std::string text;
    for (const HostCount& count : pipeline_.counts) {
      text += fmt::format("      case CountBy::{}: return std::min({}, step.most);\n", constant(count.name),
                          count.name);
    }
    return text;
  }

  // ---- The example
  std::string count_variables() const {
    std::string text;
    for (size_t i = 0; i < pipeline_.counts.size(); ++i) {
      text += fmt::format("  const uint32_t {} = std::min(counts[{}], {}::kCapacity);\n", pipeline_.counts[i].name,
                          i, pipeline_.name);
    }
    return text;
  }
  std::string main_buffers() const {
    return for_arrays(is_callers, [this](const Array& array) {
      std::string text =
          fmt::format("  buffers.{0} = make_array(gpu, \"{0}\", {1});\n", array.name, array.size_bytes);
      if (array.role == Role::kInput) {
        text += fmt::format(
            "  upload(gpu, buffers.{0}, \"{0}\", folder, {1}, [&]([[maybe_unused]] uint32_t i) -> uint32_t {{\n"
            "    return {2};\n  }});\n",
            array.name, array.size_bytes, example_word(array));
      }
      return text;
    });
  }
  // Of word i, as an expression.
  std::string example_word(const Array& array) const {
    const bool is_float = array.type == "f32";
    const std::string element = array.type.ends_with("64") ? "(i % 2 == 0 ? i / 2 : 0)" : "i";
    const auto real = [&](const std::string& whole) {
      return is_float ? fmt::format("bits_of(static_cast<float>({}))", whole) : whole;
    };
    // How many elements there are of what is said of each of some.
    const std::string count =
        pipeline_.counts.empty() ? fmt::format("{}u", pipeline_.capacity) : pipeline_.counts[0].name;
    const std::string parts = pipeline_.counts.size() > 1
                                  ? pipeline_.counts.back().name
                                  : fmt::format("{}u", array.elements > 1 ? array.elements - 1 : 1);
    switch (array.fill) {
      case Fill::kRandom: return is_float ? "bits_of(static_cast<float>(mixed(i) >> 8) / 16777216.0f)" : "mixed(i)";
      case Fill::kBelow: return fmt::format("mixed(i) % {}u", std::max(array.fill_below, 1u));
      case Fill::kSorted: return real(element + " * 3");
      case Fill::kRuns: return array.type.ends_with("64") ? "i % 2 == 0 ? i / 10 : 0" : real("i / 5");
      case Fill::kFlags: return "mixed(i) % 3 == 0 ? 1 : 0";
      case Fill::kShort: return "mixed(i) % 4";
      case Fill::kBackwards: return fmt::format("i < {0} ? {0} - 1 - i : 0", count);
      case Fill::kRising:
        return fmt::format("static_cast<uint32_t>(uint64_t{{{0}}} * std::min(i, {1}) / std::max({1}, 1u))", count,
                           parts);
      case Fill::kEdges:
        return fmt::format("bits_of({}f + {}f * static_cast<float>(i) / {}.0f)", decimal(array.low),
                           decimal(array.high - array.low), array.elements > 1 ? array.elements - 1 : 1);
    }
    return "0";
  }
  static std::string decimal(float value) {
    std::string text = fmt::format("{}", value);
    return text.find_first_of(".e") == std::string::npos ? text + ".0" : text;
  }

  std::string show() const {
    const auto is_written = [](Role role) { return role != Role::kInput; };
    return for_arrays(is_written, [](const Array& array) {
      return fmt::format("  show(gpu, {}.{}, \"{}\", \"{}\", folder, {});\n",
                         array.role == Role::kBetween ? "pipeline" : "buffers", array.name, array.name, array.type,
                         array.size_bytes);
    });
  }
  std::string release_main() const {
    return for_arrays(is_callers, [](const Array& array) {
      return fmt::format("  wgpuBufferRelease(buffers.{});\n", array.name);
    });
  }

  const Emitted& emitted_;
  const Pipeline& pipeline_ = emitted_.pipeline;
  const Program& program_ = emitted_.program;
  bool with_main_;
};

}  // namespace

Result<EmittedFile> write_cpp(const Emitted& emitted, bool with_main) {
  return CppWriter(emitted, with_main).write();
}

}  // namespace shoal::emit
