#include "gpu/payload_hash.h"

#define XXH_INLINE_ALL  // no library to bring along, in WASM neither
#include <xxhash.h>

namespace shoal::gpu {

u64 payload_hash(std::span<const std::byte> bytes) { return XXH3_64bits(bytes.data(), bytes.size()); }

}  // namespace shoal::gpu
