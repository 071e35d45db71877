// What the recorder knows while a program runs, and how one of its calls becomes a command: written down before it
// is forwarded, so that a call that ends the program is the trace's last.
#pragma once

#include <atomic>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "review/record/call_stack.h"
#include "review/record/live_trace.h"
#include "review/record/real_library.h"

// The C functions of this library are the only ones that others see.
#define SHOAL_EXPORTED extern "C" __attribute__((visibility("default")))

namespace shoal::review {

struct Object {
  u32 id = 0;
  u32 device = 0;
  gpu::ObjectKind kind = gpu::ObjectKind::kBuffer;
  u32 references = 0;
};

// A buffer that the program may write to now.
struct MappedRange {
  u64 offset_bytes = 0;
  u64 size_bytes = 0;
  const std::byte* memory = nullptr;
};
struct BufferState {
  u64 size_bytes = 0;
  bool is_writable = false;
  std::vector<MappedRange> ranges;
};

class Recording {
 public:
  // All below is called with `mutex` held.
  std::mutex mutex;

  u32 new_id() { return ++last_id_; }
  // 0 for null, and for what was made before there was a recording.
  u32 id_of(const void* object) const {
    const auto found = objects_.find(object);
    return found == objects_.end() ? 0 : found->second.id;
  }
  u32 device_of(const void* object) const {
    const auto found = objects_.find(object);
    return found == objects_.end() ? 0 : found->second.device;
  }
  Object* find(const void* object) {
    const auto found = objects_.find(object);
    return found == objects_.end() ? nullptr : &found->second;
  }
  // An address that is used again is a new object.
  void add(const void* object, const Object& what) {
    if (object != nullptr) objects_[object] = what;
  }
  void forget(const void* object) { objects_.erase(object); }

  std::span<const u32> ids(auto count, auto* objects) {
    ids_.clear();
    for (size_t i = 0; i < count; ++i) ids_.push_back(id_of(objects[i]));
    return ids_;
  }

  // Small payloads lie in the stream, others are blobs.
  static constexpr size_t kLongestInline = 256;

  u64 now_ns() const;
  u32 thread();
  u32 stack_of(const Caller& caller, u64 now);

  template <class Command>
  u32* say(u32 device, u64 now, u32 stack, const Command& command) {
    u32* duration = trace->say({device, thread()}, now, stack, command);
    for (const auto& [object, name] : unsupported_) {
      trace->add({device, thread()}, now, gpu::Unsupported{.object = object, .name = name});
    }
    unsupported_.clear();
    return duration;
  }
  template <class Event>
  void hear(u32 device, const Event& event) {
    trace->hear({device, thread()}, now_ns(), event);
  }
  // The command in hand uses what there are no words for.
  void use_unsupported(u32 object, std::string name) { unsupported_.emplace_back(object, std::move(name)); }
  // The same of every struct in the chain but those of the types `known`.
  void check_chain(u32 object, const WGPUChainedStruct* chain, std::initializer_list<u32> known = {});

  std::unique_ptr<LiveTrace> trace;
  std::unordered_map<const void*, BufferState> buffers;
  u32 last_ticket = 0;
  bool has_submitted = false, has_waited = false;  // since the last frame mark
  bool presents = false;                           // frames end with a present

  // A program without a canvas ends a frame where it encodes anew after it has submitted and waited.
  void end_frame_where_due(const void* device) {
    if (has_submitted && has_waited && !presents)
      trace->add({device_of(device), thread()}, now_ns(), gpu::FrameMark{});
    if (has_waited) has_submitted = has_waited = false;
  }

 private:
  friend Recording* recording();
  void begin(std::unique_ptr<LiveTrace> opened);
  u32 native_stack_of(const Caller& caller, u64 now);
  u32 frame_of(std::uintptr_t address, u64 now);
  u32 python_frame_of(const PythonFrame& frame, u64 now);
  u32 number_of_stack(const std::vector<u32>& frames, u64 now);

  u64 began_ns_ = 0;
  u32 last_id_ = 0, last_thread_ = 0, last_frame_ = 0;
  std::unordered_map<const void*, Object> objects_;
  std::vector<u32> ids_;
  std::vector<std::pair<u32, std::string>> unsupported_;
  std::unordered_map<std::uintptr_t, u32> frames_;
  std::unordered_map<u64, u32> stacks_;  // hash of the frames -> number
  // By code and line; the frames of each native stack; and by the hash of a native stack with Python's frames
  // before it.
  std::unordered_map<u64, u32> python_frames_;
  std::unordered_map<u32, std::vector<u32>> native_frames_;
  std::unordered_map<u64, u32> python_stacks_;
  std::vector<u32> key_;  // of the stack in hand
};

// Null where SHOAL_RECORD_TO is not set, after a fork, and within wgpu-native.
Recording* recording();

// wgpu-native's own calls are not the program's; the program's callbacks are.
class Inside {
 public:
  explicit Inside(bool is_inside = true);
  ~Inside();
  Inside(const Inside&) = delete;

 private:
  bool before_;
};

// Records the command that make(recording) gives, of the device of `on`, and forwards the call.
template <class Make, class Forward>
auto say(const void* on, Make&& make, Forward&& forward, const Caller& caller = Caller()) {
  Recording* recorder = recording();
  if (recorder == nullptr) return forward();
  u32* duration = nullptr;
  {
    const std::lock_guard lock(recorder->mutex);
    const u64 begin = recorder->now_ns();
    const u32 stack = recorder->stack_of(caller, begin);
    const auto command = make(*recorder);
    duration = recorder->say(recorder->device_of(on), begin, stack, command);
  }
  const Inside inside;
  const u64 forwarded = recorder->now_ns();  // writing it down is not the call's time
  const auto finish = [&] {
    const u64 took = recorder->now_ns() - forwarded;
    *duration = took < gpu::kAllOrNone ? static_cast<u32>(took) : gpu::kAllOrNone - 1;
  };
  if constexpr (std::is_void_v<decltype(forward())>) {
    forward();
    finish();
  } else {
    auto result = forward();
    finish();
    return result;
  }
}

// The same of a call that makes an object: make(recording, id).
template <class Make, class Forward>
auto create(const void* on, gpu::ObjectKind kind, Make&& make, Forward&& forward, const Caller& caller = Caller()) {
  Recording* recorder = recording();
  if (recorder == nullptr) return forward();
  u32 id = 0, device = 0;
  const auto made = say(
      on,
      [&](Recording& r) {
        id = r.new_id();
        device = r.device_of(on);
        return make(r, id);
      },
      forward, caller);
  const std::lock_guard lock(recorder->mutex);
  recorder->add(made, {.id = id, .device = device, .kind = kind, .references = 1});
  return made;
}

// What the generated functions call.
void add_reference(const void* object);
void give_up(gpu::ObjectKind kind, const void* object, const Caller& caller = Caller());
void set_label(const void* object, WGPUStringView label, const Caller& caller = Caller());
void note_unrecorded(std::string_view name, std::atomic<bool>& is_noted);

}  // namespace shoal::review
