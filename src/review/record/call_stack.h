// From where a program called: its stack, unwound once and recognised afterwards, and its Python frames.
#pragma once

#include <array>
#include <span>
#include <unordered_map>
#include <vector>

#include "base/int.h"
#include "review/record/python_stack.h"

namespace shoal::review {

// As a default argument it is about the function that calls. It is made before the recording is locked, since it
// may wait for Python.
struct Caller {
  Caller(void* return_address = __builtin_return_address(0), void* frame = __builtin_frame_address(0));
  void* return_address_;
  void* frame_;
  std::span<const PythonFrame> python_;  // none where nothing is recorded
};

// One for each thread. Unwinding costs a microsecond or two; asking whether the return addresses that were found
// last time from here lie where they lay costs some twenty nanoseconds. Who returns to the same address with the
// same stack pointer has the same frame; the next return address lies at a place known from it, and so on outwards.
class StackCache {
 public:
  // Return addresses, innermost first; `is_new` when they were unwound, and then `id` of it is what the caller
  // makes of it.
  struct Entry {
    std::vector<std::pair<const std::uintptr_t*, std::uintptr_t>> frames;  // where a return address lies, and it
    u32 id = 0;
  };
  // The entry for the stack of `caller`; its id is 0 where it was unwound anew.
  Entry& find(const Caller& caller);

 private:
  std::unordered_map<std::uintptr_t, Entry> entries_;
};

}  // namespace shoal::review
