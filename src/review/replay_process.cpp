#include "review/replay_process.h"

#include "base/text.h"
#include "gpu/native/trace_file.h"
#include "review/child_process.h"
#include "review/replay_report.h"

namespace shoal::review {
namespace {

// The child's exit codes; others are not its own.
constexpr int kEqual = 0, kDifferent = 3, kFailed = 4;

int replay_file(const std::string& path, const ReplayOptions& options, bool json, std::string& text) {
  if (auto file = gpu::load_trace(path); !file) {
    text = file.error().message();
  } else if (auto report = replay(file->trace, options); !report) {
    text = report.error().message();
  } else {
    text = json ? report_json(*report) : report_text(*report);
    return report->equal_readbacks == report->readbacks ? kEqual : kDifferent;
  }
  return kFailed;
}

}  // namespace

Result<ReplayOutcome> replay_in_child(const std::string& path, const ReplayOptions& options, bool json,
                                      u32 timeout_s) {
  auto outcome = run_in_child([&](std::string& text) { return replay_file(path, options, json, text); }, timeout_s);
  if (!outcome) {
    return fail(ErrorCode::kDevice, "{} cannot be replayed. {}", quote(path), outcome.error().message());
  }
  if (outcome->code != kEqual && outcome->code != kDifferent) {
    return fail(
        ErrorCode::kDevice, "{} cannot be replayed: {}", quote(path),
        outcome->text.empty() ? fmt::format("its process ended with exit code {}.", outcome->code) : outcome->text);
  }
  return ReplayOutcome{.report = std::move(outcome->text), .is_equal = outcome->code == kEqual};
}

}  // namespace shoal::review
