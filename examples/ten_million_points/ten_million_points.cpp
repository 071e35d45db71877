// Ten million points, filtered, binned and drawn anew in every frame, with a kernel of one's own among primitives.
//
//   ten_million_points [POINTS [FRAMES [PICTURE.ppm]]]
//
// A frame is four steps. Each line of the table that this prints is one of them, beside a plain copy on the same
// adapter: what a step must move, how long that takes at the copy's speed, and how long it took.
//
//   step             moves                   why it takes what it takes
//   bin the points   16 bytes a point        the kernel below: three floats in, one code out; bound by memory on a
//   GPU histogram        4 bytes a point         one atomic add a point into one of the picture's bins; bound by
//   atomics, and
//                                            the faster the more points of a workgroup fall into the same few bins
//   brightest bin    4 bytes a bin           fold by maximum; 2 MB, so that launching it is what it costs
//   shade            8 bytes a bin           one read, one pixel
//
// Filtering is not a step: a point that the filter leaves out gets a code behind all bins, which the histogram does
// not count. Compacting first would write and read 8 bytes for each kept point to save 4 for each one left out; it
// pays where less than a third is kept and several steps follow.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <vector>

#include <shoal/gpu/native/native_gpu.h>
#include <shoal/primitives/fold/fold.h>
#include <shoal/primitives/histogram/histogram.h>
#include <shoal/primitives/random/random.h>

using namespace shoal;

namespace {

constexpr u32 kWidth = 800, kHeight = 600, kBins = kWidth * kHeight;

// Two arms of a spiral from random numbers, and an age for each point.
constexpr std::string_view kShapeWgsl = R"(
@group(0) @binding(0) var<storage, read> random: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> xs: array<f32>;
@group(0) @binding(2) var<storage, read_write> ys: array<f32>;
@group(0) @binding(3) var<storage, read_write> ages: array<f32>;
@compute @workgroup_size(256) fn shape(@builtin(global_invocation_id) at: vec3u) {
  if at.x >= arrayLength(&random) { return; }
  let r = random[at.x];
  let along = sqrt(r.x);
  let angle = along * 9.0 + select(0.0, 3.14159265, r.y < 0.5) + (r.z - 0.5) * 1.2 * (1.2 - along);
  xs[at.x] = 0.5 + 0.48 * along * cos(angle);
  ys[at.x] = 0.5 + 0.48 * along * sin(angle);
  ages[at.x] = r.w;
})";

// The kernel of one's own. A code is the number of a bin, or the number of bins for a point that is left out. It is
// compiled without bounds checks, as kernels of a Device are, so it looks at the count itself.
constexpr std::string_view kBinWgsl = R"(
const width = 800u;
const height = 600u;
struct Filter { oldest: f32, youngest: f32 }
@group(0) @binding(0) var<storage, read> xs: array<f32>;
@group(0) @binding(1) var<storage, read> ys: array<f32>;
@group(0) @binding(2) var<storage, read> ages: array<f32>;
@group(0) @binding(3) var<storage, read> filter_: Filter;
@group(0) @binding(4) var<storage, read_write> codes: array<u32>;
@compute @workgroup_size(256) fn bin(@builtin(global_invocation_id) at: vec3u) {
  if at.x >= arrayLength(&codes) { return; }
  let age = ages[at.x];
  let column = u32(xs[at.x] * f32(width));
  let row = u32(ys[at.x] * f32(height));
  let is_in = age >= filter_.oldest && age < filter_.youngest && column < width && row < height;
  codes[at.x] = select(width * height, row * width + column, is_in);
})";

constexpr std::string_view kShadeWgsl = R"(
@group(0) @binding(0) var<storage, read> counts: array<u32>;
@group(0) @binding(1) var<storage, read> most: array<u32>;
@group(0) @binding(2) var<storage, read_write> pixels: array<u32>;
@compute @workgroup_size(256) fn shade(@builtin(global_invocation_id) at: vec3u) {
  if at.x >= arrayLength(&pixels) { return; }
  let share = log(1.0 + f32(counts[at.x])) / log(2.0 + f32(most[0]));
  pixels[at.x] = pack4x8unorm(vec4f(share * share, share, sqrt(share) * 0.9, 1.0));
})";

constexpr std::string_view kCopyWgsl = R"(
@group(0) @binding(0) var<storage, read> source: array<vec4u>;
@group(0) @binding(1) var<storage, read_write> target_: array<vec4u>;
@compute @workgroup_size(256) fn copy(@builtin(global_invocation_id) at: vec3u) {
  if at.x < arrayLength(&target_) { target_[at.x] = source[at.x]; }
})";

