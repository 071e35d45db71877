// What things cost on the adapter that a trace was recorded on, beyond the call that the recorder timed.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "gpu/native/call_costs.h"
#include "review/analysis/trace_model.h"

namespace shoal::review {

struct Costs {
  // By size, linear between those that are known and beyond the largest.
  struct Point {
    double bytes = 0, ns = 0;
  };

  std::string_view adapter_class{};
  std::vector<Point> upload{};        // a write_buffer or write_texture: from staging memory to where it is used
  std::vector<Point> copy{};          // a copy from buffer to buffer
  double submit_us = 0;               // a submission more
  double pass_us = 0;                 // a compute pass more
  double render_pass_us = 0;          // a render pass more, without its attachments' bytes
  double attachment_ns_per_byte = 0;  // storing or loading one between passes
  double draw_us = 0;                 // a draw of a few vertices more, as figured for the class
  double dispatch_us = 0;             // a dispatch, and one that waits for the one before it
  double barrier_us = 0;
  double bind_group_us = 0;  // making one and giving it back
  double pipeline_us = 0;    // the same of a module and its pipeline
  double map_us = 0;         // whole: from map_async of a buffer that is ready to its answer
  bool is_tiled = false;     // attachments that are discarded never leave the chip
  bool is_measured = false;  // on this adapter; else they are figures of its class

  double upload_ns(u64 size_bytes) const { return at(upload, size_bytes); }
  double copy_ns(u64 size_bytes) const { return at(copy, size_bytes); }

 private:
  static double at(const std::vector<Point>& points, u64 size_bytes);
};

// As measured where they are, else by the adapter's type as its note names it.
Costs costs_of(const TraceModel& model, const std::optional<gpu::CallCosts>& measured);

}  // namespace shoal::review
