#include "review/review_html.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

#include "base/text.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr size_t kMostColumns = 480;  // of a chart: frames beyond are put together
constexpr int kWidth = 960, kHeight = 180;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      default: out += static_cast<unsigned char>(c) < ' ' && c != '\n' ? ' ' : c;
    }
  }
  return out;
}

struct Series {
  std::string name;
  std::vector<double> values;  // one a column
};

constexpr std::array<std::string_view, 9> kColors = {"#3b6ea5", "#c8553d", "#588157", "#b08900", "#7b5ea7",
                                                     "#2a9d8f", "#9c6644", "#6c757d", "#adb5bd"};

// Columns of stacked parts, with a legend; `unit` says what a value of 1 is.
std::string stacked_chart(const std::vector<Series>& all, std::string_view unit) {
  double highest = 0;
  const size_t columns = all.empty() ? 0 : all.front().values.size();
  for (size_t i = 0; i < columns; ++i) {
    double sum = 0;
    for (const Series& series : all) sum += series.values[i];
    highest = std::max(highest, sum);
  }
  if (columns == 0 || highest <= 0) return "<p>There is nothing to show.</p>\n";
  std::string out = fmt::format("<svg viewBox='0 0 {} {}' role='img'>\n", kWidth, kHeight);
  const double step = static_cast<double>(kWidth) / static_cast<double>(columns);
  std::vector<double> base(columns, 0);
  for (size_t s = 0; s < all.size(); ++s) {
    std::string path;
    for (size_t i = 0; i < columns; ++i) {
      const double size = all[s].values[i] / highest * (kHeight - 10);
      if (size <= 0) continue;
      fmt::format_to(std::back_inserter(path), "M{:.1f} {:.1f}h{:.1f}v{:.1f}h{:.1f}z",
                     static_cast<double>(i) * step, kHeight - base[i] - size, step * 0.9, size, -step * 0.9);
      base[i] += size;
    }
    if (!path.empty()) out += fmt::format("<path fill='{}' d='{}'/>\n", kColors[s % kColors.size()], path);
  }
  out += "</svg>\n<p class='legend'>";
  for (size_t s = 0; s < all.size(); ++s) {
    out += fmt::format("<span><i style='background:{}'></i>{}</span> ", kColors[s % kColors.size()],
                       escaped(all[s].name));
  }
  out += fmt::format("Full height: {:.3g} {}.</p>\n", highest, unit);
  return out;
}

size_t column_of(const TraceModel& model, u32 frame) {
  const size_t frames = model.frames().size();
  return frames <= kMostColumns ? frame : static_cast<size_t>(frame) * kMostColumns / frames;
}

size_t column_count(const TraceModel& model) { return std::min(model.frames().size(), kMostColumns); }

// Which part of a frame a call belongs to.
size_t part_of(u32 opcode) {
  switch (opcode) {
    case WriteBuffer::kOpcode:
    case WriteBufferFromBlob::kOpcode:
    case WriteTexture::kOpcode:
    case WriteTextureFromBlob::kOpcode: return 0;
    case Submit::kOpcode:
    case Present::kOpcode: return 3;
    case Poll::kOpcode: return 4;
    default: break;
  }
  return opcode < WriteBuffer::kOpcode ? 1 : 2;
}

std::string host_chart(const TraceModel& model) {
  std::vector<Series> all = {{"uploads", {}},    {"making objects", {}}, {"encoding", {}},
                             {"submitting", {}}, {"waiting", {}},        {"the program itself", {}}};
  for (Series& series : all) series.values.resize(column_count(model));
  std::vector<double> called(column_count(model), 0);
  for (const Step& step : model.steps()) {
    const size_t column = column_of(model, step.frame);
    const double ms = static_cast<double>(step.duration_ns) / 1e6;
    all[part_of(step.opcode)].values[column] += ms;
    called[column] += ms;
  }
  for (u32 i = 0; i < model.frames().size(); ++i) {
    const FrameSpan& frame = model.frames()[i];
    all[5].values[column_of(model, i)] += static_cast<double>(frame.end_ns - frame.begin_ns) / 1e6;
  }
  for (size_t i = 0; i < called.size(); ++i) all[5].values[i] = std::max(0.0, all[5].values[i] - called[i]);
  return stacked_chart(all, "ms");
}

