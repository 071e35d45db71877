// Any bytes as a trace: they are read or refused, and what was read is printed.
#include <cstring>
#include <vector>

#include "gpu/print_trace.h"
#include "gpu/trace.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shoal;
  // The start is given, so that inputs are spent on what follows it.
  std::vector<u32> file(3 + size / 4);
  std::memcpy(file.data(), gpu::kTraceMagic.data(), gpu::kTraceMagic.size());
  file[2] = gpu::kTraceVersion;
  if (size >= 4) std::memcpy(file.data() + 3, data, size / 4 * 4);
  const auto trace = gpu::read_trace(std::as_bytes(std::span(file)));
  if (!trace) return 0;
  static_cast<void>(gpu::print(*trace, gpu::PrintStyle::kText));
  static_cast<void>(gpu::print(*trace, gpu::PrintStyle::kJson));
  return 0;
}
