// Calls of primitives that came as words from elsewhere: from a page, whose side is web/src/primitives.
#pragma once

#include <span>

#include "gpu/device.h"

namespace shoal::primitives {

// Asks for the kernels of a call; true once they can be used. `primitive` is its number in calls.schema, `words`
// are its arguments, of which views and counts are not looked at. Errors: the primitive's own; kCorrupt for words
// that are no such call.
Result<bool> prepare_call(gpu::Device& device, u32 primitive, std::span<const u32> words);

// Appends the call. Errors: as prepare_call.
Result<void> record_call(gpu::Frame& frame, u32 primitive, std::span<const u32> words);

}  // namespace shoal::primitives
