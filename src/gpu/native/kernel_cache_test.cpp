// Kernels found again by their text, and what is said of one that does not compile.
#include "gpu/kernel_cache.h"

#include <gtest/gtest.h>

#include "gpu/native/native_gpu.h"

namespace shoal::gpu {
namespace {

constexpr std::string_view kSlots[] = {"value"};
constexpr wgsl::EntryPoint kEntryPoints[] = {
    {.name = "fill", .stage = wgsl::Stage::kCompute, .workgroup_size = {1, 1, 1}}};
constexpr wgsl::Binding kBindings[] = {
    {.group = 0, .binding = 0, .kind = wgsl::BindingKind::kStorageReadWrite, .name = "words", .min_size_bytes = 4}};
constexpr wgsl::KernelTemplate kFill = {.name = "fill",
                                        .text =
                                            "@group(0) @binding(0) var<storage, read_write> words: array<u32>;\n"
                                            "//@slot value\n"
                                            "@compute @workgroup_size(1) fn fill() { words[0] = value(); }\n",
                                        .slots = kSlots,
                                        .bindings = kBindings,
                                        .entry_points = kEntryPoints};

class KernelCacheTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = NativeGpu::open("software", Tier::kMinimum, {});
    ASSERT_TRUE(opened) << opened.error().message();
    gpu_ = std::move(*opened);
  }
  const Kernel* get(std::string_view program) {
    const auto kernel = gpu_->device().kernels.get(gpu_->device().recorder, {.kernel = &kFill, .program = program});
    EXPECT_TRUE(kernel) << kernel.error().message();
    return kernel ? *kernel : nullptr;
  }
  std::unique_ptr<NativeGpu> gpu_;
};

TEST_F(KernelCacheTest, CompilesATextOnce) {
  const Kernel* one = get("fn value() -> u32 { return 1u; }");
  EXPECT_EQ(get("fn value() -> u32 { return 1u; }"), one);
  EXPECT_NE(get("fn value() -> u32 { return 2u; }"), one);
  EXPECT_FALSE(one->is_ready());
  while (gpu_->device().kernels.is_compiling()) ASSERT_TRUE(gpu_->pump(true));
  EXPECT_TRUE(one->is_ready());
  get("fn value() -> u32 { return 1u; }");
  EXPECT_TRUE(gpu_->device().recorder.empty());
}

TEST_F(KernelCacheTest, SaysWhichKernelDoesNotCompileAndWhere) {
  const Kernel* kernel = get("fn value() -> u32 { return 1.5; }");
  Result<void> pumped;
  while (pumped && kernel->state == Kernel::State::kCompiling) pumped = gpu_->pump(true);
  ASSERT_FALSE(pumped);
  EXPECT_EQ(pumped.error().code, ErrorCode::kDevice);
  const std::string message = pumped.error().message();
  EXPECT_NE(message.find("The kernel 'fill' did not compile: "), std::string::npos) << message;
  EXPECT_NE(message.find("return 1.5;"), std::string::npos) << message;
  EXPECT_EQ(kernel->state, Kernel::State::kFailed);
}

}  // namespace
}  // namespace shoal::gpu
