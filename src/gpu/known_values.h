// Whether an item's enums and flags have values that the schema names.
#pragma once

#include <algorithm>
#include <string_view>
#include <type_traits>

#include "gpu/commands.gen.h"

namespace shoal::gpu {

template <class T>
bool has_known_values(const T& field) {
  if constexpr (std::is_enum_v<T>) {
    const EnumNames names = names_of(field);
    const u32 value = static_cast<u32>(field);
    if (!names.is_flags) return std::ranges::find(names.names, value, &EnumName::value) != names.names.end();
    u32 all = 0;
    for (const EnumName& name : names.names) all |= name.value;
    return (value & ~all) == 0;
  } else if constexpr (requires { T::kFields; }) {
    return T::visit(field, [](const auto&... fields) { return (has_known_values(fields) && ...); });
  } else if constexpr (requires { typename T::allocator_type; }) {
    return std::ranges::all_of(field, [](const auto& item) { return has_known_values(item); });
  } else {
    return true;
  }
}

// The name of the first field whose value, or a part of it, means nothing; empty when all mean something.
template <class Item>
std::string_view unknown_field(const Item& item) {
  return Item::visit(item, [](const auto&... fields) {
    std::string_view unknown;
    [[maybe_unused]] size_t i = 0;
    ((unknown = unknown.empty() && !has_known_values(fields) ? Item::kFields[i] : unknown, ++i), ...);
    return unknown;
  });
}

}  // namespace shoal::gpu
