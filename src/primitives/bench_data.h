// What the benchmarks of this layer read.
#pragma once

#include <functional>
#include <string_view>

#include "gpu/native/native_gpu.h"

namespace shoal::primitives {

// A buffer of `rows` times `words_per_row` words, made in their order. Errors: kInvalidArgument when that is
// nothing, or more than one binding holds.
Result<gpu::View> made_words(gpu::NativeGpu& gpu, std::string_view label, u64 rows, u32 words_per_row,
                             const std::function<u32(u64 word)>& make);

// A buffer of `rows` times `words_per_row` pseudo-random words, the same on every run. Errors: those of made_words.
Result<gpu::View> random_words(gpu::NativeGpu& gpu, std::string_view label, u64 rows, u32 words_per_row);

}  // namespace shoal::primitives
