// Unpacks integers of `width` bits that lie one behind the other, least significant bit first, as Parquet packs
// dictionary indices and booleans.
#pragma once

#include <span>

#include "base/int.h"

namespace shoal::formats::parquet {

constexpr u32 kMostBitWidth = 32;

// Writes groups x 8 integers; reads groups x width bytes, which `bytes` has.
void unpack_groups(u32 width, std::span<const u8> bytes, size_t groups, u32* out);

}  // namespace shoal::formats::parquet
