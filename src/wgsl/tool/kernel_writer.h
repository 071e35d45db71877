// C++ that embeds a kernel's templates as constant data.
#pragma once

#include <string>
#include <vector>

#include "wgsl/flatten.h"

namespace shoal::wgsl {

struct KernelCode {
  std::string header;
  std::string source;
  std::vector<std::string> files;  // every WGSL file it was made from
};

enum class KernelText : u8 {
  kAsWritten,
  kCompact,  // compact_text()
};

// For "primitives/reduce/reduce.wgsl": shoal::primitives::reduce_kernel(), declared in
// primitives/reduce/reduce.kernel.h. Errors: what flattening and reflection refuse, more storage buffers than
// WebGPU guarantees, a binding used twice.
Result<KernelCode> write_kernel(std::string_view path, const ReadSource& read,
                                KernelText text = KernelText::kAsWritten);

}  // namespace shoal::wgsl
