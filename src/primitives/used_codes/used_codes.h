// Which codes occur among elements that a slot program reads from anywhere.
#pragma once

#include "primitives/element_fold.h"

namespace shoal::primitives {

// Prepares a fold into a set of bits, one a code from 0 up, which is cleared before the first and has room for
// every code. Elements are of one word. Errors: those of wgsl::splice.
Result<void> prepare_used_codes(gpu::Device& device, const ElementProgram& program, ElementFold& fold);

}  // namespace shoal::primitives
