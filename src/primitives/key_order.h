// How kernels compare keys (ordered_key.wgsl), for what sorts and searches.
#pragma once

#include "primitives/element_type.h"

namespace shoal::primitives {

struct KeyFlips {
  u32 sign_flip = 0, is_float = 0, order_flip = 0;
};

constexpr KeyFlips key_flips(ElementType type, bool is_descending) {
  const bool is_signed = type == ElementType::kI32 || type == ElementType::kI64;
  return {.sign_flip = is_signed ? 0x80000000u : 0u,
          .is_float = type == ElementType::kF32 ? 1u : 0u,
          .order_flip = is_descending ? 0xffffffffu : 0u};
}

}  // namespace shoal::primitives
