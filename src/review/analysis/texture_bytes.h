// How much memory a texture takes, without what a driver adds.
#pragma once

#include "gpu/commands.gen.h"

namespace shoal::review {

u64 texture_bytes(const gpu::TextureDescriptor& texture);

}  // namespace shoal::review
