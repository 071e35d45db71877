// Of what a trace says, which may be anything, to what a u64 holds.
#pragma once

#include "base/int.h"

namespace shoal::review {

constexpr u64 saturated(double value) {
  if (!(value > 0)) return 0;
  return value < 0x1p64 ? static_cast<u64>(value) : ~u64{0};
}

}  // namespace shoal::review
