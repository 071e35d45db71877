// Every kernel that a build embeds compiles natively, in every variant and behind every kind of program.
#include "engine/kernel_examples.h"

#include <gtest/gtest.h>

#include "gpu/native/native_gpu.h"

namespace shoal::engine {
namespace {

void compile_all(gpu::Tier tier) {
  const auto examples = kernel_examples();
  ASSERT_TRUE(examples) << examples.error().message();
  const auto gpu = gpu::NativeGpu::open("software", tier, {});
  ASSERT_TRUE(gpu) << gpu.error().message();
  gpu::Device& device = (*gpu)->device();
  ASSERT_EQ(device.capabilities.features.subgroups, tier == gpu::Tier::kFull);
  size_t compiled = 0;
  for (const KernelExample& example : *examples) {
    if (example.kernel->uses_subgroups && tier == gpu::Tier::kMinimum) continue;
    const auto kernel = device.kernels.get(device.recorder, example.request());
    ASSERT_TRUE(kernel) << example.name << ": " << kernel.error().message();
    while (!(*kernel)->is_ready()) {
      const auto pumped = (*gpu)->pump(true);
      ASSERT_TRUE(pumped) << example.name << ": " << pumped.error().message();
    }
    ++compiled;
  }
  EXPECT_GE(compiled, 40u);
}

TEST(KernelExamples, CompileWithAllThatTheAdapterHas) { compile_all(gpu::Tier::kFull); }

TEST(KernelExamples, CompileWithDefaultLimitsAndWithoutSubgroups) { compile_all(gpu::Tier::kMinimum); }

}  // namespace
}  // namespace shoal::engine
