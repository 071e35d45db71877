#include "gpu/native/bench.h"

#include <vector>

#include "gpu/native/pass_timer.h"

namespace shoal::gpu {

Result<BenchResult> run_in_turns(const BenchRequest& request, BenchResult described, u64 units,
                                 const std::function<Result<double>()>& kernel_ms,
                                 const std::function<Result<double>()>& roof_rate) {
  std::vector<double> times, shares;
  for (int i = 0; i <= request.repetitions; ++i) {
    SHOAL_TRY_SET(const double before, roof_rate());
    SHOAL_TRY_SET(const double ms, kernel_ms());
    if (i == 0) continue;
    times.push_back(ms);
    shares.push_back(static_cast<double>(units) / ms * 1e3 / before);
  }
  described.ms = median(times);
  described.share = median(shares);
  return described;
}

}  // namespace shoal::gpu
