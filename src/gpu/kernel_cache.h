// Compiled kernels, found again by their text. Compilation never stalls a frame: a kernel is kCompiling until
// its pipeline_ready event.
#pragma once

#include <array>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "gpu/capabilities.h"
#include "gpu/recorder.h"
#include "wgsl/kernel_template.h"

namespace shoal::gpu {

struct KernelRequest {
  const wgsl::KernelTemplate* kernel = nullptr;
  // What fills the kernel's slots, as one text: declarations of all of them, and the bindings it declares.
  std::string_view program = {};
  std::span<const wgsl::Binding> program_bindings = {};
  // The uniform buffers of this group are bound with dynamic offsets.
  u32 dynamic_group = 0xffffffffu;
  // Of a kernel with several entry points, which then share their bindings; empty: the first.
  std::string_view entry_point = {};
  std::span<const Constant> constants = {};  // values of its overrides
};

// The request's text as `target` takes it: slots filled, directives above. Errors: what wgsl::splice says.
Result<std::string> kernel_code(const KernelRequest& request, ShaderTarget target);

struct Kernel {
  enum class State : u8 { kCompiling, kReady, kFailed };
  std::string name;
  State state = State::kCompiling;
  u32 pipeline = 0;
  std::vector<u32> bind_group_layouts;  // by group
  std::array<u32, 3> workgroup_size = {1, 1, 1};
  // Its storage buffers that may be written, and what the WGSL calls them.
  struct Written {
    u32 group = 0, binding = 0;
    std::string name;
  };
  std::vector<Written> written;
  std::string failure;  // the compiler's message, with an excerpt and a caret

  bool is_ready() const { return state == State::kReady; }
};

class KernelCache {
 public:
  explicit KernelCache(const Capabilities& capabilities) : target_(capabilities.target) {}

  // The kernel, which lives as long as the cache. The first request of a text records its creation.
  // Errors: what wgsl::splice says; kInvalidArgument when the kernel has no such entry point.
  Result<const Kernel*> get(Recorder& recorder, const KernelRequest& request);

  void on(const PipelineReady& event);
  void on(const PipelineFailed& event);

  // The first kernel that failed to compile, as an error; empty when none did.
  Result<void> check() const;
  bool is_compiling() const;

 private:
  ShaderTarget target_;
  std::map<std::string, std::unique_ptr<Kernel>, std::less<>>
      kernels_;  // by name, entry point, slots, dynamic group
};

// A bind group is immutable, so the same entries are the same group.
class BindGroupCache {
 public:
  u32 get(Recorder& recorder, u32 layout, std::string_view label, std::span<const View> views);
  // What a group of this layout binds, by binding; empty for a group that is not of this cache.
  std::span<const View> views_of(u32 layout, u32 group) const;
  // Groups that name the buffer are released; call before destroying it.
  void forget(Recorder& recorder, u32 buffer);

 private:
  struct Group {
    u32 id = 0;
    std::vector<View> views;
  };
  std::map<u32, std::vector<Group>> by_layout_;
};

}  // namespace shoal::gpu
