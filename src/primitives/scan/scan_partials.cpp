#include "primitives/scan/scan_partials.h"

#include "primitives/element_type.h"
#include "primitives/scan/scan_partials.kernel.h"

namespace shoal::primitives {

KernelChoice sum_partials_choice() {
  return {.kernel = &scan_partials_kernel(), .program = operator_program(ElementType::kU32, Operator::kSum).text};
}

KernelChoice pair_sum_partials_choice() {
  // A 64-bit sum whose low half never carries.
  return {.kernel = &scan_partials_kernel(),
          .features = {"wide"},
          .program = operator_program(ElementType::kU64, Operator::kSum).text};
}

}  // namespace shoal::primitives
