#include "primitives/element_type.h"

#include <vector>

#include "primitives/monoid.kernel.h"

namespace shoal::primitives {

MonoidProgram operator_program(ElementType type, Operator op) {
  std::vector<std::string_view> features;
  if (is_wide(type)) features.emplace_back("wide");
  if (type == ElementType::kI32 || type == ElementType::kI64) features.emplace_back("is_signed");
  if (type == ElementType::kF32) features.emplace_back("is_float");
  if (op == Operator::kMin) features.emplace_back("smallest");
  if (op == Operator::kMax) features.emplace_back("largest");
  const wgsl::KernelTemplate& program = monoid_kernel().variant(std::span<const std::string_view>(features));
  return {.text = program.text, .bindings = program.bindings};
}

}  // namespace shoal::primitives
