// A change of a trace: what a fix of the program would have said instead.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "review/analysis/trace_model.h"

namespace shoal::review {

struct TraceEdit {
  std::unordered_map<u32, std::vector<u32>> replaced;  // step -> the words said instead of it; none: it is dropped
  std::unordered_map<u32, u32> renamed;                // an object -> the one that takes its place

  bool is_empty() const { return replaced.empty() && renamed.empty(); }
  void drop(u32 step) { replaced[step] = {}; }
  template <class... Commands>
  void replace(u32 step, const Commands&... commands) {
    std::vector<u32>& words = replaced[step];
    words.clear();
    gpu::WireWriter writer(words);
    (writer.write(commands), ...);
  }
};

// Points into the trace that it was made from.
struct EditedTrace {
  gpu::Trace trace;
  std::vector<std::vector<u32>> words;  // of the streams that were changed
};

EditedTrace apply(const TraceModel& model, const TraceEdit& edit);

}  // namespace shoal::review
