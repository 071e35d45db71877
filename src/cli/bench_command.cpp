#include "cli/bench_command.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "gpu/native/bench.h"
#include "primitives/benches.h"
#include "primitives/tuning/tuning_search.h"

namespace shoal::cli {
namespace {

std::string as_json(const std::vector<gpu::BenchResult>& results) {
  nlohmann::json list = nlohmann::json::array();
  for (const gpu::BenchResult& result : results) {
    list.push_back({{"name", result.name},
                    {"n", result.n},
                    {"ms", result.ms},
                    {"bytes", result.bytes},
                    {"roof", result.roof},
                    {"share", result.share}});
  }
  return list.dump() + "\n";
}

std::string as_table(const std::string& adapter, const std::vector<gpu::BenchResult>& results) {
  std::string text = fmt::format("{}\n{:<20}{:>14}{:>12}{:>14}  {}\n", adapter, "kernel", "elements", "ms",
                                 "elements/ns", "share of its roof");
  for (const gpu::BenchResult& result : results) {
    text +=
        fmt::format("{:<20}{:>14}{:>12.3f}{:>14.3f}  {:.0f} % ({})\n", result.name, group_thousands(result.n),
                    result.ms, static_cast<double>(result.n) / result.ms / 1e6, 100 * result.share, result.roof);
  }
  return text;
}

// Each on a device of its own, a few times: what is measured is measured when the trace is replayed.
Result<std::string> leave_traces(const std::vector<gpu::Bench>& benches, const BenchArguments& arguments) {
  constexpr int kTurns = 3;
  std::error_code ignored;
  std::filesystem::create_directories(arguments.traces, ignored);
  std::vector<std::string> paths;
  for (const gpu::Bench& bench : benches) {
    std::string name(bench.name);
    std::ranges::replace(name, '/', '-');
    const std::string& path = paths.emplace_back(fmt::format("{}/{}.trace", arguments.traces, name));
    // Without timestamps of its own: a replay gives passes theirs.
    SHOAL_TRY_SET(const auto gpu, gpu::NativeGpu::open(arguments.adapter, arguments.tier, {}));
    SHOAL_TRY(gpu->save_trace(path));
    SHOAL_TRY_SET(gpu::RoofMeter roofs, gpu::RoofMeter::prepare(*gpu));
    SHOAL_TRY(bench.run(*gpu, roofs, {.rows = arguments.rows, .repetitions = kTurns, .warms_up = false}));
    SHOAL_TRY(gpu->finish_trace());
  }
  if (arguments.json) return nlohmann::json{{"traces", paths}}.dump() + "\n";
  return fmt::format("{} traces are in {}.\n", paths.size(), arguments.traces);
}

nlohmann::json interval_json(const MedianInterval& ratio) {
  return {{"ratio", ratio.median}, {"low", ratio.low}, {"high", ratio.high}};
}

std::string tuning_json(const std::string& adapter, const primitives::TuningSearch& search) {
  nlohmann::json tried = nlohmann::json::array();
  for (const primitives::TuningCandidate& candidate : search.candidates) {
    nlohmann::json benches = nlohmann::json::object();
    for (const auto& [name, ratio] : candidate.benches) benches[name] = interval_json(ratio);
    nlohmann::json one = interval_json(candidate.ratio);
    one.update({{"row", primitives::tuning_line(candidate.row)},
                {"is_right", candidate.is_right},
                {"benches", std::move(benches)}});
    tried.push_back(std::move(one));
  }
  const primitives::TuningCandidate& best = search.best();
  return nlohmann::json{{"adapter", adapter},
                        {"current", primitives::tuning_line(search.current)},
                        {"row", primitives::tuning_line(best.row)},
                        {"ratio", best.ratio.median},
                        {"tried", tried}}
             .dump() +
         "\n";
}

std::string tuning_text(const std::string& adapter, const primitives::TuningSearch& search) {
  std::string text = fmt::format("{}\nTimes as fast as the row that counts here now, {}:\n", adapter,
                                 primitives::tuning_line(search.current));
  for (const primitives::TuningCandidate& candidate : search.candidates) {
    std::string benches;
    for (const auto& [name, ratio] : candidate.benches) benches += fmt::format("  {} {:.2f}", name, ratio.median);
    text += fmt::format("{:>6.2f} ({:.2f} to {:.2f})  {:<36}{}{}\n", candidate.ratio.median, candidate.ratio.low,
                        candidate.ratio.high, primitives::tuning_line(candidate.row), benches,
                        candidate.is_right ? "" : "  (its answers are wrong)");
  }
  const primitives::TuningCandidate& best = search.best();
  if (best.row.values == search.current.values) {
    return text +
           "The row that counts now is as fast as any: no other is faster beyond what the turns differ by.\n";
  }
  return text +
         fmt::format("Add to src/primitives/tuning/tuning_table.h, in the place of one for the same class:\n{}\n",
                     primitives::tuning_line(best.row));
}

Result<std::string> tune(const BenchArguments& arguments) {
  SHOAL_TRY_SET(const auto gpu, gpu::NativeGpu::open(arguments.adapter, arguments.tier, {.profile = true}));
  SHOAL_TRY_SET(gpu::RoofMeter roofs, gpu::RoofMeter::prepare(*gpu));
  SHOAL_TRY_SET(const primitives::TuningSearch search,
                primitives::search_tuning(*gpu, roofs, arguments.name, {.rows = arguments.rows}));
  const std::string& adapter = gpu->device().capabilities.name;
  return arguments.json ? tuning_json(adapter, search) : tuning_text(adapter, search);
}

}  // namespace

Result<std::string> run_bench_command(const BenchArguments& arguments) {
  if (arguments.tunes) return tune(arguments);
  std::vector<gpu::Bench> chosen;
  std::vector<std::string> names;
  for (const gpu::Bench& bench : primitives::benches()) {
    names.emplace_back(bench.name);
    if (bench.name.find(arguments.name) != std::string_view::npos) chosen.push_back(bench);
  }
  if (chosen.empty()) {
    return fail(ErrorCode::kNotFound, "There is no benchmark {}.{} Choose one of {}, or leave the name out.",
                quote(arguments.name), did_you_mean(arguments.name, names), fmt::join(names, ", "));
  }
  if (!arguments.traces.empty()) return leave_traces(chosen, arguments);
  SHOAL_TRY_SET(const auto gpu, gpu::NativeGpu::open(arguments.adapter, arguments.tier, {.profile = true}));
  SHOAL_TRY_SET(gpu::RoofMeter roofs, gpu::RoofMeter::prepare(*gpu));
  std::vector<gpu::BenchResult> results;
  for (const gpu::Bench& bench : chosen) {
    SHOAL_TRY_SET(gpu::BenchResult result, bench.run(*gpu, roofs, {.rows = arguments.rows}));
    results.push_back(std::move(result));
  }
  return arguments.json ? as_json(results) : as_table(gpu->device().capabilities.name, results);
}

}  // namespace shoal::cli
