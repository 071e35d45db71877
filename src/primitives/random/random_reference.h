// The CPU twin of random_numbers: Philox 4x32-10.
#pragma once

#include <array>

#include "base/int.h"

namespace shoal::primitives {

inline std::array<u32, 4> philox_reference(std::array<u32, 4> counter, std::array<u32, 2> key) {
  for (int round = 0; round < 10; ++round) {
    const u64 a = u64{counter[0]} * 0xd2511f53u, b = u64{counter[2]} * 0xcd9e8d57u;
    counter = {high_word(b) ^ counter[1] ^ key[0], low_word(b), high_word(a) ^ counter[3] ^ key[1], low_word(a)};
    key[0] += 0x9e3779b9u;
    key[1] += 0xbb67ae85u;
  }
  return counter;
}

}  // namespace shoal::primitives
