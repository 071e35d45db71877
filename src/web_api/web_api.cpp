// The exports. They turn addresses of the WASM memory into spans and back; README.md lists them.
#include <memory>
#include <vector>

#include "web_api/page_session.h"
#include "web_api/panic.h"

namespace shoal::web_api {
namespace {

// Words, as web/src/core.ts reads them.
struct FrameOutput {
  u32 stream = 0, stream_words = 0;
  u32 file_requests = 0, file_request_count = 0;
  u32 state = 0, state_size = 0;
  u32 wants_frame = 0;
};

std::unique_ptr<PageSession> session;
std::vector<u32> inbox;  // words, so that events in it are aligned
FrameOutput output;

u32 address_of(const void* place) { return static_cast<u32>(reinterpret_cast<std::uintptr_t>(place)); }

template <class T>
const T* at(u32 address) {
  return reinterpret_cast<const T*>(static_cast<std::uintptr_t>(address));
}

PageSession& current() {
  if (session == nullptr) panic("shoal_create was not called.");
  return *session;
}

}  // namespace

extern "C" {

void shoal_create(u32 text, u32 size) {
  session = std::make_unique<PageSession>(std::string_view(at<char>(text), size));
}

u32 shoal_reserve(u32 size) {
  inbox.resize(divide_round_up(size, 4u));
  return address_of(inbox.data());
}

u32 shoal_frame(double, u32 events, u32 words) {
  const PageSession::Output frame = current().frame({at<u32>(events), words});
  output = {.stream = address_of(frame.stream.data()),
            .stream_words = static_cast<u32>(frame.stream.size()),
            .file_requests = address_of(frame.requests.data()),
            .file_request_count = static_cast<u32>(frame.requests.size()),
            .state = address_of(frame.state.data()),
            .state_size = static_cast<u32>(frame.state.size()),
            .wants_frame = frame.wants_frame ? 1u : 0u};
  return address_of(&output);
}

void shoal_command(u32 text, u32 size) { current().command({at<char>(text), size}); }

void shoal_file_bytes(u32 request, u32 bytes, u32 size) {
  current().on_file_bytes(request, {at<std::byte>(bytes), size});
}

void shoal_file_failed(u32, u32 text, u32 size) { current().on_file_failure({at<char>(text), size}); }

}  // extern "C"

}  // namespace shoal::web_api
