#include "review/measure_passes.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "gpu/native/calibration.h"
#include "gpu/native/pass_timer.h"
#include "review/child_process.h"
#include "review/replay_trace.h"

namespace shoal::review {
namespace {

constexpr int kDone = 0, kFailed = 4;

// In the child: JSON, or a sentence.
int measure(const gpu::Trace& trace, const MeasureOptions& options, std::string& out) {
  const auto report =
      replay(trace, {.adapter = options.adapter, .times_passes = true, .repetitions = options.repetitions});
  if (!report) {
    out = report.error().message();
    return kFailed;
  }
  nlohmann::json json = {{"adapter", report->adapter},
                         {"readbacks", report->readbacks},
                         {"equal_readbacks", report->equal_readbacks},
                         {"passes", nlohmann::json::array()}};
  for (const PassTime& pass : report->passes) {
    json["passes"].push_back(
        pass.ms.empty()
            ? nlohmann::json::array({-1, -1, -1})
            : nlohmann::json::array({gpu::median(pass.ms), std::ranges::min(pass.ms), std::ranges::max(pass.ms)}));
  }
  // Without roofs the times stand.
  if (const auto gpu = gpu::NativeGpu::open(options.adapter, gpu::Tier::kFull, {.profile = true}); gpu) {
    if (const auto roofs = gpu::cached_roofs(**gpu, options.roofs_file); roofs) {
      json["roofs"] = {roofs->read_bytes_per_s, roofs->copy_bytes_per_s, roofs->atomic_adds_per_s};
    }
  }
  out = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return kDone;
}

}  // namespace

Result<MeasuredPasses> measure_passes(const gpu::Trace& trace, const MeasureOptions& options) {
  SHOAL_TRY_SET(const ChildOutcome outcome,
                run_in_child([&](std::string& out) { return measure(trace, options, out); }, options.timeout_s));
  if (outcome.code != kDone) return fail(ErrorCode::kDevice, "The passes cannot be timed: {}", outcome.text);
  const nlohmann::json json = nlohmann::json::parse(outcome.text, nullptr, false);
  if (!json.is_object()) return fail(ErrorCode::kInternal, "The process that timed the passes gave no answer.");
  MeasuredPasses measured{.adapter = json.value("adapter", ""),
                          .roofs = std::nullopt,
                          .passes = {},
                          .readbacks = json.value("readbacks", 0u),
                          .equal_readbacks = json.value("equal_readbacks", 0u)};
  for (const auto& pass : json["passes"]) {
    measured.passes.push_back({pass[0].get<double>(), pass[1].get<double>(), pass[2].get<double>()});
  }
  if (const auto roofs = json.find("roofs"); roofs != json.end()) {
    measured.roofs = gpu::Roofs{.read_bytes_per_s = (*roofs)[0].get<double>(),
                                .copy_bytes_per_s = (*roofs)[1].get<double>(),
                                .atomic_adds_per_s = (*roofs)[2].get<double>()};
  }
  return measured;
}

}  // namespace shoal::review
