#include "review/analysis/costs.h"

#include <algorithm>

namespace shoal::review {
namespace {

// Sources. Software: `shoal adapters --calibrate` of Mesa 22.3's lavapipe on two cores, processor time. Discrete:
// one H200 through wgpu-native 29 copies 2 TB/s; what PCIe 5, a submission, a pass and a draw cost there, and all
// of the integrated row, are guesses with no measurement behind them.
Costs class_costs(std::string_view type) {
  if (type == "software") {
    return {.adapter_class = "software",
            .upload = {{1 << 20, 0.1 * (1 << 20)}},
            .texture_upload = {{1 << 20, 0.1 * (1 << 20)}},
            .copy = {{1 << 20, 0.5 * (1 << 20)}},
            .submit_us = 15,
            .pass_us = 8,
            .render_pass_us = 80,
            .draw_us = 2,
            .storage_draw_us = 30,
            .instance_us = 1,
            .state_us = 0.3,
            .first_write_us = 25,
            .first_texture_write_us = 8,
            .depth_ns_per_byte = 0.4,
            .depth_test_ns_per_byte = 0.3,
            .samples_ns_per_byte = 1.5,
            .zeroing_ns_per_byte = 0.5};
  }
  if (type == "integrated") {
    return {.adapter_class = "integrated GPU",
            .is_tiled = true,
            .upload = {{1 << 20, 0.05 * (1 << 20)}},
            .texture_upload = {{1 << 20, 0.05 * (1 << 20)}},
            .copy = {{1 << 20, 0.04 * (1 << 20)}},
            .submit_us = 15,
            .pass_us = 5,
            .render_pass_us = 5,
            .draw_us = 1,
            .storage_draw_us = 1,
            .attachment_ns_per_byte = 0.02,
            .depth_ns_per_byte = 0.02,
            .samples_ns_per_byte = 0.04,
            .zeroing_ns_per_byte = 0.02};
  }
  return {.adapter_class = "discrete GPU",
          .upload = {{1 << 20, 0.04 * (1 << 20)}},
          .texture_upload = {{1 << 20, 0.04 * (1 << 20)}},
          .copy = {{1 << 20, 0.0005 * (1 << 20)}},
          .submit_us = 8,
          .pass_us = 2,
          .render_pass_us = 2,
          .draw_us = 0.5,
          .storage_draw_us = 0.5,
          .attachment_ns_per_byte = 0.0005,
          .depth_ns_per_byte = 0.0005,
          .samples_ns_per_byte = 0.001,
          .zeroing_ns_per_byte = 0.0005};
}

std::vector<Costs::Point> points_of(const std::vector<gpu::SizedCost>& costs) {
  std::vector<Costs::Point> points;
  // The smallest that was measured costs what a call costs.
  if (!costs.empty()) points.push_back({0, 1e3 * costs.front().cost.whole_us});
  for (const gpu::SizedCost& one : costs) {
    points.push_back({static_cast<double>(one.size_bytes), 1e3 * one.cost.whole_us});
  }
  return points;
}

}  // namespace

double Costs::at(const std::vector<Point>& points, u64 size_bytes) {
  if (points.empty()) return 0;
  const double bytes = static_cast<double>(size_bytes);
  Point low, high;
  for (const Point& point : points) {
    if (high.bytes > 0 && high.bytes >= bytes) break;
    low = high;
    high = point;
  }
  if (high.bytes <= low.bytes) return high.ns;
  const double slope = (high.ns - low.ns) / (high.bytes - low.bytes);
  return std::max(0.0, low.ns + slope * (bytes - low.bytes));
}

Costs costs_of(const TraceModel& model, const std::optional<gpu::CallCosts>& measured) {
  Costs costs = class_costs(model.adapter_type());
  if (!measured) return costs;
  costs.is_measured = true;
  costs.upload = points_of(measured->write);
  costs.texture_upload = points_of(measured->write_texture);
  costs.copy = points_of(measured->copy);
  costs.submit_us = measured->submission.whole_us;
  costs.pass_us = measured->compute_pass.whole_us;
  costs.render_pass_us = measured->render_pass.whole_us;
  costs.draw_us = measured->draw.whole_us;
  costs.storage_draw_us = measured->storage_draw.whole_us;
  costs.instance_us = measured->instance.whole_us;
  costs.bind_group_us = measured->bind_group.whole_us;
  costs.texture_view_us = measured->texture_view.whole_us;
  costs.sampler_us = measured->sampler.whole_us;
  costs.first_write_us = measured->first_write.whole_us;
  costs.first_texture_write_us = measured->first_texture_write.whole_us;
  costs.state_us = measured->state.whole_us;
  costs.attachment_ns_per_byte = measured->attachment_ns_per_byte;
  costs.depth_ns_per_byte = measured->depth_ns_per_byte;
  costs.depth_test_ns_per_byte = measured->depth_test_ns_per_byte;
  costs.samples_ns_per_byte = measured->samples_ns_per_byte;
  costs.zeroing_ns_per_byte = measured->zeroing_ns_per_byte;
  return costs;
}

}  // namespace shoal::review
