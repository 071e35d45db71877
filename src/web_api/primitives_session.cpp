#include "web_api/primitives_session.h"

#include "primitives/calls/calls.h"
#include "web_api/page_config.h"

namespace shoal::web_api {

PrimitivesSession::PrimitivesSession(std::string_view config)
    : device_(capabilities_of(JsonValue::parse(config).value_or(JsonValue())), {}) {}

// A stream that was taken has been carried out when the next word is said.
void PrimitivesSession::say() {
  if (was_taken_) device_.recorder.clear();
  was_taken_ = false;
}

void PrimitivesSession::release(u32 buffer) {
  say();
  device_.bind_groups.forget(device_.recorder, buffer);
  device_.recorder.say(gpu::Release{.kind = gpu::ObjectKind::kBuffer, .object = buffer});
}

Result<bool> PrimitivesSession::prepare(u32 primitive, std::span<const u32> words) {
  say();
  return primitives::prepare_call(device_, primitive, words);
}

Result<void> PrimitivesSession::record(u32 primitive, std::span<const u32> words) {
  say();
  if (!frame_) return fail(ErrorCode::kInvalidArgument, "The frame was submitted already. Begin another one.");
  return primitives::record_call(*frame_, primitive, words);
}

Result<void> PrimitivesSession::on_events(std::span<const u32> words) {
  say();
  SHOAL_TRY(device_.on_events(words));
  if (device_.is_lost) {
    return fail(ErrorCode::kDeviceLost,
                "The device was lost, and what was on it with it. Open primitives on another one.");
  }
  // The next frame may be sound: what was refused left nothing behind.
  if (const std::optional<Error> error = std::exchange(device_.error, std::nullopt)) return std::unexpected(*error);
  return {};  // a kernel that does not compile is told to who prepared it
}

Result<bool> PrimitivesSession::sanitize() {
  say();
  if (sanitizer_) return true;
  SHOAL_TRY_SET(const bool is_ready, primitives::Sanitizer::prepare(device_));
  if (is_ready) sanitizer_.emplace(device_);
  return is_ready;
}

Result<bool> PrimitivesSession::judge(std::string& found) {
  say();
  if (!sanitizer_) {
    return fail(ErrorCode::kInvalidArgument,
                "Nothing looks for writes outside of arrays. Open primitives with `sanitize`.");
  }
  if (!report_) {
    gpu::Frame frame(device_, "sanitizer");
    report_ = sanitizer_->read(frame);
    frame.submit();
    return false;
  }
  if (device_.readbacks.has_failed(*report_)) {
    report_.reset();
    return fail(ErrorCode::kDevice, "The sanitizer's report did not come back from the device.");
  }
  const auto bytes = device_.readbacks.take(*report_);
  if (!bytes) return false;
  report_.reset();
  const Result<void> judged = sanitizer_->judge(*bytes);
  found = judged ? "" : judged.error().message();
  return true;
}

void PrimitivesSession::begin(std::string_view label) {
  say();
  frame_.emplace(device_, label);
}

void PrimitivesSession::submit() {
  say();
  if (!frame_) return;
  if (frame_->is_in_pass()) frame_->end_pass();
  frame_->submit();
  frame_.reset();
}

void PrimitivesSession::discard() {
  say();
  frame_.reset();
}

std::span<const u32> PrimitivesSession::take() {
  say();
  was_taken_ = true;
  return device_.recorder.words();
}

}  // namespace shoal::web_api
