#include "review/analysis/costs.h"

#include <algorithm>

namespace shoal::review {
namespace {

// Sources. Software: `shoal adapters --calibrate` of Mesa 22.3's lavapipe on two cores, processor time. Discrete:
// one H200 through wgpu-native 29 copies 2 TB/s; what PCIe 5, a submission, a pass and a draw cost there, and all of the
// integrated row, are guesses with no measurement behind them.
Costs class_costs(std::string_view type) {
  if (type == "software") {
    return {.adapter_class = "software",
            .upload = {{1 << 20, 0.1 * (1 << 20)}},
            .copy = {{1 << 20, 0.5 * (1 << 20)}},
            .submit_us = 15,
            .pass_us = 8,
            .render_pass_us = 8,
            .attachment_ns_per_byte = 0.27,
            .draw_us = 3};
  }
  if (type == "integrated") {
    return {.adapter_class = "integrated GPU",
            .upload = {{1 << 20, 0.05 * (1 << 20)}},
            .copy = {{1 << 20, 0.04 * (1 << 20)}},
            .submit_us = 15,
            .pass_us = 5,
            .render_pass_us = 5,
            .attachment_ns_per_byte = 0.02,
            .draw_us = 1,
            .is_tiled = true};
  }
  return {.adapter_class = "discrete GPU",
          .upload = {{1 << 20, 0.04 * (1 << 20)}},
          .copy = {{1 << 20, 0.0005 * (1 << 20)}},
          .submit_us = 8,
          .pass_us = 2,
          .render_pass_us = 2,
          .attachment_ns_per_byte = 0.0005,
          .draw_us = 0.5};
}

std::vector<Costs::Point> points_of(const std::vector<gpu::SizedCost>& costs) {
  std::vector<Costs::Point> points;
  // The smallest that was measured costs what a call costs.
  if (!costs.empty()) points.push_back({0, 1e3 * costs.front().cost.beyond_us()});
  for (const gpu::SizedCost& one : costs) {
    points.push_back({static_cast<double>(one.size_bytes), 1e3 * one.cost.beyond_us()});
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
  costs.copy = points_of(measured->copy);
  costs.submit_us = measured->submission.beyond_us();
  costs.pass_us = measured->compute_pass.beyond_us();
  costs.render_pass_us = measured->render_pass.beyond_us();
  costs.attachment_ns_per_byte = measured->attachment_ns_per_byte;
  costs.dispatch_us = measured->dispatch.beyond_us();
  costs.barrier_us = measured->barrier.beyond_us();
  costs.bind_group_us = measured->bind_group.beyond_us();
  costs.pipeline_us = measured->compute_pipeline.beyond_us();
  costs.map_us = measured->map_us;
  return costs;
}

}  // namespace shoal::review
