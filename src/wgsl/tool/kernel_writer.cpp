#include "wgsl/tool/kernel_writer.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "wgsl/compact.h"
#include "wgsl/parser.h"
#include "wgsl/reflection.h"
#include "wgsl/variants.h"

namespace shoal::wgsl {
namespace {

constexpr size_t kMaxStorageBuffers = 8;  // per stage, by WebGPU's default limits

struct KernelName {
  std::string kernel;      // reduce
  std::string name_space;  // shoal::primitives
  std::string header;      // primitives/reduce/reduce.kernel.h
};

Result<KernelName> name_of(std::string_view path) {
  size_t slash = path.rfind('/');
  size_t first_slash = path.find('/');
  std::string_view stem = path.substr(slash == std::string_view::npos ? 0 : slash + 1);
  if (!stem.ends_with(".wgsl")) {
    return fail(ErrorCode::kInvalidArgument, "Kernel file {} does not end in .wgsl.", quote(path));
  }
  stem.remove_suffix(5);
  bool is_word = !stem.empty() && std::ranges::all_of(stem, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
  });
  if (!is_word || (stem[0] >= '0' && stem[0] <= '9')) {
    return fail(ErrorCode::kInvalidArgument, "Kernel file {} does not have a name in snake_case.", quote(path));
  }
  std::string layer = first_slash == std::string_view::npos ? "" : fmt::format("::{}", path.substr(0, first_slash));
  return KernelName{std::string(stem), "shoal" + layer,
                    fmt::format("{}.kernel.h", path.substr(0, path.size() - 5))};
}

std::string_view cpp_name(BindingKind kind) {
  switch (kind) {
    case BindingKind::kUniform: return "kUniform";
    case BindingKind::kStorageRead: return "kStorageRead";
    case BindingKind::kStorageReadWrite: return "kStorageReadWrite";
    case BindingKind::kTexture: return "kTexture";
    case BindingKind::kStorageTexture: return "kStorageTexture";
    case BindingKind::kSampler: return "kSampler";
  }
  return {};
}

std::string_view cpp_name(Stage stage) {
  switch (stage) {
    case Stage::kCompute: return "kCompute";
    case Stage::kVertex: return "kVertex";
    case Stage::kFragment: return "kFragment";
  }
  return {};
}

Result<void> check_bindings(std::string_view path, const Reflection& reflection) {
  size_t storage_buffers = 0;
  for (size_t i = 0; i < reflection.bindings.size(); ++i) {
    const Binding& binding = reflection.bindings[i];
    storage_buffers += binding.kind == BindingKind::kStorageRead || binding.kind == BindingKind::kStorageReadWrite;
    for (size_t k = 0; k < i; ++k) {
      const Binding& other = reflection.bindings[k];
      if (other.group != binding.group || other.binding != binding.binding) continue;
      return fail(ErrorCode::kInvalidArgument, "{} binds both '{}' and '{}' at @group({}) @binding({}). Move one.",
                  path, other.name, binding.name, binding.group, binding.binding);
    }
  }
  if (storage_buffers > kMaxStorageBuffers) {
    return fail(ErrorCode::kInvalidArgument,
                "{} binds {} storage buffers. WebGPU guarantees {}: pack some into one buffer.", path,
                storage_buffers, kMaxStorageBuffers);
  }
  return {};
}

// One array, or nothing when it is empty: C++ has no empty arrays. `span` is what the template names.
class ArrayWriter {
 public:
  explicit ArrayWriter(std::string& out) : out_(out) {}

  std::string write(std::string_view type, std::string_view name, const std::vector<std::string>& elements) {
    if (elements.empty()) return "{}";
    out_ += fmt::format("constexpr {} {}[] = {{\n", type, name);
    for (const std::string& element : elements) out_ += fmt::format("    {},\n", element);
    out_ += "};\n";
    return std::string(name);
  }

