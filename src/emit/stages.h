// The text of a pipeline, cut into its stages: `NAME [KEY[=VALUE]]... | NAME ...`.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "emit/primitive_table.h"

namespace shoal::emit {

struct Stage {
  const Primitive* primitive = nullptr;
  std::vector<std::pair<std::string, std::string>> settings;  // a KEY alone is "true"

  // Empty where the text does not say it.
  std::string_view setting(std::string_view key) const;
};

// Errors: kInvalidArgument and kNotFound, which name the stage and the word.
Result<std::vector<Stage>> parse_stages(std::string_view text);

// Whether it can name a variable in both languages: a word of letters, digits and _, and no word of theirs.
bool is_name(std::string_view word);

}  // namespace shoal::emit
