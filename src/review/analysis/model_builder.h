// Builds a TraceModel in one walk over the trace.
#pragma once

#include <map>
#include <set>
#include <unordered_set>

#include "review/analysis/trace_model.h"

namespace shoal::review {

class ModelBuilder {
 public:
  explicit ModelBuilder(TraceModel& model) : model_(model) {}
  void build();

 private:
  // What a binding does with its resource.
  struct Bound {
    u32 object = 0;
    u64 begin = 0, end = 0;
    bool writes = false;
  };
  struct BindLayout {
    std::vector<gpu::LayoutEntry> entries;
    u32 pipeline = 0, index = 0;  // where it is the shader's own
  };
  // What a pass or a bundle has set, and what it has used.
  struct Scope {
    u32 encoder = 0;  // 0: a bundle
    std::map<u32, u32> groups, vertex_buffers;
    u32 index_buffer = 0;
    bool is_changed = true;  // something was set since the last draw
    std::set<u32> used_groups, read_buffers;
    std::vector<std::pair<u32, Access>> others;  // by object
  };
  using Pending = std::vector<std::pair<u32, Access>>;

  void take_stream(u32 record);
  void take_notes(const gpu::TraceRecord& record);
  void take_events(const gpu::TraceRecord& record);

  // Each kind of command has one; all others are counted only.
  template <class Command>
  void take(const Command& command);
  template <class Command>
  void count_uses(const Command& command);
  template <class Command>
  void learn_object(const Command& command);
  template <class Command>
  void take_encoded(const Command& command);
  template <class Command>
  void take_in_pass(const Command& command);

  void make(u32 id, gpu::ObjectKind kind, std::string_view label, u32 of = 0);
  void touch(u32 encoder, u32 object, bool reads, bool writes, u64 begin = 0, u64 end = gpu::kWholeSize);
  void touch_now(u32 object, bool reads, bool writes, u64 begin = 0, u64 end = gpu::kWholeSize);
  void use(Scope& scope);
  void end_scope(Scope& scope, Pending& to);
  std::vector<Bound> bindings(const gpu::CreateBindGroup& command) const;
  bool shader_writes(const BindLayout& layout, u32 binding) const;
  u32 texture_of(u32 view) const;

  TraceModel& model_;
  u32 step_ = 0;
  bool in_frame_ = false;
  std::unordered_set<u32> storage_textures_;
  std::unordered_map<u32, std::vector<u32>> layout_lists_;      // of pipeline layouts
  std::unordered_map<u32, std::vector<u32>> pipeline_layouts_;  // the bind group layouts that a pipeline was given
  std::unordered_map<u32, BindLayout> layouts_;
  std::unordered_map<u32, std::vector<std::string_view>> pipeline_code_;
  std::unordered_map<u32, std::string_view> module_code_;
  std::unordered_map<u32, std::vector<Bound>> groups_;
  std::unordered_map<u32, Scope> scopes_;     // open passes and bundle encoders
  std::unordered_map<u32, Pending> pending_;  // by encoder, then by command buffer; by bundle
  std::unordered_map<u32, u32> canvas_textures_;
};

}  // namespace shoal::review
