// How kernels compare keys (ordered_key.wgsl), for what sorts and searches.
#pragma once

#include <array>

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

// For key_image.wgsl.
constexpr std::array<u32, 2> image_flips(ElementType type, bool is_descending) {
  const KeyFlips flips = key_flips(type, is_descending);
  const u32 top = flips.order_flip ^ flips.sign_flip;
  return {is_wide(type) ? flips.order_flip : top, top};
}

}  // namespace shoal::primitives
