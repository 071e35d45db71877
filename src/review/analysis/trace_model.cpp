#include "review/analysis/trace_model.h"

#include <algorithm>

#include "base/text.h"
#include "review/analysis/model_builder.h"

namespace shoal::review {
namespace {

std::string_view kind_name(gpu::ObjectKind kind) {
  for (const auto& [value, name] : gpu::names_of(kind).names) {
    if (value == static_cast<u32>(kind)) return name;
  }
  return "object";
}

}  // namespace

TraceModel::TraceModel(const gpu::Trace& trace) : trace_(trace) { ModelBuilder(*this).build(); }

const Object* TraceModel::object(u32 id) const {
  const auto found = objects_.find(id);
  return found == objects_.end() ? nullptr : &found->second;
}

const std::vector<Access>& TraceModel::accesses(u32 object) const {
  static const std::vector<Access> none;
  const auto found = accesses_.find(object);
  return found == accesses_.end() ? none : found->second;
}

double TraceModel::span_ms() const {
  return frames_.empty() ? 0 : static_cast<double>(frames_.back().end_ns - frames_.front().begin_ns) / 1e6;
}

std::string TraceModel::name(u32 id) const {
  const Object* found = object(id);
  if (found == nullptr) return fmt::format("object {}", id);
  std::string kind(kind_name(found->kind));
  std::ranges::replace(kind, '_', ' ');
  if (!found->label.empty()) return fmt::format("{} {}", kind, quote(found->label));
  return fmt::format("{} {}", kind, id);
}

std::vector<std::string> TraceModel::stack(u32 stack, size_t most) const {
  std::vector<std::string> lines;
  if (stack >= stacks_.size()) return lines;
  for (const u32 frame : stacks_[stack]) {
    if (lines.size() == most) break;
    if (frame >= stack_frames_.size() || stack_frames_[frame].is_library) continue;
    lines.push_back(stack_frames_[frame].text);
  }
  return lines;
}

std::span<const u32> TraceModel::stack_frames(u32 stack) const {
  return stack < stacks_.size() ? std::span<const u32>(stacks_[stack]) : std::span<const u32>();
}

std::span<const u32> TraceModel::wasm_callers(u32 stack) const {
  const std::span<const u32> frames = stack_frames(stack);
  const auto found = std::ranges::find_if(
      frames, [&](u32 frame) { return frame < stack_frames_.size() && stack_frames_[frame].is_wasm; });
  return {found, frames.end()};
}

std::span<const u32> TraceModel::words(u32 step) const {
  const auto from = trace_.records[steps_[step].record].words.subspan(steps_[step].word);
  return from.first(from.front() >> 8);
}

}  // namespace shoal::review
