#include "review/replay_report.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "gpu/native/pass_timer.h"

namespace shoal::review {
namespace {

// Passes of one label are one line: a frame repeats what the frame before it did.
struct Line {
  const PassTime* first = nullptr;
  size_t passes = 0;
  double sum_ms = 0, least_ms = 0, most_ms = 0;  // sums over the passes of medians, least and most
  bool is_timed = false;
};

std::vector<Line> lines_of(const ReplayReport& report) {
  std::vector<Line> lines;
  for (const PassTime& pass : report.passes) {
    auto line = std::ranges::find_if(lines, [&](const Line& known) {
      return known.first->label == pass.label && known.first->draws == pass.draws;
    });
    if (line == lines.end()) {
      lines.push_back({.first = &pass});
      line = lines.end() - 1;
    }
    ++line->passes;
    if (pass.ms.empty()) continue;
    line->is_timed = true;
    line->sum_ms += gpu::median(pass.ms);
    line->least_ms += std::ranges::min(pass.ms);
    line->most_ms += std::ranges::max(pass.ms);
  }
  std::ranges::sort(lines, std::greater{}, &Line::sum_ms);
  return lines;
}

void add_names(std::string& out, std::string_view what, const std::vector<std::string>& names) {
  constexpr size_t kMost = 20;
  for (size_t i = 0; i < std::min(names.size(), kMost); ++i) {
    out += fmt::format("{}: {}\n", what, names[i]);
  }
  if (names.size() > kMost) out += fmt::format("{}: {} more\n", what, names.size() - kMost);
}

}  // namespace

std::string report_text(const ReplayReport& report) {
  std::string out;
  const auto say = [&out]<class... Args>(fmt::format_string<Args...> format, Args&&... args) {
    out += fmt::format(format, std::forward<Args>(args)...);
  };
  say("{} commands, {} submissions, {} frames on {}\n", group_thousands(report.commands),
      group_thousands(report.submissions), report.frames, report.adapter);
  if (!report.passes.empty()) {
    say("\n{:<40} {:>8} {:>7} {:>10} {:>10} {:>10}\n", "pass", "kind", "times", "ms", "least", "most");
    for (const Line& line : lines_of(report)) {
      say("{:<40} {:>8} {:>7} ", quote(line.first->label.substr(0, 36)), line.first->draws ? "render" : "compute",
          line.passes);
      if (line.is_timed) {
        say("{:>10.3f} {:>10.3f} {:>10.3f}\n", line.sum_ms, line.least_ms, line.most_ms);
      } else {
        say("{:>10} {:>10} {:>10}\n", "untimed", "", "");
      }
    }
    out += '\n';
  }
  for (const Difference& difference : report.differences) {
    say("readback {} of {}: ", difference.ticket, quote(difference.buffer));
    if (difference.message.empty()) {
      say("{} of {} bytes differ, the first at {}\n", group_thousands(difference.differing_bytes),
          group_thousands(difference.size_bytes), group_thousands(difference.at_bytes));
    } else {
      say("{}\n", difference.message);
    }
  }
  add_names(out, "not carried out", report.unsupported);
  add_names(out, "feature that this adapter has not", report.missing_features);
  add_names(out, "error", report.errors);
  if (!report.trace_damage.empty()) say("{}\n", report.trace_damage);
  if (report.readbacks_of_times > 0) {
    say("Times of the GPU, which {} readbacks hold, are not compared.\n", report.readbacks_of_times);
  }
  say("{} readbacks, {} equal to what was recorded\n", report.readbacks, report.equal_readbacks);
  return out;
}

std::string report_json(const ReplayReport& report) {
  nlohmann::json json = {{"adapter", report.adapter},
                         {"devices", report.devices},
                         {"frames", report.frames},
                         {"commands", report.commands},
                         {"submissions", report.submissions},
                         {"readbacks", report.readbacks},
                         {"equal_readbacks", report.equal_readbacks},
                         {"readbacks_of_times", report.readbacks_of_times},
                         {"errors", report.errors},
                         {"recorded_errors", report.recorded_errors},
                         {"missing_features", report.missing_features},
                         {"unsupported", report.unsupported},
                         {"host_ms", report.host_ms},
                         {"trace_damage", report.trace_damage}};
  auto& differences = json["differences"] = nlohmann::json::array();
  for (const Difference& difference : report.differences) {
    differences.push_back({{"ticket", difference.ticket},
                           {"buffer", difference.buffer},
                           {"at_bytes", difference.at_bytes},
                           {"size_bytes", difference.size_bytes},
                           {"differing_bytes", difference.differing_bytes},
                           {"message", difference.message}});
  }
  auto& passes = json["passes"] = nlohmann::json::array();
  for (const PassTime& pass : report.passes) {
    nlohmann::json one = {{"label", pass.label},   {"kind", pass.draws ? "render" : "compute"},
                          {"device", pass.device}, {"submission", pass.submission},
                          {"frame", pass.frame},   {"repetitions", pass.ms.size()}};
    one["ms"] = pass.ms.empty() ? nlohmann::json() : nlohmann::json(gpu::median(pass.ms));
    one["ms_min"] = pass.ms.empty() ? nlohmann::json() : nlohmann::json(std::ranges::min(pass.ms));
    one["ms_max"] = pass.ms.empty() ? nlohmann::json() : nlohmann::json(std::ranges::max(pass.ms));
    passes.push_back(std::move(one));
  }
  // Labels may be any bytes.
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace shoal::review
