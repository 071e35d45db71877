// The CPU twin of unique and of run-length coding.
#pragma once

#include <span>
#include <vector>

#include "base/int.h"

namespace shoal::primitives {

struct Runs {
  std::vector<u64> values, lengths;
};

inline Runs runs_reference(std::span<const u64> values) {
  Runs runs;
  for (size_t i = 0; i < values.size(); ++i) {
    if (i == 0 || values[i] != values[i - 1]) {
      runs.values.push_back(values[i]);
      runs.lengths.push_back(0);
    }
    ++runs.lengths.back();
  }
  return runs;
}

}  // namespace shoal::primitives
