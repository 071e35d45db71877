// What a shader's expression comes to, where it is made of numbers that are known.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "wgsl/module.h"

namespace shoal::review {

struct ShaderValue {
  enum class Kind { kUnknown, kInteger, kFloat, kList };  // kList: an array or a struct
  Kind kind = Kind::kUnknown;
  std::vector<double> numbers;     // one, or those of a vector
  std::vector<ShaderValue> items;  // of a list

  bool is_numbers() const { return kind == Kind::kInteger || kind == Kind::kFloat; }
  static ShaderValue integer(u32 value) { return {Kind::kInteger, {static_cast<double>(value)}, {}}; }
  static ShaderValue vector(std::vector<double> numbers) { return {Kind::kFloat, std::move(numbers), {}}; }
};

using ShaderNames = std::map<std::string, ShaderValue, std::less<>>;

// Evaluates `expression`. Names are `names`' and the module's constants; what is neither, and what is not
// understood, is unknown, and so is what it has a part in.
ShaderValue evaluate(const wgsl::Module& module, wgsl::TokenRange expression, const ShaderNames& names);

// What struct `name` has; null where there is none.
const wgsl::Declaration* find_struct(const wgsl::Module& module, std::string_view name);

}  // namespace shoal::review
