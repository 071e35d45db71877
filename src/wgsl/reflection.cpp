#include "wgsl/reflection.h"

#include <limits>

#include "base/text.h"
#include "wgsl/constant_expression.h"
#include "wgsl/layout.h"

namespace shoal::wgsl {
namespace {

Result<u32> index_attribute(const Module& module, const Declaration& declaration, std::string_view name) {
  const Attribute* attribute = find_attribute(declaration.attributes, name);
  if (attribute == nullptr || attribute->arguments.empty()) {
    return fail_at(*module.source, declaration.name_span, "{} needs @group(N) and @binding(N), both with a number.",
                   quote(declaration.name));
  }
  SHOAL_TRY_SET(ConstantValue value, evaluate_integer(module, attribute->arguments));
  if (value.value < 0 || value.value > std::numeric_limits<u32>::max() || value.is_override) {
    return fail_at(*module.source, attribute->span, "@{} cannot be {}. It is a constant number from 0 on.", name,
                   value.value);
  }
  return static_cast<u32>(value.value);
}

Result<BindingKind> handle_kind(const Module& module, const Declaration& declaration) {
  std::string_view type = declaration.type.empty() ? std::string_view() : module.text(declaration.type.begin);
  for (u32 hops = 0; hops < 16; ++hops) {
    const Declaration* alias = find_declaration(module, type);
    if (alias == nullptr || alias->kind != DeclarationKind::kAlias) break;
    type = module.text(alias->type.begin);
  }
  if (type.starts_with("texture_storage_")) return BindingKind::kStorageTexture;
  if (type.starts_with("texture_")) return BindingKind::kTexture;
  if (type == "sampler" || type == "sampler_comparison") return BindingKind::kSampler;
  return fail_at(
      *module.source, declaration.name_span,
      "{} is neither a texture nor a sampler, so it needs an address space: var<storage> or var<uniform>.",
      quote(declaration.name));
}

Result<Binding> reflect_binding(const Module& module, Layouts& layouts, const Declaration& declaration) {
  Binding binding;
  binding.name = declaration.name;
  SHOAL_TRY_SET(binding.group, index_attribute(module, declaration, "group"));
  SHOAL_TRY_SET(binding.binding, index_attribute(module, declaration, "binding"));
  if (declaration.address_space.empty()) {
    SHOAL_TRY_SET(binding.kind, handle_kind(module, declaration));
    return binding;
  }
  if (declaration.type.empty()) {
    return fail_at(*module.source, declaration.name_span, "{} has no type. Write var<...> {}: TYPE;",
                   quote(declaration.name), declaration.name);
  }
  SHOAL_TRY_SET(TypeLayout type, layouts.of_type(declaration.type));
  binding.min_size_bytes = type.size_bytes;
  if (declaration.address_space == "uniform") {
    binding.kind = BindingKind::kUniform;
    SHOAL_TRY(layouts.check_uniform(type, declaration.name_span));
  } else if (declaration.address_space == "storage") {
    bool writes = declaration.access_mode == "read_write" || declaration.access_mode == "write";
    binding.kind = writes ? BindingKind::kStorageReadWrite : BindingKind::kStorageRead;
  } else {
    return fail_at(*module.source, declaration.name_span,
                   "{} in address space '{}' cannot be bound. Use storage or uniform.", quote(declaration.name),
                   declaration.address_space);
  }
  return binding;
}

Result<void> read_workgroup_size(const Module& module, const Attribute& attribute, EntryPoint& entry) {
  u32 begin = attribute.arguments.begin;
  for (u32& size : entry.workgroup_size) {
    if (begin >= attribute.arguments.end) break;
    u32 end = begin;
    for (u32 depth = 0; end < attribute.arguments.end && (depth > 0 || module.text(end) != ","); ++end) {
      if (module.text(end) == "(") ++depth;
      if (module.text(end) == ")") --depth;
    }
    if (begin == end) break;
    SHOAL_TRY_SET(ConstantValue value, evaluate_integer(module, {begin, end}));
    if (value.value < 0 || value.value > std::numeric_limits<u32>::max() ||
        (value.value == 0 && !value.is_override)) {
      return fail_at(*module.source, attribute.span, "A workgroup size cannot be {}. It is at least 1.",
                     value.value);
    }
    size = static_cast<u32>(value.value);
    entry.size_is_override = entry.size_is_override || value.is_override;
    begin = end + 1;
  }
  return {};
}

Result<void> reflect_entry_point(const Module& module, const Declaration& function,
                                 std::vector<EntryPoint>& entries) {
  EntryPoint entry;
  entry.name = function.name;
  if (find_attribute(function.attributes, "compute")) {
    entry.stage = Stage::kCompute;
    const Attribute* size = find_attribute(function.attributes, "workgroup_size");
    if (size == nullptr || size->arguments.empty()) {
      return fail_at(*module.source, function.name_span, "Compute entry point {} needs @workgroup_size(...).",
                     quote(function.name));
    }
    SHOAL_TRY(read_workgroup_size(module, *size, entry));
  } else if (find_attribute(function.attributes, "vertex")) {
    entry.stage = Stage::kVertex;
  } else if (find_attribute(function.attributes, "fragment")) {
    entry.stage = Stage::kFragment;
  } else {
    return {};
  }
  entries.push_back(entry);
  return {};
}

bool is_subgroup_name(std::string_view name) {
  bool function = name.size() > 8 && name.starts_with("subgroup") && name[8] >= 'A' && name[8] <= 'Z';
  return function || name.starts_with("quadSwap") || name == "quadBroadcast" || name == "subgroup_size" ||
         name == "subgroup_invocation_id" || name == "subgroup_id" || name == "num_subgroups";
}

bool is_f16_name(std::string_view name) {
  auto is_dimension = [&](size_t i) { return name[i] >= '2' && name[i] <= '4'; };
  bool vector = name.size() == 5 && name.starts_with("vec") && is_dimension(3) && name[4] == 'h';
  bool matrix = name.size() == 7 && name.starts_with("mat") && is_dimension(3) && name[4] == 'x' && name[6] == 'h';
  return name == "f16" || vector || matrix;
}

void find_features(const Module& module, Reflection& reflection) {
  for (u32 i = 0; i < module.tokens.size(); ++i) {
    std::string_view text = module.text(i);
    if (module.tokens[i].kind == TokenKind::kFloat && text.ends_with('h')) reflection.uses_f16 = true;
    if (module.tokens[i].kind != TokenKind::kIdentifier || (i > 0 && module.text(i - 1) == ".")) continue;
    bool is_builtin_value = i > 1 && module.text(i - 1) == "(" && module.text(i - 2) == "builtin";
    bool is_word = text.find('_') == std::string_view::npos || is_builtin_value;
    if (is_word && is_subgroup_name(text) && !find_declaration(module, text)) reflection.uses_subgroups = true;
    if (is_f16_name(text) && !find_declaration(module, text)) reflection.uses_f16 = true;
  }
}

}  // namespace

Result<Reflection> reflect(const Module& module) {
  Reflection reflection;
  Layouts layouts(module);
  for (const Declaration& declaration : module.declarations) {
    switch (declaration.kind) {
      case DeclarationKind::kVar: {
        bool bound =
            find_attribute(declaration.attributes, "group") || find_attribute(declaration.attributes, "binding");
        if (!bound) break;
        SHOAL_TRY_SET(Binding binding, reflect_binding(module, layouts, declaration));
        reflection.bindings.push_back(binding);
        break;
      }
      case DeclarationKind::kOverride:
        reflection.overrides.push_back({declaration.name, !declaration.value.empty()});
        break;
      case DeclarationKind::kFunction:
        SHOAL_TRY(reflect_entry_point(module, declaration, reflection.entry_points));
        break;
      default: break;
    }
  }
  find_features(module, reflection);
  return reflection;
}

}  // namespace shoal::wgsl
