#include "review/review_trace.h"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "base/text.h"
#include "gpu/decode.gen.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u64 kLargeBytes = 16'000'000;  // of memory: worth a word whatever it costs in time

// No finding claims more than the frames in which it is seen last.
struct Estimate {
  double ms = 0;
  u32 frames = 0;
};
Estimate estimate(const TraceModel& model, const std::vector<Claim>& claims) {
  std::map<u32, u64> by_frame;
  for (const Claim& claim : claims) by_frame[model.steps()[claim.step].frame] += claim.ns;
  u64 ns = 0;
  for (const auto& [frame, claimed] : by_frame) {
    const FrameSpan& span = model.frames()[frame];
    ns += std::min(claimed, span.end_ns - span.begin_ns);
  }
  return {static_cast<double>(ns) / 1e6, static_cast<u32>(by_frame.size())};
}

std::vector<std::string> notes_of(const TraceModel& model) {
  std::vector<std::string> notes;
  if (!model.trace().damage.empty()) notes.push_back(model.trace().damage);
  std::set<std::string_view> names;
  for (const TraceRecord& record : model.trace().records) {
    if (record.kind != TraceKind::kNotes) continue;
    (void)decode_notes(record.words, [&]<class Note>(const Note& note) {
      if constexpr (std::is_same_v<Note, Unrecorded>) names.insert(note.name);
    });
  }
  model.for_each<Unsupported>([&](u32, const Step&, const Unsupported& command) { names.insert(command.name); });
  if (!names.empty()) {
    std::string list;
    for (const std::string_view name : names) {
      if (list.size() > 300) {
        list += ", ...";
        break;
      }
      list += fmt::format("{}{}", list.empty() ? "" : ", ", name);
    }
    notes.push_back(fmt::format("The program also used what a trace holds by name only: {}.", list));
  }
  if (model.submissions().empty()) notes.push_back("The program submitted nothing.");
  if (model.is_truncated()) {
    notes.push_back(
        "The trace names more uses of buffers and textures than the review keeps; those beyond are not seen.");
  }
  return notes;
}

}  // namespace

std::string_view severity_name(Severity severity) {
  return severity == Severity::kHigh ? "high" : severity == Severity::kMedium ? "medium" : "low";
}

std::optional<Severity> severity_named(std::string_view name) {
  for (const Severity severity : {Severity::kLow, Severity::kMedium, Severity::kHigh}) {
    if (name == severity_name(severity)) return severity;
  }
  return std::nullopt;
}

Review review(const TraceModel& model, const std::optional<gpu::CallCosts>& measured) {
  const Costs costs = costs_of(model, measured);
  const Subject subject{model, costs};
  Review out{.adapter = model.adapter(),
             .adapter_class = std::string(costs.adapter_class),
             .is_calibrated = costs.is_measured,
             .frames = static_cast<u32>(model.frames().size()),
             .submissions = static_cast<u32>(model.submissions().size()),
             .commands = model.steps().size(),
             .span_ms = model.span_ms(),
             .findings = {},
             .notes = notes_of(model)};
  std::map<u32, u64> claimed;  // by step: the largest claim
  for (const Rule* rule : all_rules()) {
    std::vector<Finding> found;
    rule->find(subject, found);
    for (Finding& finding : found) {
      finding.rule = rule;
      for (const Claim& claim : finding.claims) claimed[claim.step] = std::max(claimed[claim.step], claim.ns);
      const Estimate cost = estimate(model, finding.claims);
      ReviewedFinding& added = out.findings.emplace_back();
      added.frames = cost.frames;
      added.gain.ms = added.gain.estimated_ms = cost.ms;
      added.gain.percent = out.span_ms > 0 ? 100 * cost.ms / out.span_ms : 0;
      added.severity = added.gain.percent >= 10                                        ? Severity::kHigh
                       : added.gain.percent >= 2 || finding.saved_bytes >= kLargeBytes ? Severity::kMedium
                                                                                       : Severity::kLow;
      added.finding = std::move(finding);
    }
  }
  // The most expensive first, then as the rules found them.
  std::vector<std::pair<double, size_t>> order;
  for (size_t i = 0; i < out.findings.size(); ++i) order.emplace_back(-out.findings[i].gain.ms, i);
  std::ranges::sort(order);
  std::vector<ReviewedFinding> sorted;
  for (const auto& [ms, i] : order) sorted.push_back(std::move(out.findings[i]));
  out.findings = std::move(sorted);
  std::vector<Claim> all;
  for (const auto& [step, ns] : claimed) all.push_back({step, ns});
  out.claimed_ms = estimate(model, all).ms;
  return out;
}

}  // namespace shoal::review
