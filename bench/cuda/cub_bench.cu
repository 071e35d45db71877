// What CUB does on this card, to set `shoal bench` beside it: medians of device times at n elements, as JSON.
//   nvcc -O3 -std=c++17 -gencode=arch=compute_90a,code=sm_90a cub_bench.cu -o cub_bench && ./cub_bench 134217728
// Inputs are random words, the same on every run.
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>
#include <vector>

#include <cub/cub.cuh>

namespace {

constexpr int kRepetitions = 21;
constexpr int kPicture = 1000 * 600;

void check(cudaError_t status, const char* what) {
  if (status == cudaSuccess) return;
  std::fprintf(stderr, "%s failed: %s.\n", what, cudaGetErrorString(status));
  std::exit(1);
}

template <class T>
T* allocate(size_t count) {
  T* memory = nullptr;
  check(cudaMalloc(&memory, count * sizeof(T)), "cudaMalloc");
  return memory;
}

__device__ uint32_t hash(uint32_t value) {
  const uint32_t state = value * 747796405u + 2891336453u;
  const uint32_t word = ((state >> ((state >> 28) + 4)) ^ state) * 277803737u;
  return (word >> 22) ^ word;
}

__global__ void fill(uint32_t* words, uint32_t n) {
  for (uint32_t i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) words[i] = hash(i);
}

__global__ void fill_unit(float* values, const uint32_t* words, uint32_t n) {
  for (uint32_t i = blockIdx.x * blockDim.x + threadIdx.x; i < n; i += gridDim.x * blockDim.x) {
    values[i] = static_cast<float>(words[i] >> 8) * 0x1p-24f;
  }
}

// 16 bits of x below 16 bits of y, as in shoal's benchmark.
__global__ void density(const uint4* points, uint32_t* picture, uint32_t quads) {
  const auto add = [picture](uint32_t point) {
    const uint32_t x = ((point & 0xffffu) * 1000u) >> 16, y = ((point >> 16) * 600u) >> 16;
    atomicAdd(&picture[y * 1000 + x], 1u);
  };
  for (uint32_t i = blockIdx.x * blockDim.x + threadIdx.x; i < quads; i += gridDim.x * blockDim.x) {
    const uint4 four = points[i];
    add(four.x);
    add(four.y);
    add(four.z);
    add(four.w);
  }
}

struct IsOdd {
  __device__ bool operator()(uint32_t word) const { return (word & 1u) != 0; }
};

double median_ms(const std::function<void()>& run) {
  cudaEvent_t begin, end;
  check(cudaEventCreate(&begin), "cudaEventCreate");
  check(cudaEventCreate(&end), "cudaEventCreate");
  std::vector<float> times;
  for (int i = 0; i <= kRepetitions; ++i) {
    check(cudaEventRecord(begin), "cudaEventRecord");
    run();
    check(cudaEventRecord(end), "cudaEventRecord");
    check(cudaEventSynchronize(end), "A kernel");
    float ms = 0;
    check(cudaEventElapsedTime(&ms, begin, end), "cudaEventElapsedTime");
    if (i > 0) times.push_back(ms);  // the first warms up
  }
  std::sort(times.begin(), times.end());
  return times[times.size() / 2];
}

class Report {
 public:
  explicit Report(uint32_t n) : n_(n) {}
  ~Report() { std::printf("%s\n]\n", is_first_ ? "[" : ""); }

  void add(const char* name, double bytes_per_element, const std::function<void()>& run) {
    const double ms = median_ms(run);
    std::printf("%s\n  {\"name\": \"%s\", \"n\": %u, \"ms\": %.4f, \"elements_per_ns\": %.3f, \"bytes\": %.0f}",
                is_first_ ? "[" : ",", name, n_, ms, n_ / ms / 1e6, bytes_per_element * n_);
    is_first_ = false;
  }

  // CUB asks twice: for the size of its scratch, then for the work.
  void add_cub(const char* name, double bytes_per_element, const std::function<cudaError_t(void*, size_t&)>& call) {
    size_t scratch_bytes = 0;
    check(call(nullptr, scratch_bytes), name);
    void* const scratch = allocate<char>(std::max<size_t>(scratch_bytes, 1));
    add(name, bytes_per_element, [&] { check(call(scratch, scratch_bytes), name); });
    check(cudaFree(scratch), "cudaFree");
  }

 private:
  uint32_t n_;
  bool is_first_ = true;
};

}  // namespace

int main(int argc, char** argv) {
  const uint32_t n = argc > 1 ? static_cast<uint32_t>(std::strtoul(argv[1], nullptr, 10)) : 1u << 27;
  uint32_t* const words = allocate<uint32_t>(n);
  uint32_t* const out = allocate<uint32_t>(n);
  uint32_t* const values = allocate<uint32_t>(n);
  uint32_t* const values_out = allocate<uint32_t>(n);
  uint32_t* const picture = allocate<uint32_t>(kPicture);
  uint32_t* const counts = allocate<uint32_t>(256);
  float* const unit = reinterpret_cast<float*>(values);
  fill<<<4096, 256>>>(words, n);
  check(cudaMemset(picture, 0, kPicture * 4), "cudaMemset");

  Report report(n);
  report.add("copy", 8, [&] { check(cudaMemcpyAsync(out, words, size_t{n} * 4, cudaMemcpyDeviceToDevice), "copy"); });
  report.add_cub("reduce", 4, [&](void* scratch, size_t& bytes) { return cub::DeviceReduce::Sum(scratch, bytes, words, out, n); });
  report.add_cub("reduce_f32", 4, [&](void* scratch, size_t& bytes) {
    return cub::DeviceReduce::Sum(scratch, bytes, reinterpret_cast<float*>(words), reinterpret_cast<float*>(out), n);
  });
  report.add_cub("scan", 8, [&](void* scratch, size_t& bytes) { return cub::DeviceScan::ExclusiveSum(scratch, bytes, words, out, n); });
  report.add_cub("compact", 6, [&](void* scratch, size_t& bytes) {
    return cub::DeviceSelect::If(scratch, bytes, words, out, counts, n, IsOdd());
  });
  report.add_cub("sort", 32, [&](void* scratch, size_t& bytes) { return cub::DeviceRadixSort::SortKeys(scratch, bytes, words, out, n); });
  report.add_cub("sort_pairs", 64, [&](void* scratch, size_t& bytes) {
    return cub::DeviceRadixSort::SortPairs(scratch, bytes, words, out, values, values_out, n);
  });
  report.add_cub("histogram_256_u8", 1, [&](void* scratch, size_t& bytes) {
    return cub::DeviceHistogram::HistogramEven(scratch, bytes, reinterpret_cast<uint8_t*>(words), counts, 257, 0, 256, static_cast<int>(n));
  });
  fill_unit<<<4096, 256>>>(unit, words, n);
  report.add_cub("histogram_256_f32", 4, [&](void* scratch, size_t& bytes) {
    return cub::DeviceHistogram::HistogramEven(scratch, bytes, unit, counts, 257, 0.0f, 1.0f, static_cast<int>(n));
  });
  report.add("density", 4, [&] { density<<<2112, 256>>>(reinterpret_cast<const uint4*>(words), picture, n / 4); });
  return 0;
}