 private:
  std::string& out_;
};

template <class Element, class Write>
std::vector<std::string> each(const std::vector<Element>& elements, Write write) {
  std::vector<std::string> result;
  std::ranges::transform(elements, std::back_inserter(result), write);
  return result;
}

std::string quoted(std::string_view name) { return fmt::format("\"{}\"", name); }

std::string binding_initializer(const Binding& binding) {
  return fmt::format(
      "{{.group = {}, .binding = {}, .kind = wgsl::BindingKind::{}, .name = \"{}\", .min_size_bytes = {}}}",
      binding.group, binding.binding, cpp_name(binding.kind), binding.name, binding.min_size_bytes);
}

std::string entry_point_initializer(const EntryPoint& entry) {
  return fmt::format(
      "{{.name = \"{}\", .stage = wgsl::Stage::{}, .workgroup_size = {{{}}}, .size_is_override = {}}}", entry.name,
      cpp_name(entry.stage), fmt::join(entry.workgroup_size, ", "), entry.size_is_override);
}

std::string override_initializer(const Override& constant) {
  return fmt::format("{{.name = \"{}\", .has_default = {}}}", constant.name, constant.has_default);
}

// The file's part for one variant; its template is called kVariantN.
Result<std::string> write_variant(std::string_view path, const KernelName& name, const Flattened& variant,
                                  size_t mask, KernelText form) {
  constexpr std::string_view kClose = ")wgsl\"";
  if (variant.text.find(kClose) != std::string::npos) {
    return fail(ErrorCode::kUnsupported,
                "{} holds {}, which ends the C++ literal it is embedded in. Change that comment.", path,
                quote(kClose));
  }
  Source flat{fmt::format("{} (flattened)", path), variant.text};
  SHOAL_TRY_SET(Module module, parse_module(flat, {}));
  SHOAL_TRY_SET(Reflection reflection, reflect(module));
  SHOAL_TRY(check_bindings(path, reflection));
  std::string out;
  ArrayWriter arrays(out);
  std::string slots = arrays.write("std::string_view", fmt::format("kSlots{}", mask), each(variant.slots, quoted));
  std::string bindings = arrays.write("wgsl::Binding", fmt::format("kBindings{}", mask),
                                      each(reflection.bindings, binding_initializer));
  std::string entry_points = arrays.write("wgsl::EntryPoint", fmt::format("kEntryPoints{}", mask),
                                          each(reflection.entry_points, entry_point_initializer));
  std::string overrides = arrays.write("wgsl::Override", fmt::format("kOverrides{}", mask),
                                       each(reflection.overrides, override_initializer));
  out += fmt::format(R"(constexpr wgsl::KernelTemplate kVariant{} = {{
    .name = "{}",
    .text = R"wgsl({})wgsl",
    .slots = {},
    .bindings = {},
    .entry_points = {},
    .overrides = {},
    .uses_subgroups = {},
    .uses_f16 = {},
}};

)",
                     mask, name.kernel, form == KernelText::kCompact ? compact_text(module) : variant.text, slots,
                     bindings, entry_points, overrides, reflection.uses_subgroups, reflection.uses_f16);
  return out;
}

std::string write_header(std::string_view path, const KernelName& name, const KernelVariants& variants) {
  auto list = [](const std::vector<std::string>& names) {
    return names.empty() ? std::string("none") : fmt::format("{}", fmt::join(names, ", "));
  };
  return fmt::format(R"(// Generated by shoal_wgsl from {}. Do not edit.
#pragma once

#include "wgsl/kernel_template.h"

namespace {} {{

// Features: {}. Slots: {}.
const wgsl::Kernel& {}_kernel();

}}  // namespace {}
)",
                     path, name.name_space, list(variants.feature_names), list(variants.variants.back().slots),
                     name.kernel, name.name_space);
}

}  // namespace

Result<KernelCode> write_kernel(std::string_view path, const ReadSource& read, KernelText text) {
  SHOAL_TRY_SET(KernelName name, name_of(path));
  SHOAL_TRY_SET(KernelVariants variants, flatten_variants(path, read));
  std::string body;
  std::vector<std::string> pointers;
  for (size_t mask = 0; mask < variants.variants.size(); ++mask) {
    SHOAL_TRY_SET(std::string variant, write_variant(path, name, variants.variants[mask], mask, text));
    body += variant;
    pointers.push_back(fmt::format("&kVariant{}", mask));
  }
  ArrayWriter arrays(body);
  std::string features = arrays.write("std::string_view", "kFeatureNames", each(variants.feature_names, quoted));
  arrays.write("const wgsl::KernelTemplate*", "kVariants", pointers);
  std::string source = fmt::format(R"(// Generated by shoal_wgsl from {0}. Do not edit.
#include "{1}"

namespace {2} {{
namespace {4}_text {{

{3}
constexpr wgsl::Kernel kKernel = {{
    .name = "{4}",
    .path = "{0}",
    .feature_names = {5},
    .variants = kVariants,
}};

}}  // namespace {4}_text

const wgsl::Kernel& {4}_kernel() {{ return {4}_text::kKernel; }}

}}  // namespace {2}
)",
                                   path, name.header, name.name_space, body, name.kernel, features);
  return KernelCode{write_header(path, name, variants), std::move(source), std::move(variants.files)};
}

}  // namespace shoal::wgsl
