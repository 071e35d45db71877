// What things cost on the adapter that a trace was recorded on: what was measured there, or what the recorder timed
// and a figure of the adapter's class for what comes of it.
#pragma once

#include <algorithm>
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
  bool is_measured = false;  // on this adapter; else they are figures of its class
  bool is_tiled = false;     // attachments that are discarded never leave the chip
  // Each is whole where it was measured, and beyond the call elsewhere: see whole().
  std::vector<Point> upload{}, texture_upload{};  // write_buffer, write_texture
  std::vector<Point> copy{};                      // a copy from buffer to buffer
  double submit_us = 0;                           // a submission more
  double pass_us = 0;                             // a compute pass more
  double render_pass_us = 0;                      // a render pass more, without its attachments' bytes
  double draw_us = 0;                             // a draw of a few vertices more
  double state_us = 0;                            // setting a pipeline, bind group or buffer between draws
  // Of these there is no call.
  double attachment_ns_per_byte = 0;  // storing or loading one between passes
  double depth_ns_per_byte = 0;       // a depth buffer in a pass, cleared there
  double samples_ns_per_byte = 0;     // samples instead of the picture that they are resolved to
  double zeroing_ns_per_byte = 0;     // a buffer's first use

  double upload_ns(u64 size_bytes) const { return at(upload, size_bytes); }
  double texture_upload_ns(u64 size_bytes) const { return at(texture_upload, size_bytes); }
  double copy_ns(u64 size_bytes) const { return at(copy, size_bytes); }
  // What a call costs that took so long while it was recorded. A program that waits in a call, or a machine that is
  // busy, makes a call no dearer than it was measured to be.
  u64 whole(u32 duration_ns, double ns) const {
    return static_cast<u64>(std::max(0.0, is_measured ? ns : duration_ns + ns));
  }

 private:
  static double at(const std::vector<Point>& points, u64 size_bytes);
};

// As measured where they are, else by the adapter's type as its note names it.
Costs costs_of(const TraceModel& model, const std::optional<gpu::CallCosts>& measured);

}  // namespace shoal::review
