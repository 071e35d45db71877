// Exact sum of floats that a slot program reads from anywhere: correctly rounded, the same on every GPU.
#pragma once

#include "primitives/element_fold.h"
#include "primitives/float_sum/float_sum_layout.gen.h"

namespace shoal::primitives {

// Prepares a fold into one FloatSumState, which is cleared before the first and takes fewer than 2^32 - 2^21
// elements. Elements are images as table/code_space.h has them: of f32, or of f64 when the program is wide. Errors:
// those of wgsl::splice.
Result<void> prepare_float_sum(gpu::Device& device, const ElementProgram& program, ElementFold& fold);

// What was added, by the rules of IEEE 754 for NaN and infinities, rounded once. 0 is positive. The mean of no
// elements is NaN.
double float_sum(const FloatSumState& state);
double float_mean(const FloatSumState& state);

}  // namespace shoal::primitives
