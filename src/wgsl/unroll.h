// Loops that the flattener writes out: GPUs index registers by constants alone, and an array of an invocation's own
// that a loop's variable indexes lies in memory where no compiler unrolls the loop.
#pragma once

#include <vector>

#include "wgsl/constant_expression.h"
#include "wgsl/text_edit.h"

namespace shoal::wgsl {

// For each `@unroll for (var i = A; i < B; i++)`, or i += C: an edit that writes its block once for each value of
// i, a constant u32 there. A, B and C are constants of modules; 1 to 64 times round; no break or continue. `edits`
// are those that fall into bodies too. Errors point at what stands in the way.
Result<std::vector<Edit>> unroll_edits(const Module& module, const std::vector<Edit>& edits,
                                       const FindConstant& find);

}  // namespace shoal::wgsl
