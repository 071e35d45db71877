// Integer constant expressions, as array sizes, workgroup sizes and attributes hold them.
#pragma once

#include "wgsl/module.h"

namespace shoal::wgsl {

struct ConstantValue {
  i64 value = 0;
  bool is_override = false;  // depends on an override: `value` is what its default gives, 0 where one has none
};

// Literals, names of the module's const and override declarations, u32() and i32(), integer operators.
Result<ConstantValue> evaluate_integer(const Module& module, TokenRange expression);

const Declaration* find_declaration(const Module& module, std::string_view name);

}  // namespace shoal::wgsl