// A kernel as the device knows it: a text, and what it binds, in order: so many arrays that it reads, then those
// that it writes.
struct OwnKernel {
  OwnKernel(std::string_view name, std::string_view text, u32 reads, u32 writes) : entry{.name = name} {
    entry.workgroup_size = {256, 1, 1};
    for (u32 i = 0; i < reads + writes; ++i) {
      bindings.push_back(
          {.binding = i,
           .kind = i < reads ? wgsl::BindingKind::kStorageRead : wgsl::BindingKind::kStorageReadWrite,
           .name = name,
           .min_size_bytes = 16});  // a vec4, the largest element of theirs
    }
    code = {.name = name, .text = text, .bindings = bindings, .entry_points = std::span(&entry, 1)};
  }
  OwnKernel(const OwnKernel&) = delete;

  Result<bool> prepare(gpu::Device& device) {
    SHOAL_TRY_SET(kernel, device.kernels.get(device.recorder, {.kernel = &code}));
    SHOAL_TRY(device.kernels.check());
    return kernel->is_ready();
  }

  // A pass of its own, so that it is measured; `bytes` is what it must move.
  void run(gpu::Frame& frame, std::string_view label, u64 bytes, u32 invocations,
           std::initializer_list<gpu::View> views) const {
    gpu::Device& device = frame.device();
    const u32 group = device.bind_groups.get(device.recorder, kernel->bind_group_layouts[0], label, views);
    frame.begin_pass(label, bytes);
    frame.dispatch({.kernel = kernel, .groups = std::span(&group, 1), .x = (invocations + 255) / 256});
    frame.end_pass();
  }

  wgsl::EntryPoint entry;
  std::vector<wgsl::Binding> bindings;
  wgsl::KernelTemplate code;
  const gpu::Kernel* kernel = nullptr;
};

template <class T>
std::vector<T> as(const std::vector<std::byte>& bytes) {
  const auto* first = reinterpret_cast<const T*>(bytes.data());
  return {first, first + bytes.size() / sizeof(T)};
}

void write_picture(const char* path, const std::vector<u32>& pixels) {
  std::ofstream file(path, std::ios::binary);
  file << "P6\n" << kWidth << " " << kHeight << "\n255\n";
  for (const u32 pixel : pixels) {
    for (const u32 shift : {0u, 8u, 16u}) file.put(static_cast<char>(pixel >> shift));
  }
}

void print_steps(const gpu::Device& device) {
  const std::vector<gpu::PassTime>& times = device.profiler.times();
  const auto copy = std::ranges::find(times, "plain copy", &gpu::PassTime::label);
  if (copy == times.end()) return void(std::puts("This device has no timestamps, so steps are not measured."));
  const double bytes_per_ms = static_cast<double>(copy->bytes) / copy->ms;
  std::printf("%-16s %12s %12s %12s %9s\n", "step", "MB a frame", "at best ms", "measured ms", "of best");
  for (const gpu::PassTime& pass : times) {
    const double bytes = static_cast<double>(pass.bytes) / pass.passes, ms = pass.ms / pass.passes;
    std::printf("%-16s %12.2f %12.3f %12.3f %8.0f%%\n", pass.label.c_str(), bytes / 1e6, bytes / bytes_per_ms, ms,
                100 * bytes / bytes_per_ms / ms);
  }
}

