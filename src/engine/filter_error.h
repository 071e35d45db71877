// What is wrong with a filter that is being typed, and where in it.
#pragma once

#include <string>
#include <string_view>

#include "base/int.h"

namespace shoal::engine {

struct FilterError {
  std::string sentence;
  size_t at = 0;  // bytes of the filter before the place
};

// `message`: of an error of the filter's parser, which is a sentence, the text, and a line with a caret under it.
// Who shows the text by itself wants them apart.
FilterError locate_filter_error(std::string_view filter, std::string_view message);

}  // namespace shoal::engine
