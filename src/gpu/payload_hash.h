// The name of bytes: their XXH3-64 with seed 0. Not cryptographic: it tells payloads apart, it proves nothing.
#pragma once

#include <span>

#include "base/int.h"

namespace shoal::gpu {

u64 payload_hash(std::span<const std::byte> bytes);

}  // namespace shoal::gpu
