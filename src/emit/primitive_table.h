// What calls.schema says of each primitive: its arguments in the order of a call's words, and what it does.
#pragma once

#include <span>
#include <string_view>

#include "base/int.h"

namespace shoal::emit {

struct Field {
  std::string_view name;
  std::string_view type;  // calls.schema's: "element", "reads", "writes", "count", "rows", ...
  bool is_option = false;
  bool is_optional = false;
  bool has_default = false;
  std::string_view default_value = {};
  std::string_view doc = {};

  bool is_array() const { return type == "reads" || type == "writes"; }
};

struct Primitive {
  std::string_view name;
  u32 number = 0;
  std::string_view doc = {};
  std::span<const Field> fields;
};

std::span<const Primitive> all_primitives();

}  // namespace shoal::emit
