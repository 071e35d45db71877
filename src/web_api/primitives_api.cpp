// The exports of primitives.wasm; README.md lists them.
#include <memory>
#include <vector>

#include "primitives/delta_decode/delta_decode.h"
#include "primitives/histogram/histogram.h"
#include "primitives/hybrid_decode/hybrid_decode.h"
#include "web_api/panic.h"
#include "web_api/primitives_session.h"

namespace shoal::web_api {
namespace {

// Words, as web/src/primitives/module.ts reads them.
struct Output {
  u32 address = 0, size = 0;
};
// What prepare, record and events answer.
enum class Answer : u32 { kNotYet = 0, kDone = 1, kFailed = 2 };  // the error's text is in the output

std::unique_ptr<PrimitivesSession> session;
std::vector<u32> inbox;  // words, so that events in it are aligned
std::vector<float> edges;
std::vector<primitives::HybridRun> runs;
std::vector<u32> table;
std::string error, found;
Output output;

u32 address_of(const void* place) { return static_cast<u32>(reinterpret_cast<std::uintptr_t>(place)); }

template <class T>
std::span<const T> at(u32 address, u32 size) {
  return {reinterpret_cast<const T*>(static_cast<std::uintptr_t>(address)), size};
}
std::string_view text_at(u32 address, u32 size) {
  const auto text = at<char>(address, size);
  return {text.data(), text.size()};
}

u32 put(const void* place, size_t size) {
  output = {address_of(place), static_cast<u32>(size)};
  return address_of(&output);
}

template <class T>
u32 answer(const Result<T>& result) {
  if (!result) {
    error = result.error().message();
    put(error.data(), error.size());
    return static_cast<u32>(Answer::kFailed);
  }
  if constexpr (std::is_same_v<T, bool>) return static_cast<u32>(*result ? Answer::kDone : Answer::kNotYet);
  return static_cast<u32>(Answer::kDone);
}

PrimitivesSession& current() {
  if (session == nullptr) panic("shoal_create was not called.");
  return *session;
}

}  // namespace

extern "C" {

// The address of the output, which stays where it is.
u32 shoal_create(u32 text, u32 size) {
  session = std::make_unique<PrimitivesSession>(text_at(text, size));
  return address_of(&output);
}

u32 shoal_reserve(u32 size) {
  inbox.resize(divide_round_up(size, 4u));
  return address_of(inbox.data());
}

u32 shoal_adopt() { return current().device().recorder.new_id(); }

void shoal_release(u32 buffer) { current().release(buffer); }

u32 shoal_prepare(u32 primitive, u32 address, u32 words) {
  return answer(current().prepare(primitive, at<u32>(address, words)));
}

u32 shoal_sanitize() { return answer(current().sanitize()); }

// A sentence into the output, empty where nothing was found.
u32 shoal_judge() {
  const Result<bool> is_known = current().judge(found);
  if (is_known) put(found.data(), found.size());
  return answer(is_known);
}

void shoal_begin(u32 text, u32 size) { current().begin(text_at(text, size)); }

u32 shoal_record(u32 primitive, u32 address, u32 words) {
  return answer(current().record(primitive, at<u32>(address, words)));
}

void shoal_submit() { current().submit(); }

void shoal_discard() { current().discard(); }

u32 shoal_events(u32 address, u32 words) { return answer(current().on_events(at<u32>(address, words))); }

// The stream's words into the output.
void shoal_take() {
  const std::span<const u32> stream = current().take();
  put(stream.data(), stream.size());
}

void shoal_histogram_edges(double low, double high, u32 bin_count) {
  edges = primitives::histogram_edges(low, high, bin_count);
  put(edges.data(), edges.size());
}

// The runs' words into the output.
u32 shoal_hybrid_runs(u32 address, u32 size, u32 first_byte, u32 width, u32 first_element, u32 count) {
  runs.clear();
  const auto appended = primitives::append_hybrid_runs({.bytes = at<u8>(address, size),
                                                        .first_byte = first_byte,
                                                        .width = width,
                                                        .first_element = first_element,
                                                        .count = count},
                                                       runs);
  if (appended) put(runs.data(), runs.size() * (sizeof(primitives::HybridRun) / sizeof(u32)));
  return answer(appended);
}

// How many numbers, the bytes they lie in, and how many runs; then the runs' words and two of each least
// difference.
u32 shoal_delta_blocks(u32 address, u32 size, u32 first_byte, u32 is_wide) {
  const auto blocks =
      primitives::read_delta_blocks(at<u8>(address, size), first_byte,
                                    is_wide != 0 ? primitives::ElementType::kI64 : primitives::ElementType::kI32);
  if (blocks) {
    table = {blocks->count, static_cast<u32>(blocks->size_bytes), static_cast<u32>(blocks->runs.size())};
    for (const primitives::HybridRun& run : blocks->runs)
      table.insert(table.end(), {run.begin, run.bits, run.word});
    for (const u64 least : blocks->least) table.insert(table.end(), {low_word(least), high_word(least)});
    put(table.data(), table.size());
  }
  return answer(blocks);
}

}  // extern "C"

}  // namespace shoal::web_api
