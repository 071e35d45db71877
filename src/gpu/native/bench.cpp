#include "gpu/native/bench.h"

#include <chrono>
#include <utility>
#include <vector>

#include "gpu/native/pass_timer.h"

namespace shoal::gpu {
namespace {

// An idle GPU has slowed its clocks: an H100 was 2.5 times too slow for its first dozen turns.
constexpr std::chrono::milliseconds kWarmUp{300};

}  // namespace

Result<BenchResult> run_in_turns(const BenchRequest& request, BenchResult described, u64 units,
                                 const std::function<Result<double>()>& kernel_ms,
                                 const std::function<Result<double>()>& roof_rate) {
  std::vector<double> times, shares;
  const auto begin = std::chrono::steady_clock::now();
  bool is_warm = !request.warms_up;
  while (times.size() < static_cast<size_t>(request.repetitions)) {
    SHOAL_TRY_SET(const double before, roof_rate());
    SHOAL_TRY_SET(const double ms, kernel_ms());
    if (!std::exchange(is_warm, std::chrono::steady_clock::now() - begin > kWarmUp)) continue;
    times.push_back(ms);
    shares.push_back(static_cast<double>(units) / ms * 1e3 / before);
  }
  described.ms = median(times);
  described.share = median(shares);
  return described;
}

}  // namespace shoal::gpu