Result<void> run(u32 points, u32 frames, const char* picture) {
  SHOAL_TRY_SET(const auto gpu, gpu::NativeGpu::open("", gpu::Tier::kFull, {.profile = true}));
  gpu::Device& device = gpu->device();
  const u64 bytes = u64{points} * 4;
  const gpu::View random = gpu->create_array("random", bytes * 4), filter = gpu->create_array("filter", 16);
  const gpu::View xs = gpu->create_array("xs", bytes), ys = gpu->create_array("ys", bytes);
  const gpu::View ages = gpu->create_array("ages", bytes), codes = gpu->create_array("codes", bytes);
  const gpu::View counts = gpu->create_array("counts", kBins * 4), pixels = gpu->create_array("pixels", kBins * 4);
  const gpu::View brightest = gpu->create_array("brightest", 16);

  OwnKernel shape("shape", kShapeWgsl, 1, 3), bin("bin", kBinWgsl, 4, 1), shade("shade", kShadeWgsl, 2, 1);
  OwnKernel copy("copy", kCopyWgsl, 1, 1);
  const primitives::HistogramOptions bins{.of = primitives::HistogramOptions::Of::kCodes, .bin_count = kBins};
  const primitives::ScanOptions maximum{.op = primitives::Operator::kMax};
  SHOAL_TRY(gpu->wait_until([&]() -> Result<bool> {
    bool are_ready = true;
    for (OwnKernel* kernel : {&shape, &bin, &shade, &copy}) {
      SHOAL_TRY_SET(const bool is_ready, kernel->prepare(device));
      are_ready = are_ready && is_ready;
    }
    SHOAL_TRY_SET(const bool counts_ready, primitives::prepare_histogram(device, bins));
    SHOAL_TRY_SET(const bool fold_ready, primitives::prepare_fold(device, maximum));
    SHOAL_TRY_SET(const bool random_ready, primitives::prepare_random_numbers(device));
    return are_ready && counts_ready && fold_ready && random_ready;
  }));

  gpu::Frame begin(device, "points");
  SHOAL_TRY(
      primitives::random_numbers(begin, {.seed = 1, .are_floats = true, .count = points * 4, .result = random}));
  shape.run(begin, "shape", bytes * 7, points, {random, xs, ys, ages});
  begin.submit();
  SHOAL_TRY(gpu->pump(false));
  while (device.profiler.is_waiting()) SHOAL_TRY(gpu->pump(true));
  device.profiler.reset();

  gpu::Ticket shown = 0, counted = 0;
  float window[4] = {};
  for (u32 i = 0; i < frames; ++i) {
    // What the host says a frame: 16 bytes. A window of ages that moves on.
    window[0] = 0.7f * static_cast<float>(i) / static_cast<float>(frames);
    window[1] = window[0] + 0.3f;
    device.recorder.write(filter, std::as_bytes(std::span(window)));
    gpu::Frame frame(device, "frame");
    bin.run(frame, "bin the points", bytes * 4, points, {xs, ys, ages, filter, codes});
    SHOAL_TRY(primitives::histogram(frame, {.options = bins, .values = codes, .count = points, .counts = counts}));
    SHOAL_TRY(primitives::fold(frame, {.options = maximum, .values = counts, .count = kBins, .result = brightest}));
    shade.run(frame, "shade", u64{kBins} * 8, kBins, {counts, brightest, pixels});
    copy.run(frame, "plain copy", bytes * 2, points / 4, {xs, codes});
    if (i + 1 == frames) {
      shown = frame.read(pixels);
      counted = frame.read(counts);
    }
    frame.submit();
    SHOAL_TRY(gpu->pump(false));
  }
  SHOAL_TRY_SET(const std::vector<std::byte> pixel_bytes, gpu->wait_for(shown));
  SHOAL_TRY_SET(const std::vector<std::byte> count_bytes, gpu->wait_for(counted));
  while (device.profiler.is_waiting()) SHOAL_TRY(gpu->pump(true));
  print_steps(device);
  if (picture != nullptr) write_picture(picture, as<u32>(pixel_bytes));

  // The last frame once more on the CPU.
  gpu::Frame end(device, "check");
  const gpu::Ticket tickets[] = {end.read(xs), end.read(ys), end.read(ages)};
  end.submit();
  std::vector<float> point[3];
  for (int i = 0; i < 3; ++i) {
    SHOAL_TRY_SET(const std::vector<std::byte> part, gpu->wait_for(tickets[i]));
    point[i] = as<float>(part);
  }
  std::vector<u32> wanted(kBins);
  u64 kept = 0;
  for (u32 i = 0; i < points; ++i) {
    if (point[2][i] < window[0] || point[2][i] >= window[1]) continue;
    ++wanted[static_cast<u32>(point[1][i] * kHeight) * kWidth + static_cast<u32>(point[0][i] * kWidth)];
    ++kept;
  }
  if (as<u32>(count_bytes) != wanted)
    return fail(ErrorCode::kInternal, "The CPU counts other points in other bins.");
  std::printf("right: %llu of %u points drawn\n", static_cast<unsigned long long>(kept), points);
  return {};
}

}  // namespace

int main(int argc, char** argv) {
  const auto number = [&](int index, u32 otherwise) {
    return argc > index ? static_cast<u32>(std::max(1, std::atoi(argv[index]))) : otherwise;
  };
  const Result<void> done = run(align_up(number(1, 10'000'000), 4u), number(2, 60), argc > 3 ? argv[3] : nullptr);
  if (!done) std::fprintf(stderr, "%s\n", done.error().message().c_str());
  return done ? 0 : 1;
}
