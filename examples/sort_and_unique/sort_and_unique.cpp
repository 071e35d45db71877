// How often does each of a million words occur? Four primitives in one frame, and the host learns only the answer.
//
//   keys -> sort -> run_length_encode -> (word, how often) -> top_k -> gather
//
// Each step's count is what the step before it wrote into GPU memory: nothing returns to the host in between, and
// the number of distinct words is never asked for.
#include <cstdio>
#include <cstdlib>
#include <map>
#include <vector>

#include <shoal/gpu/native/native_gpu.h>
#include <shoal/primitives/gather/gather.h>
#include <shoal/primitives/runs/runs.h>
#include <shoal/primitives/sort/sort.h>
#include <shoal/primitives/top_k/top_k.h>

using namespace shoal;

namespace {

constexpr u32 kTop = 5;

// Some words are common, most are rare.
std::vector<u32> words_of(u32 count) {
  std::vector<u32> words(count);
  u32 state = 1;
  for (u32& word : words) {
    state = state * 1664525u + 1013904223u;
    const u32 spread = (state >> 8) % 1000 + 1;
    word = 1'000'000 / spread;
  }
  return words;
}

std::vector<u32> as_words(const std::vector<std::byte>& bytes) {
  const auto* first = reinterpret_cast<const u32*>(bytes.data());
  return {first, first + bytes.size() / 4};
}

Result<void> run(u32 count) {
  SHOAL_TRY_SET(const auto gpu, gpu::NativeGpu::open("", gpu::Tier::kFull, {}));
  gpu::Device& device = gpu->device();
  const std::vector<u32> words = words_of(count);
  const u64 array_bytes = align_up(u64{count} * 4, u64{16});
  const auto array = [&](std::string_view label, u64 bytes) { return gpu->create_array(label, bytes); };
  const gpu::View keys = array("words", array_bytes), sorted = array("sorted", array_bytes);
  const gpu::View distinct = array("distinct", array_bytes), lengths = array("lengths", array_bytes);
  const gpu::View distinct_count = array("distinct count", 16), top_count = array("top count", 16);
  const gpu::View top_lengths = array("top lengths", 32), top_rows = array("top rows", 32);
  const gpu::View top_words = array("top words", 32);
  device.recorder.write(keys, std::as_bytes(std::span(words)));

  // Kernels compile side by side; nothing waits for one of them alone.
  SHOAL_TRY(gpu->wait_until([&]() -> Result<bool> {
    SHOAL_TRY_SET(const bool sorts, primitives::prepare_sort(device, {}));
    SHOAL_TRY_SET(const bool encodes, primitives::prepare_run_length_encode(device, {}));
    SHOAL_TRY_SET(const bool picks, primitives::prepare_top_k(device, {}));
    SHOAL_TRY_SET(const bool gathers, primitives::prepare_gather(device, {}));
    return sorts && encodes && picks && gathers;
  }));

  gpu::Frame frame(device, "most frequent words");
  SHOAL_TRY(primitives::sort(frame, {.keys = keys, .count = count, .sorted_keys = sorted}));
  SHOAL_TRY(primitives::run_length_encode(
      frame,
      {.values = sorted, .count = count, .run_values = distinct, .lengths = lengths, .run_count = distinct_count}));
  SHOAL_TRY(primitives::top_k(frame, {.values = lengths,
                                      .count = distinct_count,  // a number that the host never sees
                                      .k = kTop,
                                      .result = top_lengths,
                                      .rows = top_rows,
                                      .result_count = top_count}));
  SHOAL_TRY(primitives::gather(frame,
                               {.indices = top_rows, .count = top_count, .values = distinct, .result = top_words}));
  const gpu::Ticket words_ticket = frame.read(top_words), lengths_ticket = frame.read(top_lengths);
  frame.submit();
  SHOAL_TRY_SET(const std::vector<std::byte> word_bytes, gpu->wait_for(words_ticket));
  SHOAL_TRY_SET(const std::vector<std::byte> length_bytes, gpu->wait_for(lengths_ticket));

  std::map<u32, u32> wanted;
  for (const u32 word : words) ++wanted[word];
  const std::vector<u32> found = as_words(word_bytes), found_lengths = as_words(length_bytes);
  for (u32 i = 0; i < kTop; ++i) {
    std::printf("word %u occurs %u times\n", found[i], found_lengths[i]);
    if (wanted[found[i]] != found_lengths[i]) {
      return fail(ErrorCode::kInternal, "Word {} occurs {} times.", found[i], wanted[found[i]]);
    }
  }
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const Result<void> done = run(argc > 1 ? static_cast<u32>(std::atoi(argv[1])) : 1'000'000);
  if (!done) std::fprintf(stderr, "%s\n", done.error().message().c_str());
  return done ? 0 : 1;
}
