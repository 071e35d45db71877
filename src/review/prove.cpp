#include "review/prove.h"

#include <algorithm>
#include <sstream>

#include "base/median_interval.h"
#include "base/text.h"
#include "review/child_process.h"
#include "review/replay_trace.h"

namespace shoal::review {
namespace {

constexpr int kDone = 0, kFailed = 4;

// In the child: lines of "before_ms after_ms", or a sentence.
int replay_both(const gpu::Trace& before, const gpu::Trace& after, const ProveOptions& options, std::string& out) {
  const ReplayOptions once{.adapter = options.adapter, .times_passes = false};
  for (u32 i = 0; i <= options.repetitions; ++i) {
    double ms[2];
    std::vector<u64> answers[2];
    for (u32 turn = 0; turn < 2; ++turn) {
      const u32 which = (i + turn) % 2;  // so that neither always comes first
      const auto report = replay(which == 0 ? before : after, once);
      if (!report) {
        out = report.error().message();
        return kFailed;
      }
      if (which == 0 && report->answers.size() < report->readbacks) {
        out = fmt::format("The replay comes to {} of the program's {} readbacks here, and `shoal replay` says why.",
                          report->answers.size(), report->readbacks);
        return kFailed;
      }
      // On a machine that others use too, a software adapter's processor time says more than the clock.
      ms[which] = report->is_software ? report->cpu_ms.front() : report->host_ms.front();
      answers[which] = report->answers;
      if (which == 1 && i == 0 && report->readbacks == 0) {
        out = "The program reads nothing back, so there is nothing to compare.";
        return kFailed;
      }
    }
    if (answers[0] != answers[1]) {
      out = "different";
      return kDone;
    }
    // The first turn compiles what both need.
    if (i > 0) out += fmt::format("{} {}\n", ms[0], ms[1]);
  }
  return kDone;
}

void prove_one(ReviewedFinding& found, const TraceModel& model, const ProveOptions& options) {
  const EditedTrace edited = apply(model, found.finding.fix);
  const auto outcome = run_in_child(
      [&](std::string& out) { return replay_both(model.trace(), edited.trace, options, out); }, options.timeout_s);
  Gain& gain = found.gain;
  if (!outcome) {
    gain.note = fmt::format("It could not be proven: {}", outcome.error().message());
    return;
  }
  if (outcome->code != kDone) {
    gain.note = fmt::format("It could not be proven: {}", outcome->text);
    return;
  }
  if (outcome->text == "different") {
    gain.kind = GainKind::kRefuted;
    gain.ms = gain.low_ms = gain.high_ms = gain.percent = 0;
    gain.note = "With the fix the program reads back other bytes, so it is no fix of this program.";
    return;
  }
  std::vector<double> before, after, differences;
  std::istringstream lines(outcome->text);
  for (double a = 0, b = 0; lines >> a >> b;) {
    before.push_back(a);
    after.push_back(b);
    differences.push_back(a - b);
  }
  const MedianInterval gained = median_interval(differences), whole = median_interval(before);
  const double estimated_ms = gain.estimated_ms;
  const std::string equal = "Both replays read the same back";
  if (gained.low > 0) {
    gain.kind = GainKind::kMeasured;
    gain.note = fmt::format("{}; {:.2f} ms were estimated", equal, estimated_ms);
  } else if (gained.high <= 0 || (estimated_ms > 0 && gained.high < 0.1 * estimated_ms)) {
    gain.kind = GainKind::kRefuted;
    gain.note = fmt::format("{}, and the replay is no faster; {:.2f} ms were estimated", equal, estimated_ms);
  } else {
    gain.note = fmt::format("{}; the difference lies between {:.2f} and {:.2f} ms, too close to tell", equal,
                            gained.low, gained.high);
    return;
  }
  gain.ms = gained.median;
  gain.low_ms = gained.low;
  gain.high_ms = gained.high;
  gain.percent = whole.median > 0 ? 100 * gained.median / whole.median : 0;
}

}  // namespace

void prove(Review& review, const TraceModel& model, const ProveOptions& options) {
  for (ReviewedFinding& found : review.findings) {
    if (found.finding.fix.is_empty()) {
      found.gain.note = "Only the program can be changed, so a replay proves nothing";
      continue;
    }
    prove_one(found, model, options);
  }
}

}  // namespace shoal::review
