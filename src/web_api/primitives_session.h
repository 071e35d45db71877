// Primitives on a device that somebody else owns, a frame at a time: calls come as words, streams go out to be
// carried out.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "gpu/device.h"
#include "primitives/sanitizer/sanitizer.h"

namespace shoal::web_api {

class PrimitivesSession {
 public:
  // `config`: {"adapter": {...}}, as page_config has it.
  explicit PrimitivesSession(std::string_view config);

  gpu::Device& device() { return device_; }

  // Forgets what names an adopted buffer.
  void release(u32 buffer);

  // Errors of all three: those of the primitive.
  Result<bool> prepare(u32 primitive, std::span<const u32> words);
  Result<void> record(u32 primitive, std::span<const u32> words);
  Result<void> on_events(std::span<const u32> words);

  // From true on, calls run under a sanitizer; ask until it says so.
  Result<bool> sanitize();
  // Asks what kernels wrote outside of their arrays in what was submitted, then whether the answer is there: true,
  // and `found` is the sanitizer's sentence, or empty.
  Result<bool> judge(std::string& found);

  // One frame at a time; beginning another one discards what was not submitted.
  void begin(std::string_view label);
  void submit();
  void discard();

  // What was said since the last call; it holds until the next call of anything. What went wrong is told once, by
  // the events that bring it.
  std::span<const u32> take();

 private:
  void say();

  gpu::Device device_;
  std::optional<primitives::Sanitizer> sanitizer_;
  std::optional<gpu::Ticket> report_;
  std::optional<gpu::Frame> frame_;
  bool was_taken_ = false;
};

}  // namespace shoal::web_api