std::string memory_chart(const TraceModel& model) {
  // Bytes that live at the end of each frame, of the labels that take most.
  const size_t columns = column_count(model);
  std::map<std::string, std::vector<double>> by_label;
  for (const auto& [id, object] : model.objects()) {
    if (object.size_bytes == 0 || object.made >= model.steps().size()) continue;
    constexpr size_t kMostLabels = 4096;
    std::string label = object.label.empty() ? "without a label" : std::string(object.label.substr(0, 40));
    if (by_label.size() >= kMostLabels && !by_label.contains(label)) label = "others";
    std::vector<double>& change = by_label[label];
    change.resize(columns + 1);
    const double mb = static_cast<double>(object.size_bytes) / 1e6;
    const u32 end = std::min(object.destroyed, object.released);
    change[column_of(model, model.steps()[object.made].frame)] += mb;
    if (end != kNone) change[column_of(model, model.steps()[end].frame)] -= mb;
  }
  std::vector<Series> all;
  for (auto& [label, change] : by_label) {
    double lives = 0;
    for (double& value : change) value = lives = std::max(0.0, lives + value);
    change.pop_back();
    all.push_back({label, std::move(change)});
  }
  const auto most = [](const Series& series) {
    return series.values.empty() ? 0.0 : *std::ranges::max_element(series.values);
  };
  std::ranges::sort(all, [&](const Series& a, const Series& b) { return most(a) > most(b); });
  while (all.size() > kColors.size()) {
    Series& others = all[kColors.size() - 1];
    others.name = "others";
    for (size_t i = 0; i < columns; ++i) others.values[i] += all.back().values[i];
    all.pop_back();
  }
  return stacked_chart(all, "MB");
}

std::string finding_html(const ReviewedFinding& found, const TraceModel& model) {
  const Finding& finding = found.finding;
  std::string out = fmt::format("<article class='{}'><h3>{}</h3>\n<p>{}</p>\n", severity_name(found.severity),
                                escaped(finding.rule->title), escaped(finding.what));
  const auto stack = model.stack(model.steps()[finding.step].stack);
  if (!stack.empty()) {
    out += "<pre>";
    for (const std::string& line : stack) out += escaped(line) + "\n";
    out += "</pre>\n";
  }
  const std::string_view kind = found.gain.kind == GainKind::kMeasured  ? "measured"
                                : found.gain.kind == GainKind::kRefuted ? "refuted"
                                                                        : "estimated";
  fmt::format_to(std::back_inserter(out),
                 "<p><b>Do:</b> {}</p>\n<p><b>Gain:</b> {:.2f} ms of the trace ({:.1f} %), {}{}. {}</p>\n",
                 escaped(finding.todo), found.gain.ms, found.gain.percent, kind,
                 finding.saved_bytes > 0 ? "; " + format_bytes(finding.saved_bytes) + " of memory" : "",
                 escaped(found.gain.note));
  fmt::format_to(
      std::back_inserter(out),
      "<details><summary>{}: why, and how it would look</summary><p>{}</p><pre>{}</pre><p>becomes</p><pre>{}</pre>"
      "<p><b>When not:</b> {}</p></details></article>\n",
      finding.rule->name, escaped(finding.rule->why), escaped(finding.rule->before), escaped(finding.rule->after),
      escaped(finding.rule->when_not));
  return out;
}

constexpr std::string_view kStyle = R"(
body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222;background:#fff}
article{border-left:6px solid #adb5bd;padding:.2rem 1rem;margin:1rem 0;background:#f6f7f8}
article.medium{border-color:#b08900}article.high{border-color:#c8553d}
pre{overflow-x:auto;background:#fff;padding:.5rem;font-size:14px}svg{width:100%;background:#f6f7f8}
.legend i{display:inline-block;width:.8em;height:.8em;margin:0 .3em 0 1em}
@media(prefers-color-scheme:dark){body{background:#16181b;color:#ddd}article,svg{background:#22262b}pre{background:#16181b}}
)";

}  // namespace

std::string html_of(const Review& review, const TraceModel& model, const std::string& path) {
  std::string out = fmt::format(
      "<!doctype html>\n<html lang='en'><meta charset='utf-8'><title>Review of {0}</title><style>{1}</style>\n"
      "<h1>Review of {0}</h1>\n<p>{2} commands, {3} submissions, {4} frames in {5:.1f} ms on {6}.</p>\n",
      escaped(path), kStyle, group_thousands(review.commands), review.submissions, review.frames, review.span_ms,
      escaped(review.adapter.empty() ? "an adapter that it does not name" : review.adapter));
  for (const std::string& note : review.notes) out += fmt::format("<p><b>Note:</b> {}</p>\n", escaped(note));
  out +=
      fmt::format("<h2>Findings</h2>\n<p>{}</p>\n",
                  review.findings.empty()
                      ? std::string("Nothing was found.")
                      : fmt::format("Together {:.2f} ms; what several claim is counted once.", review.claimed_ms));
  for (const ReviewedFinding& found : review.findings) out += finding_html(found, model);
  out += "<h2>The host's time, frame by frame</h2>\n" + host_chart(model);
  out += "<h2>Memory, frame by frame</h2>\n" + memory_chart(model) + "</html>\n";
  return out;
}

}  // namespace shoal::review
