#include "primitives/tuning/tuning_search.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "base/text.h"
#include "primitives/benches.h"
#include "primitives/tuning/tuning_table.h"

namespace shoal::primitives {
namespace {

Result<Tunable> tunable_named(std::string_view name) {
  std::vector<std::string> names;
  for (size_t i = 0; i < kTunables.size(); ++i) {
    if (kTunables[i].name == name) return static_cast<Tunable>(i);
    names.emplace_back(kTunables[i].name);
  }
  return fail(ErrorCode::kNotFound, "There is nothing to tune by the name {}.{} Choose one of {}.", quote(name),
              did_you_mean(name, names), fmt::join(names, ", "));
}

// The current row, then all others of the space, as rows for `adapters`.
std::vector<TuningCandidate> candidates_for(const TuningRow& current, AdapterClass adapters) {
  std::vector<TuningCandidate> candidates = {{.row = current}};
  candidates[0].row.adapters = adapters;
  std::string_view text = kTuningSpace;
  for (std::string_view line; !(line = detail::next_word(text, '\n')).empty();) {
    TuningRow row = parse_tuning_row(line).value();
    row.adapters = adapters;
    if (row.primitive == current.primitive && row.values != current.values) candidates.push_back({.row = row});
  }
  return candidates;
}

double mean_of(const TuningCandidate& candidate, double MedianInterval::* part) {
  double logarithms = 0;
  for (const auto& [name, ratio] : candidate.benches) logarithms += std::log(ratio.*part);
  return std::exp(logarithms / static_cast<double>(std::max<size_t>(candidate.benches.size(), 1)));
}

}  // namespace

void TuningSearch::rank() {
  for (TuningCandidate& candidate : candidates) {
    candidate.ratio = {.low = mean_of(candidate, &MedianInterval::low),
                       .median = mean_of(candidate, &MedianInterval::median),
                       .high = mean_of(candidate, &MedianInterval::high)};
  }
  std::ranges::sort(candidates, {}, [](const TuningCandidate& candidate) {
    return std::tuple(!candidate.is_right, -candidate.ratio.median, candidate.row.values);
  });
}

const TuningCandidate& TuningSearch::best() const {
  const auto faster = std::ranges::find_if(
      candidates, [](const TuningCandidate& candidate) { return candidate.is_right && candidate.ratio.low > 1; });
  if (faster != candidates.end()) return *faster;
  return *std::ranges::find_if(
      candidates, [this](const TuningCandidate& candidate) { return candidate.row.values == current.values; });
}

Result<TuningSearch> search_tuning(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, std::string_view primitive,
                                   const gpu::BenchRequest& request) {
  SHOAL_TRY_SET(const Tunable tunable, tunable_named(primitive));
  const gpu::Capabilities& capabilities = gpu.device().capabilities;
  TuningSearch search{.current = tuning(capabilities, tunable), .candidates = {}};
  search.candidates = candidates_for(search.current, adapter_class(capabilities));
  TuningTrial trial;
  std::vector<std::function<void()>> forms;
  for (const TuningCandidate& candidate : search.candidates) {
    forms.push_back([&trial, row = candidate.row] { trial.use(row); });
  }
  gpu::BenchRequest with_forms = request;
  with_forms.forms = forms;
  std::string_view names = kTunables[static_cast<size_t>(tunable)].benches;
  for (std::string_view name; !(name = detail::next_word(names, ' ')).empty();) {
    const auto bench = std::ranges::find(benches(), name, &gpu::Bench::name);
    SHOAL_TRY_SET(const gpu::BenchResult result, bench->run(gpu, roofs, with_forms));
    for (size_t i = 0; i < search.candidates.size(); ++i) {
      TuningCandidate& candidate = search.candidates[i];
      candidate.is_right = candidate.is_right && result.are_forms_right[i];
      candidate.benches.emplace_back(name, result.form_ratios[i]);
    }
  }
  search.rank();
  return search;
}

}  // namespace shoal::primitives
