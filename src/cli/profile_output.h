// What --profile adds to a command's answer.
#pragma once

#include <string>

#include "base/json_writer.h"
#include "cli/options.h"

namespace shoal::cli {

// Call when the session has answered. As text: a table; as JSON: a member of the object that is open, "profile":
// {"adapter", "read_roof_bytes_per_s", "passes": [{name, passes, ms, bytes, bytes_per_s, share}]}; nothing without
// --profile. With --profile=FILE the file is written too, and named. Errors: those of the adapter, and of writing
// the file.
Result<std::string> profile_text(const CommonOptions& options, engine::NativeSession& session);
Result<void> add_profile(JsonWriter& json, const CommonOptions& options, engine::NativeSession& session);

}  // namespace shoal::cli
