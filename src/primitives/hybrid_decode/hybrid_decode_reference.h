// The CPU twin of hybrid_decode: run by run and bit by bit.
#pragma once

#include <span>
#include <vector>

#include "primitives/hybrid_decode/hybrid_decode.h"

namespace shoal::primitives {

inline std::vector<u32> hybrid_decode_reference(std::span<const HybridRun> runs, std::span<const u8> bytes,
                                                u32 count) {
  std::vector<u32> numbers;
  for (size_t i = 0; i < runs.size(); ++i) {
    const u32 end = i + 1 < runs.size() ? runs[i + 1].begin : count;
    for (u32 at = runs[i].begin; at < end; ++at) {
      u32 number = runs[i].bits == 0 ? runs[i].word : 0;
      for (u32 k = 0; k < runs[i].bits; ++k) {
        const u64 bit = u64{runs[i].word} * 8 + u64{at - runs[i].begin} * runs[i].bits + k;
        number |= ((u32{bytes[static_cast<size_t>(bit / 8)]} >> (bit % 8)) & 1u) << k;
      }
      numbers.push_back(number);
    }
  }
  return numbers;
}

}  // namespace shoal::primitives
