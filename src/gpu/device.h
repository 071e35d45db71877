// The recording side of a GPU: everything that code above needs to say things to it and to hear the answers.
// It knows no WebGPU object, only numbers; an executor elsewhere holds the objects.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "gpu/capabilities.h"
#include "gpu/growing_buffer.h"
#include "gpu/kernel_cache.h"
#include "gpu/memory_watch.h"
#include "gpu/parameter_ring.h"
#include "gpu/profiler.h"
#include "gpu/readback_ring.h"
#include "gpu/recorder.h"
#include "gpu/slab_pool.h"

namespace shoal::gpu {

struct DeviceOptions {
  u64 memory_bytes = 0;  // budget for slabs; 0: a share of what the adapter grants
  bool profile = false;
};

struct Device {
  Device(const Capabilities& adapter_capabilities, const DeviceOptions& options);

  // Takes what an executor answered. Errors: kCorrupt for words that are no events.
  Result<void> on_events(std::span<const u32> words);

  // The first thing that went wrong since the start and was not asked for by anyone: a dropped submission, a
  // lost device, a kernel that did not compile, a command that was too long.
  Result<void> check() const;

  Capabilities capabilities;
  Recorder recorder;
  SlabPool slabs;
  KernelCache kernels;
  BindGroupCache bind_groups;
  ParameterRing parameters;
  // What a piece of work needs while it runs and nobody after it: one for all, since what is submitted runs one
  // after the other. Of any content; a view of it is valid until somebody reserves more.
  GrowingBuffer scratch{"scratch", BufferUsage::kStorage};
  ReadbackRing readbacks;
  Profiler profiler;
  MemoryWatch* watch = nullptr;  // not owned; none unless somebody looks for a mistake
  std::optional<Error> error;
  bool is_lost = false;
  u32 work_done = 0;  // the largest serial heard of
};

// What is submitted together, or dropped. Passes are recorded one after the other; submit() ends it.
class Frame {
 public:
  Frame(Device& device, std::string_view label);
  ~Frame();
  Frame(const Frame&) = delete;
  Frame& operator=(const Frame&) = delete;

  struct Dispatch {
    const Kernel* kernel = nullptr;
    std::span<const u32> groups;  // bind groups by index
    u32 dynamic_offset = 0;       // of KernelRequest::dynamic_group's uniform buffer
    bool has_dynamic_offset = false;
    u32 dynamic_group = 0;
    u32 x = 1, y = 1;  // workgroups
    // What a watch calls the work that this is a part of; empty: the kernel's name.
    std::string_view work = {};
  };

  // `bytes`: what the pass must move, for the profiler. What is dispatched goes by the device's watch where it has
  // one, whoever says it; groups are then of the device's `bind_groups`.
  void begin_pass(std::string_view label, u64 bytes);
  void dispatch(const Dispatch& dispatch);
  // As many workgroups as three words of a buffer say when the GPU comes to it; `dispatch`'s x and y do not count.
  void dispatch_indirect(const Dispatch& dispatch, const View& workgroups);
  void end_pass();
  bool is_in_pass() const { return pass_ != 0; }

  void clear(const View& view);
  void copy(const View& source, const View& target) { device_.recorder.copy(encoder_, source, target); }
  Ticket read(const View& source) { return device_.readbacks.read(device_.recorder, encoder_, source); }
  u32 encoder() const { return encoder_; }
  Device& device() { return device_; }

  void submit();

 private:
  // `workgroups`: null for a direct one.
  void run(const Dispatch& dispatch, const View* workgroups);
  void run_watched(MemoryWatch& watch, const Dispatch& dispatch, const View* workgroups);
  void say(const Dispatch& dispatch, const View* workgroups);
  void bind(const Dispatch& dispatch);

  Device& device_;
  u32 encoder_ = 0;
  u32 pass_ = 0;
  u32 pipeline_ = 0;   // the pass's current one
  u32 bound_[4] = {};  // the pass's current groups
};

}  // namespace shoal::gpu
