#include "review/review_report.h"

#include "base/json_writer.h"
#include "base/text.h"
#include "review/review_html.h"

namespace shoal::review {
namespace {

std::string_view kind_name(GainKind kind) {
  return kind == GainKind::kMeasured ? "measured" : kind == GainKind::kRefuted ? "refuted" : "estimated";
}

std::string text_of(const Review& review, const TraceModel& model, const std::string& path) {
  std::string out = fmt::format("{}: {} commands, {} submissions, {} frames in {:.1f} ms on {}\n", path,
                                group_thousands(review.commands), review.submissions, review.frames, review.span_ms,
                                review.adapter.empty() ? "an adapter that it does not name" : review.adapter);
  for (const std::string& note : review.notes) out += fmt::format("Note: {}\n", note);
  out += costs_text(review) + "\n";
  u32 number = 0;
  for (const ReviewedFinding& found : review.findings) {
    const Finding& finding = found.finding;
    out += fmt::format("\n{}. {} [{}, {}]\n   {}\n", ++number, finding.rule->title, finding.rule->name,
                       severity_name(found.severity), finding.what);
    for (const std::string& line : model.stack(model.steps()[finding.step].stack)) {
      out += fmt::format("     from {}\n", line);
    }
    out += fmt::format("   Do: {}\n   Gain: {}.\n", finding.todo, gain_text(found));
  }
  if (review.findings.empty()) {
    out += "Nothing was found.\n";
  } else {
    out += fmt::format(
        "\nTogether {:.2f} of {:.1f} ms; what several findings claim is counted once. `shoal explain "
        "RULE` says more.\n",
        review.claimed_ms, review.span_ms);
  }
  return out;
}

std::string json_of(const Review& review, const TraceModel& model, const std::string& path) {
  JsonWriter json;
  json.begin_object().member("trace", path).member("adapter", review.adapter);
  json.member("adapter_class", review.adapter_class).member("costs", review.is_calibrated ? "measured" : "class");
  json.member("frames", review.frames);
  json.member("submissions", review.submissions).member("commands", review.commands);
  json.member("span_ms", review.span_ms).member("claimed_ms", review.claimed_ms);
  json.key("notes").begin_array();
  for (const std::string& note : review.notes) json.value(note);
  json.end_array().key("findings").begin_array();
  for (const ReviewedFinding& found : review.findings) {
    const Finding& finding = found.finding;
    const Step& step = model.steps()[finding.step];
    json.begin_object().member("rule", finding.rule->name).member("severity", severity_name(found.severity));
    json.key("where").begin_object().member("object", finding.object).member("frame", step.frame + 1);
    json.key("stack").begin_array();
    for (const std::string& line : model.stack(step.stack, 16)) json.value(line);
    json.end_array().end_object();
    json.member("title", finding.rule->title).member("what", finding.what).member("why", finding.rule->why);
    json.member("fix", finding.todo).member("frames", found.frames).member("saved_bytes", finding.saved_bytes);
    json.member("mechanical", !finding.fix.is_empty());
    json.key("gain").begin_object().member("ms", found.gain.ms).member("percent", found.gain.percent);
    json.member("kind", kind_name(found.gain.kind));
    if (found.gain.kind != GainKind::kEstimated) {
      json.member("low_ms", found.gain.low_ms).member("high_ms", found.gain.high_ms);
      json.member("estimated_ms", found.gain.estimated_ms);
    }
    json.member("note", found.gain.note).end_object().end_object();
  }
  json.end_array().end_object();
  return std::move(json).text() + "\n";
}

// SARIF 2.1.0, as code scanners of forges read it.
std::string sarif_of(const Review& review, const TraceModel& model, const std::string& path) {
  JsonWriter json;
  json.begin_object().member("$schema", "https://json.schemastore.org/sarif-2.1.0.json").member("version", "2.1.0");
  json.key("runs").begin_array().begin_object().key("tool").begin_object().key("driver").begin_object();
  json.member("name", "shoal review").key("rules").begin_array();
  for (const Rule* rule : all_rules()) {
    json.begin_object().member("id", rule->name).key("shortDescription").begin_object().member("text", rule->title);
    json.end_object().key("fullDescription").begin_object().member("text", rule->why).end_object().end_object();
  }
  json.end_array().end_object().end_object().key("results").begin_array();
  for (const ReviewedFinding& found : review.findings) {
    const Finding& finding = found.finding;
    const std::string_view level = found.severity == Severity::kHigh     ? "error"
                                   : found.severity == Severity::kMedium ? "warning"
                                                                         : "note";
    json.begin_object().member("ruleId", finding.rule->name).member("level", level).key("message").begin_object();
    json.member("text", fmt::format("{} {} Gain: {}.", finding.what, finding.todo, gain_text(found))).end_object();
    json.key("locations").begin_array().begin_object().key("physicalLocation").begin_object();
    json.key("artifactLocation").begin_object().member("uri", path).end_object().end_object();
    json.key("logicalLocations").begin_array();
    for (const std::string& line : model.stack(model.steps()[finding.step].stack)) {
      json.begin_object().member("fullyQualifiedName", line).end_object();
    }
    json.end_array().end_object().end_array().end_object();
  }
  json.end_array().end_object().end_array().end_object();
  return std::move(json).text() + "\n";
}

}  // namespace

std::string format_review(const Review& review, const TraceModel& model, const std::string& path,
                          ReportFormat format, const MeasuredPasses* measured) {
  switch (format) {
    case ReportFormat::kJson: return json_of(review, model, path);
    case ReportFormat::kSarif: return sarif_of(review, model, path);
    case ReportFormat::kHtml: return review_html(review, profile_of(model, measured), model, path);
    case ReportFormat::kText: break;
  }
  const std::string text = text_of(review, model, path);
  return measured == nullptr ? text : text + "\n" + pass_table_text(profile_of(model, measured));
}

std::string gain_text(const ReviewedFinding& found) {
  const Gain& gain = found.gain;
  std::string text;
  if (gain.kind == GainKind::kEstimated) {
    text = gain.ms > 0 ? fmt::format("{:.2f} ms of the trace ({:.1f} %), estimated", gain.ms, gain.percent)
                       : std::string("no time on this adapter");
  } else {
    text = fmt::format("{:.2f} ms of the trace ({:.2f} to {:.2f}), {}", gain.ms, gain.low_ms, gain.high_ms,
                       kind_name(gain.kind));
  }
  if (found.finding.saved_bytes > 0) text += fmt::format("; {} of memory", format_bytes(found.finding.saved_bytes));
  return gain.note.empty() ? text : fmt::format("{}. {}", text, gain.note);
}

std::string costs_text(const Review& review) {
  if (review.is_calibrated) return "Estimates are made with what calls cost on this adapter, as it was measured.";
  return fmt::format(
      "Estimates are made with figures for a {} adapter; `shoal adapters --calibrate`, where the trace was "
      "recorded, "
      "measures what calls cost there.",
      review.adapter_class);
}

std::string explain(const Rule& rule) {
  const auto indented = [](std::string_view code) {
    std::string out;
    for (size_t at = 0; at <= code.size();) {
      const size_t end = std::min(code.find('\n', at), code.size());
      out += fmt::format("    {}\n", code.substr(at, end - at));
      at = end + 1;
    }
    return out;
  };
  return fmt::format("{}: {}\n\n{}\n\nBefore:\n\n{}\nAfter:\n\n{}\nWhen not: {}\n", rule.name, rule.title, rule.why,
                     indented(rule.before), indented(rule.after), rule.when_not);
}

}  // namespace shoal::review
