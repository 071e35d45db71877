// What is wrong with a program, from its trace: findings in the order of what they cost.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "review/rules/rule.h"

namespace shoal::review {

enum class Severity { kLow, kMedium, kHigh };  // below 2 % of the trace's time, below 10 %, and above
std::string_view severity_name(Severity severity);
std::optional<Severity> severity_named(std::string_view name);

enum class GainKind { kEstimated, kMeasured, kRefuted };
struct Gain {
  GainKind kind = GainKind::kEstimated;
  double ms = 0;                   // of the whole trace
  double estimated_ms = 0;         // what was said before any proof
  double percent = 0;              // of its time
  double low_ms = 0, high_ms = 0;  // of what was measured
  std::string note{};              // of a proof: what it found
};

struct ReviewedFinding {
  Finding finding;
  Severity severity = Severity::kLow;
  Gain gain;
  u32 frames = 0;  // in how many it costs
};

struct Review {
  std::string adapter, adapter_class;
  bool is_calibrated = false;  // the estimates are made with costs measured on the adapter, not with its class's
  u32 frames = 0, submissions = 0;
  u64 commands = 0;
  double span_ms = 0;
  double claimed_ms = 0;  // of all findings, each step counted once
  std::vector<ReviewedFinding> findings;
  std::vector<std::string> notes;  // what the review could not see
};

// `measured`: of the adapter that the trace was recorded on, where it is known.
Review review(const TraceModel& model, const std::optional<gpu::CallCosts>& measured = {});

}  // namespace shoal::review
