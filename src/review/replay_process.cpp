#include "review/replay_process.h"

#include "base/text.h"
#include "gpu/native/trace_file.h"
#include "review/browser/page_executor.h"
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

std::unexpected<Error> cannot_be_replayed(const std::string& path, const Error& error) {
  return fail(error.code, "{} cannot be replayed. {}", quote(path), error.message());
}

}  // namespace

Result<ReplayOutcome> replay_in_child(const std::string& path, const ReplayOptions& options, bool json,
                                      u32 timeout_s) {
  auto outcome = run_in_child([&](std::string& text) { return replay_file(path, options, json, text); }, timeout_s);
  if (!outcome) {
    return cannot_be_replayed(path, outcome.error());
  }
  if (outcome->code != kEqual && outcome->code != kDifferent) {
    return fail(
        ErrorCode::kDevice, "{} cannot be replayed: {}", quote(path),
        outcome->text.empty() ? fmt::format("its process ended with exit code {}.", outcome->code) : outcome->text);
  }
  return ReplayOutcome{.report = std::move(outcome->text), .is_equal = outcome->code == kEqual};
}

Result<ReplayOutcome> replay_in_browser(const std::string& path, const ReplayOptions& options, bool json,
                                        u32 timeout_s, const std::string& page) {
  SHOAL_TRY_SET(const gpu::TraceFile file, gpu::load_trace(path));
  const auto opened = ExecutorPage::open(page, timeout_s);
  if (!opened) return cannot_be_replayed(path, opened.error());
  const auto report = replay(file.trace, options, page_executors(**opened));
  if (!report) return cannot_be_replayed(path, report.error());
  return ReplayOutcome{.report = json ? report_json(*report) : report_text(*report),
                       .is_equal = report->equal_readbacks == report->readbacks};
}

}  // namespace shoal::review
