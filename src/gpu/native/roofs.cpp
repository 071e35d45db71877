#include "gpu/native/roofs.h"

#include <algorithm>
#include <vector>

#include "gpu/native/pass_timer.h"
#include "gpu/roofs/atomic_roof.kernel.h"
#include "gpu/roofs/copy_roof.kernel.h"
#include "gpu/roofs/read_roof.kernel.h"

namespace shoal::gpu {
namespace {

constexpr u32 kWordsPerGroup = 16'384;  // of the read and copy kernels
constexpr u32 kAddsPerGroup = 4096;
constexpr u32 kAtomicGroups = 4096;
constexpr u64 kPictureBytes = u64{4} * 600'000;
constexpr int kRepetitions = 7;

// Far more than the last level of any cache, but no more than two buffers' worth of a small adapter's memory.
u64 roof_size_bytes(const Capabilities& capabilities) {
  const u64 wanted_bytes = capabilities.type == AdapterType::kSoftware ? u64{64} << 20 : u64{512} << 20;
  const u64 most_bytes =
      std::min(capabilities.limits.max_storage_binding_size_bytes, u64{65'535} * kWordsPerGroup * 4);
  return std::min(wanted_bytes, most_bytes) / (kWordsPerGroup * 4) * (kWordsPerGroup * 4);
}

}  // namespace

RoofMeter::RoofMeter(NativeGpu& gpu) : gpu_(&gpu), size_bytes_(roof_size_bytes(gpu.device().capabilities)) {}

Result<void> RoofMeter::need(const Kernel*& kernel, const wgsl::KernelTemplate& code) {
  if (kernel != nullptr) return {};
  SHOAL_TRY_SET(kernel, gpu_->device().kernels.get(gpu_->device().recorder, {.kernel = &code}));
  return finish_compilation(*gpu_);
}

const View& RoofMeter::need(View& buffer, std::string_view label, u64 size_bytes) {
  using enum BufferUsage;
  if (buffer.size_bytes == 0)
    buffer = {gpu_->device().recorder.create_buffer(label, size_bytes, kStorage | kCopyDst), 0, size_bytes};
  return buffer;
}

Result<double> RoofMeter::time_ms(const Kernel* kernel, std::span<const View> views, u32 groups) {
  Device& device = gpu_->device();
  const u32 group = device.bind_groups.get(device.recorder, kernel->bind_group_layouts[0], "roof", views);
  return time_pass_ms(
      *gpu_, [&](Frame& frame) { frame.dispatch({.kernel = kernel, .groups = std::span(&group, 1), .x = groups}); },
      "roof");
}

Result<double> RoofMeter::read_bytes_per_s() {
  SHOAL_TRY(need(read_, read_roof_kernel().variant({})));
  const u64 sums_bytes = std::max<u64>(256, size_bytes_ / kWordsPerGroup);
  const View views[] = {source(), need(sums_, "roof sums", sums_bytes)};
  SHOAL_TRY_SET(const double ms, time_ms(read_, views, static_cast<u32>(size_bytes_ / 4 / kWordsPerGroup)));
  return static_cast<double>(size_bytes_) / ms * 1e3;
}

Result<double> RoofMeter::copy_bytes_per_s() {
  SHOAL_TRY(need(copy_, copy_roof_kernel().variant({})));
  const View views[] = {source(), need(target_, "roof target", size_bytes_)};
  SHOAL_TRY_SET(const double ms, time_ms(copy_, views, static_cast<u32>(size_bytes_ / 4 / kWordsPerGroup)));
  return 2 * static_cast<double>(size_bytes_) / ms * 1e3;
}

Result<double> RoofMeter::atomic_adds_per_s() {
  SHOAL_TRY(need(atomic_, atomic_roof_kernel().variant({})));
  const View& picture = need(picture_, "roof picture", kPictureBytes);
  SHOAL_TRY_SET(const double ms, time_ms(atomic_, std::span(&picture, 1), kAtomicGroups));
  return static_cast<double>(kAtomicGroups) * kAddsPerGroup / ms * 1e3;
}

Result<Roofs> measure_roofs(NativeGpu& gpu) {
  SHOAL_TRY_SET(RoofMeter meter, RoofMeter::prepare(gpu));
  std::vector<double> read, copy, atomic;
  // The first turn finds pages that nobody has touched.
  for (int i = 0; i <= kRepetitions; ++i) {
    SHOAL_TRY_SET(const double read_rate, meter.read_bytes_per_s());
    SHOAL_TRY_SET(const double copy_rate, meter.copy_bytes_per_s());
    SHOAL_TRY_SET(const double atomic_rate, meter.atomic_adds_per_s());
    if (i == 0) continue;
    read.push_back(read_rate);
    copy.push_back(copy_rate);
    atomic.push_back(atomic_rate);
  }
  return Roofs{
      .read_bytes_per_s = median(read), .copy_bytes_per_s = median(copy), .atomic_adds_per_s = median(atomic)};
}

}  // namespace shoal::gpu
