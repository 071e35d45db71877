#include "review/record/call_stack.h"

#include <unwind.h>

#include <algorithm>

namespace shoal::review {
namespace {

constexpr size_t kMostFrames = 48;
// A program that recurses calls from ever new places.
constexpr size_t kMostEntries = 4096;

struct Unwinding {
  std::uintptr_t first;  // the return address of the function that was called
  bool has_begun = false;
  StackCache::Entry& entry;
};

// The canonical frame address of the frame inside is this frame's stack pointer: its return address lies just
// below.
_Unwind_Reason_Code on_frame(_Unwind_Context* context, void* to) {
  auto& unwinding = *static_cast<Unwinding*>(to);
  const std::uintptr_t address = _Unwind_GetIP(context);
  if (address == 0) return _URC_END_OF_STACK;
  unwinding.has_begun = unwinding.has_begun || address == unwinding.first;
  if (!unwinding.has_begun) return _URC_NO_REASON;
  const auto* place = reinterpret_cast<const std::uintptr_t*>(_Unwind_GetCFA(context)) - 1;
  unwinding.entry.frames.emplace_back(place, address);
  return unwinding.entry.frames.size() < kMostFrames ? _URC_NO_REASON : _URC_END_OF_STACK;
}

}  // namespace

StackCache::Entry& StackCache::find(const Caller& caller) {
  const auto first = reinterpret_cast<std::uintptr_t>(caller.return_address_);
  const auto key = first ^ (reinterpret_cast<std::uintptr_t>(caller.frame_) << 20);
  if (entries_.size() >= kMostEntries) entries_.clear();
  Entry& entry = entries_[key];
  const bool is_same =
      !entry.frames.empty() && entry.frames.front().second == first &&
      std::ranges::all_of(entry.frames, [](const auto& frame) { return *frame.first == frame.second; });
  if (is_same) return entry;
  entry = {};
  Unwinding unwinding{.first = first, .entry = entry};
  _Unwind_Backtrace(on_frame, &unwinding);
  return entry;
}

}  // namespace shoal::review
