#include "wgsl/module_graph.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "wgsl/parser.h"
#include "wgsl/references.h"

namespace shoal::wgsl {
namespace {

std::vector<std::string_view> module_path_of(std::string_view file) {
  file.remove_suffix(file.ends_with(".wgsl") ? 5 : 0);
  std::vector<std::string_view> path;
  for (size_t at = 0; at <= file.size();) {
    size_t slash = std::min(file.find('/', at), file.size());
    path.push_back(file.substr(at, slash - at));
    at = slash + 1;
  }
  return path;
}

std::string place_of(const GraphModule& module, Span span) {
  Position position = locate(module.source, span.begin);
  return fmt::format("{}:{}:{}", module.source.path, position.line, position.column);
}

bool has_entry_point(const Module& module) {
  return std::ranges::any_of(module.declarations, [](const Declaration& declaration) {
    return std::ranges::any_of(std::array{"compute", "vertex", "fragment"}, [&](std::string_view stage) {
      return find_attribute(declaration.attributes, stage) != nullptr;
    });
  });
}

std::vector<std::string> names_of(const GraphModule& module) {
  std::vector<std::string> names;
  for (const auto& [name, declaration] : module.declared) names.emplace_back(name);
  return names;
}

}  // namespace

Result<ImportTarget> resolve_import(const Source& source, const Import& import) {
  std::string_view root = import.path.front();
  if (root == "slots") {
    if (import.path.size() != 2)
      return fail_at(source, import.item_span, "A slot has no parts. Write slots::NAME.");
    return ImportTarget{{}, import.item()};
  }
  std::vector<std::string_view> path;
  size_t next = 1;
  if (root == "super") {
    path = module_path_of(source.path);
    path.pop_back();
    for (; next < import.path.size() && import.path[next] == "super"; ++next) {
      if (path.empty())
        return fail_at(source, import.statement_span, "This path leaves the package: too many 'super'.");
      path.pop_back();
    }
  } else if (root != "package") {
    return fail_at(source, import.statement_span,
                   "Package {} is not known. A path starts with package, super or slots.", quote(root));
  }
  path.insert(path.end(), import.path.begin() + static_cast<std::ptrdiff_t>(next), import.path.end() - 1);
  if (path.empty() || next == import.path.size()) {
    return fail_at(source, import.item_span, "'{}' needs a file: write package::FILE::{}.", import.item(),
                   import.item());
  }
  return ImportTarget{fmt::format("{}.wgsl", fmt::join(path, "/")), import.item()};
}

Result<void> ModuleGraph::reach_from(std::string_view entry_path) {
  SHOAL_TRY_SET(GraphModule * entry, load(std::string(entry_path)));
  SHOAL_TRY(reach_module(*entry));
  for (const Declaration& declaration : entry->module.declarations) reach(*entry, declaration);
  SHOAL_TRY(follow_references());
  // Text without an entry point goes where a kernel has its slots, beside text that names what is imported here.
  if (!has_entry_point(entry->module)) {
    for (const Import& import : entry->module.imports) SHOAL_TRY(reach_import(*entry, import));
    SHOAL_TRY(follow_references());
  }
  SHOAL_TRY(refuse_collisions());
  return refuse_missing_imports();
}

Result<void> ModuleGraph::follow_references() {
  while (!pending_.empty()) {
    // First in, first out: modules come in the order in which a reader meets them.
    Item item = pending_.front();
    pending_.erase(pending_.begin());
    SHOAL_TRY(reach_references_of(item));
  }
  return {};
}

Result<GraphModule*> ModuleGraph::load(const std::string& path) {
  std::unique_ptr<GraphModule>& slot = modules_[path];
  if (slot) return slot.get();
  SHOAL_TRY_SET(std::string text, read_(path));
  auto module = std::make_unique<GraphModule>();
  module->source = {path, std::move(text)};
  SHOAL_TRY_SET(module->module, parse_module(module->source, enabled_));
  SHOAL_TRY(index_names(*module));
  files_.push_back(path);
  mentioned_.insert(module->module.mentioned.begin(), module->module.mentioned.end());
  slot = std::move(module);
  return slot.get();
}

Result<void> ModuleGraph::index_names(GraphModule& module) {
  const Module& parsed = module.module;
  for (const Directive& directive : parsed.directives) {
    return fail_at(module.source, directive.span,
                   "Directives are written for each compiler when a kernel is loaded. Remove '{}' here.",
                   directive.keyword);
  }
  for (const Declaration& declaration : parsed.declarations) {
    if (declaration.name.empty()) continue;
    auto [found, is_new] = module.declared.emplace(declaration.name, &declaration);
    if (is_new) continue;
    return fail_at(module.source, declaration.name_span, "{} is already declared at {}. Rename one.",
                   quote(declaration.name), place_of(module, found->second->name_span));
  }
  for (const Import& import : parsed.imports) {
    if (auto found = module.declared.find(import.item()); found != module.declared.end()) {
      return fail_at(module.source, import.item_span, "{} is imported, but also declared at {}. Rename one.",
                     quote(import.item()), place_of(module, found->second->name_span));
    }
    auto [found, is_new] = module.imported.emplace(import.item(), &import);
    if (is_new) continue;
    return fail_at(module.source, import.item_span, "{} is already imported at {}. Remove one of the imports.",
                   quote(import.item()), place_of(module, found->second->item_span));
  }
  return {};
}

// The module an import names, which must declare the item.
Result<GraphModule*> ModuleGraph::follow(GraphModule& from, const Import& import, const ImportTarget& target) {
  if (!modules_.contains(target.file)) {
    if (auto readable = read_(target.file); !readable) {
      return fail_at(from.source, import.item_span, "{} cannot be imported: {}", quote(target.item),
                     readable.error().message());
    }
  }
  SHOAL_TRY_SET(GraphModule * module, load(target.file));
  if (!module->declared.contains(target.item)) {
    return fail_at(from.source, import.item_span, "{} declares no {}.{}", target.file, quote(target.item),
                   did_you_mean(target.item, names_of(*module)));
  }
  return module;
}

// A module's first reached declaration brings its assertions, and its imports must all be right, used or not.
Result<void> ModuleGraph::reach_module(GraphModule& module) {
  if (std::ranges::find(reached_modules_, &module) != reached_modules_.end()) return {};
  reached_modules_.push_back(&module);
  for (const Import& import : module.module.imports) {
    SHOAL_TRY_SET(ImportTarget target, resolve_import(module.source, import));
    if (!target.file.empty()) SHOAL_TRY(follow(module, import, target));
  }
  for (const Declaration& declaration : module.module.declarations) {
    if (declaration.kind == DeclarationKind::kConstAssert) reach(module, declaration);
  }
  return {};
}

void ModuleGraph::reach(GraphModule& module, const Declaration& declaration) {
  if (module.reached.insert(&declaration).second) pending_.push_back({&module, &declaration});
}

Result<void> ModuleGraph::reach_import(GraphModule& module, const Import& import) {
  SHOAL_TRY_SET(ImportTarget target, resolve_import(module.source, import));
  if (target.file.empty()) {
    module.reached_slots.insert(import.item());
    return {};
  }
  SHOAL_TRY_SET(GraphModule * other, follow(module, import, target));
  SHOAL_TRY(reach_module(*other));
  reach(*other, *other->declared.at(target.item));
  return {};
}

Result<void> ModuleGraph::reach_references_of(const Item& item) {
  GraphModule& module = *item.module;
  for (u32 token : referenced_tokens(module.module, *item.declaration)) {
    std::string_view name = module.module.text(token);
    if (auto declared = module.declared.find(name); declared != module.declared.end()) {
      reach(module, *declared->second);
    } else if (auto imported = module.imported.find(name); imported != module.imported.end()) {
      SHOAL_TRY(reach_import(module, *imported->second));
    }
  }
  return {};
}

Result<void> ModuleGraph::refuse_collisions() const {
  struct Place {
    const GraphModule* module;
    Span span;
  };
  std::map<std::string_view, Place> places;
  for (const GraphModule* module : reached_modules_) {
    for (const Declaration& declaration : module->module.declarations) {
      if (declaration.name.empty() || !module->reached.contains(&declaration)) continue;
      auto [found, is_new] = places.emplace(declaration.name, Place{module, declaration.name_span});
      if (is_new) continue;
      return fail_at(
          module->source, declaration.name_span,
          "{} is also declared at {}, and {} needs both. Rename one: flattening keeps names as they are.",
          quote(declaration.name), place_of(*found->second.module, found->second.span), files_.front());
    }
  }
  for (const GraphModule* module : reached_modules_) {
    for (std::string_view slot : module->reached_slots) {
      auto found = places.find(slot);
      if (found == places.end()) continue;
      return fail_at(module->source, module->imported.at(slot)->item_span,
                     "Slot {} has the name of what is declared at {}. Rename one.", quote(slot),
                     place_of(*found->second.module, found->second.span));
    }
  }
  return {};
}

// In the flattened text every name is visible everywhere; a file that leans on it would change its meaning
// elsewhere.
Result<void> ModuleGraph::refuse_missing_imports() const {
  std::map<std::string_view, const GraphModule*> owners;
  for (const GraphModule* module : reached_modules_) {
    for (const Declaration* declaration : module->reached) owners.emplace(declaration->name, module);
  }
  for (const GraphModule* module : reached_modules_) {
    for (const Declaration& declaration : module->module.declarations) {
      if (!module->reached.contains(&declaration)) continue;
      std::set<std::string_view> locals = local_names(module->module, declaration);
      for (u32 token : referenced_tokens(module->module, declaration)) {
        std::string_view name = module->module.text(token);
        auto owner = owners.find(name);
        if (owner == owners.end() || module->declared.contains(name) || module->imported.contains(name)) continue;
        if (locals.contains(name)) continue;
        return fail_at(module->source, module->module.tokens[token].span,
                       "{} is declared in {} but not imported here. Import it, or rename one.", quote(name),
                       owner->second->source.path);
      }
    }
  }
  return {};
}

ConstantPlace ModuleGraph::find(const Module& module, std::string_view name) const {
  const auto from = modules_.find(module.source->path);
  if (from == modules_.end()) return {};
  if (const auto own = from->second->declared.find(name); own != from->second->declared.end()) {
    return {&module, own->second};
  }
  const auto import = from->second->imported.find(name);
  if (import == from->second->imported.end()) return {};
  const Result<ImportTarget> target = resolve_import(from->second->source, *import->second);
  const auto file = target ? modules_.find(target->file) : modules_.end();
  if (file == modules_.end()) return {};
  const auto declared = file->second->declared.find(name);
  if (declared == file->second->declared.end()) return {};
  return {&file->second->module, declared->second};
}

}  // namespace shoal::wgsl
