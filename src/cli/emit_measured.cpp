#include "cli/emit_measured.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "gpu/native/bench.h"
#include "primitives/benches.h"

namespace shoal::cli {
namespace {

// What the benchmark of a primitive is called.
std::string bench_name(std::string_view primitive) {
  if (primitive == "argmax") return "argmin";
  if (primitive == "bottom_k") return "top-k";
  if (primitive == "random_numbers") return "random";
  if (primitive.starts_with("morton")) return "morton";
  std::string name(primitive);
  std::ranges::replace(name, '_', '-');
  return name;
}

// That one, or where there is none of just that name, those that go on behind it: histogram-bytes.
std::vector<gpu::Bench> benches_of(std::string_view primitive) {
  const std::string name = bench_name(primitive);
  std::vector<gpu::Bench> same, longer;
  for (const gpu::Bench& bench : primitives::benches()) {
    if (bench.name == name) same.push_back(bench);
    if (bench.name.starts_with(name + "-")) longer.push_back(bench);
  }
  return same.empty() ? longer : same;
}

}  // namespace

Result<std::vector<std::string>> measured_sentences(const emit::Pipeline& pipeline,
                                                    const emit::TargetOptions& target, const std::string& adapter) {
  const bool has_subgroups = target.subgroup_size != 0;
  SHOAL_TRY_SET(const auto gpu,
                gpu::NativeGpu::open(adapter, has_subgroups ? gpu::Tier::kFull : gpu::Tier::kMinimum, {}));
  SHOAL_TRY_SET(gpu::RoofMeter roofs, gpu::RoofMeter::prepare(*gpu));
  std::vector<std::string> sentences;
  std::set<std::string> told;
  for (const emit::Call& call : pipeline.calls) {
    const std::string primitive(call.primitive->name);
    if (!told.insert(primitive).second) continue;
    const std::vector<gpu::Bench> benches = benches_of(primitive);
    if (benches.empty()) sentences.push_back(fmt::format("{} was not measured: it has no benchmark.", primitive));
    for (const gpu::Bench& bench : benches) {
      SHOAL_TRY_SET(const gpu::BenchResult result, bench.run(*gpu, roofs, {.rows = pipeline.capacity}));
      sentences.push_back(
          fmt::format("Measured: the benchmark {} reaches {:.2f} of the {} roof, {} elements in {:.3f} ms, on {} "
                      "({} subgroups).",
                      result.name, result.share, result.roof, group_thousands(result.n), result.ms,
                      gpu->device().capabilities.name, has_subgroups ? "with" : "without"));
    }
  }
  return sentences;
}

}  // namespace shoal::cli
