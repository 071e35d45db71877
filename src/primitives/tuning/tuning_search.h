// Tries what tuning_table.h declares for a primitive on an adapter, beside the row that counts there now.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "gpu/native/bench.h"
#include "primitives/tuning/tuning.h"

namespace shoal::primitives {

struct TuningCandidate {
  TuningRow row;  // for the adapter's narrowest class
  // How many times as fast as the current row: the geometric mean of its benchmarks, and of the ends of what their
  // turns leave open.
  MedianInterval ratio = {};
  bool is_right = true;
  std::vector<std::pair<std::string, MedianInterval>> benches = {};  // by name
};

struct TuningSearch {
  TuningRow current;
  std::vector<TuningCandidate>
      candidates;  // `current` is the first; once ranked, right ones first, the fastest first

  // From what the candidates' benchmarks say.
  void rank();
  // The fastest right one that is faster than the current row beyond the noise of its turns; the current row where
  // none is. Of ranked ones.
  const TuningCandidate& best() const;
};

// All candidates take turns in each benchmark of the primitive. Errors: kNotFound when `primitive` is none that has
// constants; those of benchmarks.
Result<TuningSearch> search_tuning(gpu::NativeGpu& gpu, gpu::RoofMeter& roofs, std::string_view primitive,
                                   const gpu::BenchRequest& request);

}  // namespace shoal::primitives
