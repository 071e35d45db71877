#include "primitives/used_codes/used_codes.h"

#include "primitives/used_codes/used_codes.kernel.h"

namespace shoal::primitives {

Result<void> prepare_used_codes(gpu::Device& device, const ElementProgram& program, ElementFold& fold) {
  return fold.prepare(device, used_codes_kernel(), program);
}

}  // namespace shoal::primitives
