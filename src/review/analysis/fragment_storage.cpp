#include "review/analysis/fragment_storage.h"

#include <algorithm>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

#include "wgsl/parser.h"
#include "wgsl/references.h"

namespace shoal::review {
namespace {

using namespace gpu;

bool is_storage(const wgsl::Module& module, const wgsl::Declaration& declaration) {
  if (declaration.kind != wgsl::DeclarationKind::kVar) return false;
  if (declaration.address_space == "storage") return true;
  return !declaration.type.empty() && module.text(declaration.type.begin).starts_with("texture_storage_");
}

bool shows_storage_to_fragments(const CreateBindGroupLayout& layout) {
  return std::ranges::any_of(layout.entries, [](const LayoutEntry& entry) {
    const bool is_shown = (static_cast<u32>(entry.visibility) & static_cast<u32>(ShaderStage::kFragment)) != 0;
    return is_shown && (entry.kind == BindingKind::kStorage || entry.kind == BindingKind::kReadOnlyStorage ||
                        entry.kind == BindingKind::kStorageTexture);
  });
}

}  // namespace

bool fragments_name_storage(std::string_view wgsl, std::string_view entry_point) {
  const bool has_any = wgsl.contains("storage");
  if (!has_any) return false;
  const wgsl::Source source{"shader", std::string(wgsl)};
  const auto module = wgsl::parse_module(source, {});
  if (!module) return has_any;
  std::unordered_map<std::string_view, const wgsl::Declaration*> declared;
  std::vector<const wgsl::Declaration*> open;
  for (const wgsl::Declaration& declaration : module->declarations) {
    declared.emplace(declaration.name, &declaration);
    const bool is_fragment = wgsl::find_attribute(declaration.attributes, "fragment") != nullptr;
    if (is_fragment && (entry_point.empty() || declaration.name == entry_point)) open.push_back(&declaration);
  }
  std::set<const wgsl::Declaration*> seen(open.begin(), open.end());
  while (!open.empty()) {
    const wgsl::Declaration& declaration = *open.back();
    open.pop_back();
    if (is_storage(*module, declaration)) return true;
    for (const u32 token : wgsl::referenced_tokens(*module, declaration)) {
      const auto found = declared.find(module->text(token));
      if (found != declared.end() && seen.insert(found->second).second) open.push_back(found->second);
    }
  }
  return false;
}

std::unordered_set<u32> pipelines_with_fragment_storage(const TraceModel& model) {
  std::unordered_set<u32> pipelines, group_layouts, layouts;
  std::unordered_map<u32, std::string_view> code;                // by module
  std::map<std::pair<u32, std::string_view>, bool> known_names;  // by module and entry point
  model.for_each<CreateShaderModule, CreateBindGroupLayout, CreatePipelineLayout, CreateRenderPipeline,
                 CreateRenderPipelineAsync>([&]<class C>(u32, const Step&, const C& command) {
    if constexpr (std::is_same_v<C, CreateShaderModule>) {
      code[command.module] = command.code;
    } else if constexpr (std::is_same_v<C, CreateBindGroupLayout>) {
      if (shows_storage_to_fragments(command)) group_layouts.insert(command.layout);
    } else if constexpr (std::is_same_v<C, CreatePipelineLayout>) {
      const auto& groups = command.bind_group_layouts;
      if (std::ranges::any_of(groups, [&](u32 group) { return group_layouts.contains(group); }))
        layouts.insert(command.layout);
    } else if (command.state.layout != 0) {
      if (layouts.contains(command.state.layout)) pipelines.insert(command.pipeline);
    } else {
      for (const FragmentState& fragment : command.state.fragment) {
        const auto [known, is_new] = known_names.try_emplace({fragment.module, fragment.entry_point}, false);
        if (is_new) known->second = fragments_name_storage(code[fragment.module], fragment.entry_point);
        if (known->second) pipelines.insert(command.pipeline);
      }
    }
  });
  return pipelines;
}

}  // namespace shoal::review
