#include "wgsl/flatten.h"

#include <algorithm>

#include "wgsl/comments.h"
#include "wgsl/kernel_template.h"
#include "wgsl/module_graph.h"
#include "wgsl/unroll.h"

namespace shoal::wgsl {
namespace {

std::string slot_line(std::string_view slot) { return fmt::format("{}{}", kSlotMarker, slot); }

// Of conditions and unrolled loops.
Result<std::vector<Edit>> body_edits(const ModuleGraph& graph, const GraphModule& module) {
  std::vector<Edit> edits;
  for (const Removal& removal : module.module.removals) edits.push_back(edit_for(module.source, removal));
  SHOAL_TRY_SET(std::vector<Edit> loops,
                unroll_edits(module.module, edits, [&graph](const Module& from, std::string_view name) {
                  return graph.find(from, name);
                }));
  // Whole loops come before what they hold, where both begin.
  loops.insert(loops.end(), edits.begin(), edits.end());
  return loops;
}

class Writer {
 public:
  Result<Flattened> run(const ModuleGraph& graph) {
    const std::vector<GraphModule*>& modules = graph.reached_modules();
    std::string text;
    for (const GraphModule* module : modules) {
      SHOAL_TRY(refuse_marker_in_comments(*module));
      SHOAL_TRY_SET(std::vector<Edit> edits, body_edits(graph, *module));
      text += module == modules.front() ? entry_text(*module, std::move(edits)) : imported_text(*module, edits);
    }
    result_.text = tidy_blank_lines(text);
    result_.files = graph.files();
    result_.mentioned = graph.mentioned();
    return std::move(result_);
  }

 private:
  static Result<void> refuse_marker_in_comments(const GraphModule& module) {
    for (Span comment : module.module.comments) {
      if (!module.source.slice(comment).starts_with(kSlotMarker)) continue;
      return fail_at(module.source, comment, "A comment cannot start with '{}': it marks where a slot's text goes.",
                     kSlotMarker);
    }
    return {};
  }

  bool place_slot(std::string_view slot) {
    if (std::ranges::find(result_.slots, slot) != result_.slots.end()) return false;
    result_.slots.emplace_back(slot);
    return true;
  }

  // All of it: imports give way to slot lines or to nothing.
  std::string entry_text(const GraphModule& module, std::vector<Edit> edits) {
    const std::vector<Import>& imports = module.module.imports;
    for (size_t i = 0; i < imports.size();) {
      Span statement = imports[i].statement_span;
      std::string lines;
      for (; i < imports.size() && imports[i].statement_span == statement; ++i) {
        if (imports[i].path.front() != "slots" || !place_slot(imports[i].item())) continue;
        lines += (lines.empty() ? "" : "\n") + slot_line(imports[i].item());
      }
      Edit edit = lines.empty() ? edit_for(module.source, {statement, RemovalKind::kNode}) : Edit{statement, lines};
      edits.push_back(std::move(edit));
    }
    Span all{0, static_cast<u32>(module.source.text.size())};
    return apply_edits(module.source, all, std::move(edits));
  }

  // What is reached of it, each declaration with the comment directly above it and the one behind it.
  std::string imported_text(const GraphModule& module, const std::vector<Edit>& edits) {
    std::string text = fmt::format("\n// From {}:\n\n", module.source.path);
    for (std::string_view slot : module.reached_slots) {
      if (place_slot(slot)) text += slot_line(slot) + "\n";
    }
    u32 previous_end = 0;
    for (const Declaration& declaration : module.module.declarations) {
      if (!module.reached.contains(&declaration)) continue;
      Span range{begin_with_comments(module.module, declaration.span.begin),
                 end_with_comment(module.module, declaration.span.end)};
      if (has_blank_line(module.source.slice({std::min(previous_end, range.begin), range.begin}))) text += "\n";
      text += apply_edits(module.source, range, edits) + "\n";
      previous_end = range.end;
    }
    return text;
  }

  Flattened result_;
};

}  // namespace

Result<Flattened> flatten(std::string_view entry_path, const FeatureNames& enabled, const ReadSource& read) {
  ModuleGraph graph(enabled, read);
  SHOAL_TRY(graph.reach_from(entry_path));
  return Writer().run(graph);
}

}  // namespace shoal::wgsl
