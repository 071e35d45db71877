// Sorts ten million keys on the GPU, and says whether they are sorted.
#include <algorithm>
#include <cstdio>
#include <random>

#include <shoal/gpu/native/native_gpu.h>
#include <shoal/primitives/sort/sort.h>

using namespace shoal;

int main() {
  const auto gpu = gpu::NativeGpu::open("", gpu::Tier::kFull, {}).value();
  std::vector<u32> keys(10'000'000);
  std::ranges::generate(keys, std::mt19937(1));
  const gpu::View unsorted = gpu->create_array("keys", keys.size() * 4);
  const gpu::View sorted = gpu->create_array("sorted keys", keys.size() * 4);
  gpu->device().recorder.write(unsorted, std::as_bytes(std::span(keys)));
  gpu->wait_until([&] { return primitives::prepare_sort(gpu->device(), {}); }).value();

  gpu::Frame frame(gpu->device(), "sort");
  primitives::sort(frame, {.keys = unsorted, .count = 10'000'000, .sorted_keys = sorted}).value();
  const gpu::Ticket ticket = frame.read(sorted);
  frame.submit();
  const std::vector<std::byte> bytes = gpu->wait_for(ticket).value();
  const auto* first = reinterpret_cast<const u32*>(bytes.data());
  std::puts(std::is_sorted(first, first + keys.size()) ? "sorted 10000000 keys" : "not sorted");
}
