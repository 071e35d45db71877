// What the page is told about a session, as JSON; web/src/messages.ts names the same fields.
#pragma once

#include <string>
#include <vector>

#include "engine/explorer.h"
#include "gpu/device.h"

namespace shoal::web_api {

enum class Status : u8 {
  kEmpty,    // no file was opened
  kOpening,  // its footer is being read
  kShowing,  // what the explorer says
  kFailed
};

// What is not the explorer's.
struct PageState {
  Status status = Status::kEmpty;
  std::string message;  // of kFailed
  std::vector<std::string> errors;
  std::string guides = "null";  // display_list_json()
  std::string answer = "null";  // answer_json()
};

std::string answer_json(const engine::Answer& answer);

// Bytes that are not UTF-8 become U+FFFD.
std::string page_state_json(const PageState& state, const engine::Explorer& explorer, const gpu::Device& device);

}  // namespace shoal::web_api
