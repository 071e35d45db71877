// How a primitive puts its dispatches into a frame: parameters, grids, the count from host or GPU.
#pragma once

#include <cstring>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "gpu/count.h"
#include "gpu/device.h"

namespace shoal::primitives {

// A kernel of this layer: its parameters are the uniform at binding 0 of group 0, a struct whose first word is the
// count; storage buffers follow at bindings 1, 2, ... What a slot program binds is group 1.
struct KernelChoice {
  const wgsl::Kernel* kernel = nullptr;
  std::string_view entry_point = {};
  std::vector<std::string_view> features = {};  // `subgroups` is added where the device has them
  std::string_view program = {};
  std::span<const wgsl::Binding> program_bindings = {};
  std::span<const gpu::Constant> constants = {};
};

using Kernels = std::vector<const gpu::Kernel*>;

// Asks for all of them, and for the kernel that serves counts of the GPU; compilation begins, nothing waits.
// Errors: those of wgsl::splice.
Result<Kernels> request_kernels(gpu::Device& device, std::span<const KernelChoice> choices);

// Whether all of them can be used. Errors: kDevice with the compiler's message for one that failed.
Result<bool> are_ready(const Kernels& kernels);
// Errors: kInvalidArgument when one is still compiling, which `prepare` would have told.
Result<void> require_ready(const Kernels& kernels, std::string_view primitive);

struct Step {
  const gpu::Kernel* kernel = nullptr;
  std::vector<gpu::View> views = {};    // bindings 1 and up of group 0
  std::array<u32, 59> parameters = {};  // behind the count
  u32 elements_per_group = 0;           // 0: `groups` workgroups, whatever the count
  u32 groups = 1;
  std::span<const gpu::View> program_views = {};

  // `params`: a struct of the kernel's, from its layout header, whose first word is the count.
  template <class Params>
  Step& with(const Params& params) {
    static_assert(sizeof(Params) >= 4 && sizeof(Params) <= sizeof(parameters) + 4);
    std::memcpy(parameters.data(), reinterpret_cast<const std::byte*>(&params) + 4, sizeof(Params) - 4);
    return *this;
  }
};

// A pass that ends with the scope, or the caller's where one is open.
class PassScope {
 public:
  PassScope(gpu::Frame& frame, std::string_view label, u64 bytes) : frame_(frame), is_own_(!frame.is_in_pass()) {
    if (is_own_) frame_.begin_pass(label, bytes);
  }
  ~PassScope() {
    if (is_own_) frame_.end_pass();
  }
  PassScope(const PassScope&) = delete;
  PassScope& operator=(const PassScope&) = delete;

 private:
  gpu::Frame& frame_;
  bool is_own_;
};

// Appends the steps, one after the other: inside the caller's pass where one is open, else in a pass of their own
// that moves `bytes`; at most 256 of them. `most`: what Arguments::check said; a count on the GPU is cut to it.
void run_steps(gpu::Frame& frame, std::string_view label, u64 bytes, const gpu::Count& count, u32 most,
               std::span<const Step> steps);

}  // namespace shoal::primitives
