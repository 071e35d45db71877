// The one judge of what a primitive is handed: views that lie where WebGPU can bind them, hold what the count says,
// and do not meet.
#pragma once

#include <string_view>
#include <vector>

#include "gpu/count.h"
#include "gpu/device.h"

namespace shoal::primitives {

class Arguments {
 public:
  // `primitive` is what messages call the function, and `count_name` what they call its count.
  Arguments(const gpu::Device& device, std::string_view primitive, const gpu::Count& count,
            std::string_view count_name = "count")
      : device_(device), primitive_(primitive), count_(count), count_name_(count_name) {}

  // An array with so many bits for each of `count` elements. Its size is a multiple of 16 bytes, since kernels
  // read four words at a time.
  Arguments& read(std::string_view name, const gpu::View& view, u32 bits_per_element);
  Arguments& write(std::string_view name, const gpu::View& view, u32 bits_per_element);
  // Something of a fixed size.
  Arguments& read_bytes(std::string_view name, const gpu::View& view, u64 size_bytes);
  Arguments& write_bytes(std::string_view name, const gpu::View& view, u64 size_bytes);
  // Memory of the call's own; a view without a buffer is not looked at, since the device's pool stands in.
  Arguments& scratch(const gpu::View& view, u64 size_bytes);
  // A requirement of the caller's own; `sentence` says what is wrong with which argument, and the remedy.
  Arguments& require(bool holds, std::string_view sentence);

  // The most elements there can be: the count, or what every array holds where the count is on the GPU. Errors:
  // kInvalidArgument, naming the first argument that cannot be and why; kUnsupported for what one binding of this
  // device cannot hold.
  Result<u32> check() const;

 private:
  struct Argument {
    std::string_view name;
    gpu::View view;
    bool is_written = false;
    u32 bits_per_element = 0;  // 0: of a fixed size
    u64 size_bytes = 0;        // the least, where fixed
  };
  Result<void> check_place(const Argument& argument) const;
  Result<void> check_apart(const Argument& a, const Argument& b) const;

  const gpu::Device& device_;
  std::string_view primitive_;
  gpu::Count count_;
  std::string_view count_name_;
  std::vector<Argument> arguments_;
  std::string_view broken_requirement_;
};

// The most elements that a call with these views can have, before anything else is known of them: to size scratch.
u32 most_elements(const gpu::Count& count, const gpu::View& view, u32 bits_per_element);

// Cuts one piece of scratch into parts that can be bound.
class ScratchLayout {
 public:
  // The part's place, as an offset and size to be moved to where the scratch lies.
  gpu::View add(u64 size_bytes);
  u64 size_bytes() const { return size_bytes_; }

 private:
  u64 size_bytes_ = 0;
};
gpu::View part_of(const gpu::View& scratch, const gpu::View& part);

// For memory of a primitive's own, before each use: where a watch looks on, nobody may rely on what it holds.
void poison(gpu::Frame& frame, const gpu::View& view);
// The caller's scratch, or the pool's, for what `frame` records next; poisoned.
gpu::View scratch_for(gpu::Frame& frame, const gpu::View& given, u64 size_bytes);

}  // namespace shoal::primitives
