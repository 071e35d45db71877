// Runs a piece of work in a process of its own: wgpu-native and drivers may end it, or never come back.
#pragma once

#include <functional>
#include <string>

#include "base/int.h"
#include "base/result.h"

namespace shoal::review {

struct ChildOutcome {
  int code = 0;  // what the work returned
  std::string text;
};

// Call it before this process has a device or a thread: the child is a fork. The work writes its text and returns a
// code below 100. Errors: kDevice where the child died or did not end within `timeout_s`.
Result<ChildOutcome> run_in_child(const std::function<int(std::string& text)>& work, u32 timeout_s);

}  // namespace shoal::review
