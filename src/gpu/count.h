// How many elements there are: a number that the host knows, or one that the GPU will have written by then.
#pragma once

#include "gpu/recorder.h"

namespace shoal::gpu {

class Count {
 public:
  Count(u32 elements = 0) : elements_(elements) {}
  // One u32 anywhere in a storage buffer, at a multiple of 4 bytes. It is read when the work runs, so what was
  // recorded before may write it, and chains never return to the host.
  Count(const View& word) : word_(word) {}

  bool is_on_gpu() const { return word_.buffer != 0; }
  u32 elements() const { return elements_; }
  const View& word() const { return word_; }

 private:
  u32 elements_ = 0;
  View word_;
};

}  // namespace shoal::gpu
