// The modules a kernel reaches, and which of their declarations.
#pragma once

#include <map>
#include <memory>
#include <set>

#include "wgsl/constant_expression.h"
#include "wgsl/flatten.h"
#include "wgsl/module.h"

namespace shoal::wgsl {

// What an import's path leads to: an item of a file, or a slot.
struct ImportTarget {
  std::string file;  // empty for a slot
  std::string_view item;
};
Result<ImportTarget> resolve_import(const Source& source, const Import& import);

struct GraphModule {
  Source source;
  Module module;
  std::map<std::string_view, const Declaration*> declared;
  std::map<std::string_view, const Import*> imported;
  std::set<const Declaration*> reached;
  std::set<std::string_view> reached_slots;
};

class ModuleGraph {
 public:
  ModuleGraph(const FeatureNames& enabled, const ReadSource& read) : enabled_(enabled), read_(read) {}

  // Reaches all of `entry_path`'s declarations and everything they need; and all that it imports where it has no
  // entry point.
  Result<void> reach_from(std::string_view entry_path);

  // Those with anything reached, in the order they were: the entry first.
  const std::vector<GraphModule*>& reached_modules() const { return reached_modules_; }
  const std::vector<std::string>& files() const { return files_; }
  const FeatureNames& mentioned() const { return mentioned_; }
  // What a name means in a module that was read: a declaration of its own or an imported one.
  ConstantPlace find(const Module& module, std::string_view name) const;

 private:
  struct Item {
    GraphModule* module;
    const Declaration* declaration;
  };

  Result<GraphModule*> load(const std::string& path);
  Result<void> index_names(GraphModule& module);
  Result<GraphModule*> follow(GraphModule& from, const Import& import, const ImportTarget& target);
  Result<void> reach_module(GraphModule& module);
  void reach(GraphModule& module, const Declaration& declaration);
  Result<void> follow_references();
  Result<void> reach_import(GraphModule& module, const Import& import);
  Result<void> reach_references_of(const Item& item);
  Result<void> refuse_collisions() const;
  Result<void> refuse_missing_imports() const;

  const FeatureNames& enabled_;
  const ReadSource& read_;
  std::map<std::string, std::unique_ptr<GraphModule>> modules_;
  std::vector<GraphModule*> reached_modules_;
  std::vector<Item> pending_;
  std::vector<std::string> files_;
  FeatureNames mentioned_;
};

}  // namespace shoal::wgsl
