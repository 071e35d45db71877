// The CPU twin of scan: elements are the bits of theirs, 32 or 64 of them.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "base/int.h"

namespace shoal::primitives {

struct ScanAnswer {
  std::vector<u64> result;
  u64 total = 0;
};

inline ScanAnswer scan_reference(std::span<const u64> values, u64 identity,
                                 const std::function<u64(u64, u64)>& combine, bool is_inclusive) {
  ScanAnswer answer;
  answer.total = identity;
  for (const u64 value : values) {
    const u64 before = answer.total;
    answer.total = combine(answer.total, value);
    answer.result.push_back(is_inclusive ? answer.total : before);
  }
  return answer;
}

}  // namespace shoal::primitives
