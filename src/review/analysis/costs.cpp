#include "review/analysis/costs.h"

namespace shoal::review {
namespace {

// Sources. Software: Mesa 22.3's lavapipe on two cores, processor time, programs of tests/review replayed with a
// defect and without: 11.5 MB of uploads took 3.3 ms, of which the calls were 2.4 (particles); 24 passes more over
// 1 MB each 13.7 ms (layers); copies run at 2.0 GB/s. Discrete: one H200 through wgpu-native 29 copies 2 TB/s; what
// PCIe 5, a submission and a pass cost there, and all of the integrated row, are guesses with no measurement behind
// them.
constexpr Costs kSoftware{"software", 0.1, 0.5, 15, 8, 0.27, 3, false};
constexpr Costs kDiscrete{"discrete GPU", 0.04, 0.0005, 8, 2, 0.0005, 0.5, false};
constexpr Costs kIntegrated{"integrated GPU", 0.05, 0.04, 15, 5, 0.02, 1, true};

}  // namespace

Costs costs_of(const TraceModel& model) {
  const std::string_view type = model.adapter_type();
  if (type == "software") return kSoftware;
  if (type == "integrated") return kIntegrated;
  return kDiscrete;
}

}  // namespace shoal::review
