// Who looks after memory that dispatches are handed: primitives/sanitizer/sanitizer.h is one. `Frame` asks it at
// every dispatch, so no kernel's caller can forget to. An interface, so that a program which asks for none does not
// carry one.
#pragma once

#include <span>
#include <string_view>

#include "gpu/recorder.h"

namespace shoal::gpu {

class Frame;

class MemoryWatch {
 public:
  // What a dispatch may write.
  struct Use {
    View view;
    std::string_view binding;  // what the kernel calls it; may be empty
  };
  virtual ~MemoryWatch() = default;
  // What messages call this memory, until `work` calls other memory so.
  virtual void name(std::string_view work, std::string_view argument, const View& view) = 0;
  // Inside a pass: from here on nobody may know what `view` holds.
  virtual void poison(Frame& frame, const View& view) = 0;
  // Inside a pass: a dispatch of `work` follows that writes these. Moves each view to where it shall bind it.
  virtual void lend(Frame& frame, std::string_view work, std::span<Use> uses) = 0;
  // Behind that dispatch: what it wrote goes where it belongs.
  virtual void take_back(Frame& frame) = 0;
};

}  // namespace shoal::gpu
