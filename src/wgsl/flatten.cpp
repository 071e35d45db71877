#include "wgsl/flatten.h"

#include <algorithm>
#include <optional>

#include "wgsl/kernel_template.h"
#include "wgsl/module_graph.h"

namespace shoal::wgsl {
namespace {

std::string slot_line(std::string_view slot) { return fmt::format("{}{}", kSlotMarker, slot); }

std::vector<Edit> condition_edits(const GraphModule& module) {
  std::vector<Edit> edits;
  for (const Removal& removal : module.module.removals) edits.push_back(edit_for(module.source, removal));
  return edits;
}

// A blank line means that the comment above it belongs to nobody below.
bool has_blank_line(std::string_view text) {
  bool blank = false;  // since the last newline
  for (char c : text) {
    if (c == '\n' && blank) return true;
    blank = c == '\n' || (blank && (c == ' ' || c == '\t' || c == '\r'));
  }
  return false;
}

class Writer {
 public:
  Result<Flattened> run(const ModuleGraph& graph) {
    const std::vector<GraphModule*>& modules = graph.reached_modules();
    std::string text;
    for (const GraphModule* module : modules) {
      SHOAL_TRY(refuse_marker_in_comments(*module));
      text += module == modules.front() ? entry_text(*module) : imported_text(*module);
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
  std::string entry_text(const GraphModule& module) {
    std::vector<Edit> edits = condition_edits(module);
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
  std::string imported_text(const GraphModule& module) {
    std::string text = fmt::format("\n// From {}:\n\n", module.source.path);
    for (std::string_view slot : module.reached_slots) {
      if (place_slot(slot)) text += slot_line(slot) + "\n";
    }
    std::vector<Edit> edits = condition_edits(module);
    u32 previous_end = 0;
    for (const Declaration& declaration : module.module.declarations) {
      if (!module.reached.contains(&declaration)) continue;
      Span range{begin_with_comments(module, declaration.span.begin),
                 end_with_comment(module, declaration.span.end)};
      if (has_blank_line(module.source.slice({std::min(previous_end, range.begin), range.begin}))) text += "\n";
      text += apply_edits(module.source, range, edits) + "\n";
      previous_end = range.end;
    }
    return text;
  }

  // Walks up over comments and removed text as long as no blank line comes between.
  static u32 begin_with_comments(const GraphModule& module, u32 begin) {
    std::string_view text = module.source.text;
    while (true) {
      size_t last = begin == 0 ? std::string_view::npos : text.find_last_not_of(" \t\r\n", begin - 1);
      u32 end = last == std::string_view::npos ? 0 : static_cast<u32>(last + 1);
      if (end == 0 || has_blank_line(module.source.slice({end, begin}))) return begin;
      if (auto comment = ending_at(module.module.comments, end, [](Span span) { return span; })) {
        if (!starts_line(text, comment->begin)) return begin;  // it stands behind the declaration above
        begin = comment->begin;
      } else if (auto removed = ending_at(module.module.removals, end, [](const Removal& r) { return r.span; })) {
        begin = removed->begin;
      } else {
        return begin;
      }
    }
  }

  template <class Spans, class Projection>
  static std::optional<Span> ending_at(const Spans& spans, u32 end, Projection projection) {
    for (const auto& element : spans) {
      if (projection(element).end == end) return projection(element);
    }
    return std::nullopt;
  }

  static bool starts_line(std::string_view text, u32 offset) {
    size_t last = offset == 0 ? std::string_view::npos : text.find_last_not_of(" \t\r", offset - 1);
    return last == std::string_view::npos || text[last] == '\n';
  }

  static u32 end_with_comment(const GraphModule& module, u32 end) {
    for (Span comment : module.module.comments) {
      if (comment.begin < end) continue;
      std::string_view between = module.source.slice({end, comment.begin});
      bool behind = between.find_first_not_of(" \t") == std::string_view::npos;
      return behind && module.source.slice(comment).starts_with("//") ? comment.end : end;
    }
    return end;
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
