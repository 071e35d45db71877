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
  double storage_draw_us = 0;                     // the same whose fragments are shown storage
  double instance_us = 0;                         // an instance more in a draw
  double state_us = 0;                            // setting a pipeline, bind group or buffer between draws
  // A bind group, view or sampler more; nothing where it was not measured, since a recorded call has all of it.
  double bind_group_us = 0, texture_view_us = 0, sampler_us = 0;
  // Beside each write's own: that anything is written before a submission, and that a texture is.
  double first_write_us = 0, first_texture_write_us = 0;
  // Of these there is no call.
  double attachment_ns_per_byte = 0;  // storing or loading one between passes
  double depth_ns_per_byte = 0;       // a depth buffer in a pass, cleared there
  double depth_test_ns_per_byte = 0;  // and asked once at each pixel
  double samples_ns_per_byte = 0;     // samples instead of the picture that they are resolved to
  double zeroing_ns_per_byte = 0;     // the first use of a buffer or texture

  double upload_ns(u64 size_bytes) const { return at(upload, size_bytes); }
  double texture_upload_ns(u64 size_bytes) const { return at(texture_upload, size_bytes); }
  double first_use_ns(u64 size_bytes) const { return zeroing_ns_per_byte * static_cast<double>(size_bytes); }
  double draw_ns(bool has_storage) const { return 1000 * (has_storage ? storage_draw_us : draw_us); }
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
