// What the page is told about a session, as JSON; web/src/messages.ts names the same fields.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/int.h"
#include "plot/display_list.h"

namespace shoal::web_api {

enum class Status : u8 {
  kEmpty,    // no file was opened
  kOpening,  // its footer is being read
  kLoading,  // rows are coming in; what is there is drawn
  kDrawing,  // all rows are in, and the picture of what was asked for is on its way
  kReady,    // the picture shows what was asked for
  kFailed
};

struct ColumnState {
  std::string name, type;
  std::string why;  // it cannot be drawn; empty when it can
};

struct FilterError {
  std::string sentence;
  size_t at = 0;  // bytes of the filter before the place
};

struct PageState {
  Status status = Status::kEmpty;
  std::string message;  // of kFailed
  u64 rows_drawn = 0, rows_total = 0, rows_in = 0, rows_null = 0, rows_outside = 0;
  bool exact = false;
  std::string caption;
  std::vector<ColumnState> columns;
  std::string x, y, filter;
  std::optional<FilterError> filter_error;
  std::string scheme, scale;
  plot::PixelRect plot_area;
  std::string guides = "null";  // display_list_json()
  u64 gpu_bytes = 0;
  std::vector<std::pair<std::string, double>> stages;  // name and milliseconds
  std::vector<std::string> errors;
};

// Bytes that are not UTF-8 become U+FFFD.
std::string page_state_json(const PageState& state);

}  // namespace shoal::web_api
