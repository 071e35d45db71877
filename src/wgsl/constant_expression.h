// Integer constant expressions, as array sizes, workgroup sizes and attributes hold them.
#pragma once

#include <functional>

#include "wgsl/module.h"

namespace shoal::wgsl {

struct ConstantValue {
  i64 value = 0;
  bool is_override = false;  // depends on an override: `value` is what its default gives, 0 where one has none
};

// A declaration and its module; neither where there is none.
struct ConstantPlace {
  const Module* module = nullptr;
  const Declaration* declaration = nullptr;
};
// What a name stands for in a module.
using FindConstant = std::function<ConstantPlace(const Module& module, std::string_view name)>;

const Declaration* find_declaration(const Module& module, std::string_view name);
// Among the module's own declarations.
ConstantPlace find_constant(const Module& module, std::string_view name);

// Literals, names of const and override declarations, u32() and i32(), integer operators.
Result<ConstantValue> evaluate_integer(const Module& module, TokenRange expression,
                                       const FindConstant& find = find_constant);

}  // namespace shoal::wgsl
