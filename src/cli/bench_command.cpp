#include "cli/bench_command.h"

#include <nlohmann/json.hpp>
#include <vector>

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
