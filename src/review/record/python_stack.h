// Where a Python program is while it calls: the frames of the interpreter that is loaded into this process, if one
// is.
#pragma once

#include <span>
#include <string>

#include "base/int.h"

namespace shoal::review {

// Of a code object, which is kept alive: its address stays its own.
struct PythonCode {
  std::string function, file;
};
struct PythonFrame {
  const PythonCode* code = nullptr;
  int line = 0;
  friend bool operator==(const PythonFrame&, const PythonFrame&) = default;
};

// The frames of the calling thread, innermost first; none where no Python runs in it. Valid until the thread asks
// again. Waits for the interpreter's lock, which whoever called us may have given up: nobody may hold a lock of
// ours meanwhile.
std::span<const PythonFrame> python_stack();

}  // namespace shoal::review
