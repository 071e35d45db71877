// What the tests of primitives share: one device a tier, arrays up and down, a frame run to its end.
#pragma once

#include <functional>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gpu/count.h"
#include "gpu/native/native_gpu.h"
#include "primitives/sanitizer/sanitizer.h"

namespace shoal::primitives {

// What an array holds before anything is written to it: a stray write shows.
inline constexpr u32 kUntouched = 0xa5a5a5a5u;

// Where tests of this layer run: SHOAL_TEST_ADAPTER, as `--adapter` names one; else the software adapter.
std::string test_adapter();

using Random = std::independent_bits_engine<std::mt19937_64, 32, u32>;

class PrimitiveTest : public testing::TestWithParam<gpu::Tier> {
 protected:
  void SetUp() override;
  // Destroys the arrays of the test and gives the device its own capabilities back; it and its kernels stay for the
  // next one. Fails the test where a kernel wrote outside of its arrays.
  void TearDown() override;

  gpu::Device& device() { return gpu_->device(); }

  // An array of these words, ended at a multiple of 16 bytes with ones.
  gpu::View upload(std::span<const u32> words);
  // Of 64-bit elements as two words, or of their low words.
  gpu::View upload(std::span<const u64> elements, bool wide);
  // A struct of parameters.
  template <class Params>
  gpu::View upload_uniform(const Params& params) {
    using enum gpu::BufferUsage;
    return uploaded(std::as_bytes(std::span(&params, 1)), kUniform | kCopyDst);
  }
  // So many untouched words, rounded up to a multiple of 16 bytes and one more.
  gpu::View untouched(u64 words);
  // `on_gpu`: a word in the middle of a buffer.
  gpu::Count count_of(u32 count, bool on_gpu);

  // Until `prepare` says true.
  void wait_until(const std::function<Result<bool>()>& prepare);
  // Records a frame and waits for its end; what `record` returns must be a success.
  void run(const std::function<Result<void>(gpu::Frame&)>& record);
  // The error's message, after a frame whose recording must fail.
  std::string refusal(const std::function<Result<void>(gpu::Frame&)>& record);
  std::vector<u32> download(const gpu::View& view);
  // What the sanitizer found since the last time.
  Result<void> writes_outside();

  // Names of commands recorded by a second call that make something: none in a steady frame.
  std::vector<std::string> creations_of_second(const std::function<Result<void>(gpu::Frame&)>& record);

 private:
  gpu::View uploaded(std::span<const std::byte> bytes, gpu::BufferUsage usage);

  // Both live from test to test.
  gpu::NativeGpu* gpu_ = nullptr;
  Sanitizer* sanitizer_ = nullptr;
  std::vector<u32> buffers_;
  gpu::Capabilities capabilities_;
};

// The first `count` of `words` as elements; after them everything must be untouched.
std::vector<u64> elements_of(std::span<const u32> words, size_t count, bool wide);

// 0, 1 and around 4, 128, 256, 1,024 and 4,096: rows, workgroups and strips of every kernel; `most` bounds them.
// A third of them where SHOAL_TEST_SIZES is "few".
std::vector<u32> boundary_sizes(u32 most);

}  // namespace shoal::primitives
