// Which fields of commands name objects.
#pragma once

#include <string_view>

namespace shoal::review {

// Of a field's type as the schema says it. Blobs are numbered by themselves: theirs are no objects' ids.
constexpr bool is_object_id(std::string_view type) { return type.starts_with("id ") && type != "id blob"; }

}  // namespace shoal::review
