#include "cli/bench_command.h"

#include <algorithm>
#include <filesystem>
#include <vector>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "gpu/native/bench.h"
#include "primitives/benches.h"

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

}  // namespace

Result<std::string> run_bench_command(const BenchArguments& arguments) {
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
