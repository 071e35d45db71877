// Every variant of every kernel of this layer compiles, also those that no program of the tree asks for yet.
#include <algorithm>

#include <gtest/gtest.h>

#include "gpu/native/native_gpu.h"
#include "primitives/array_elements.kernel.h"
#include "primitives/array_points.kernel.h"
#include "primitives/density/density.kernel.h"
#include "primitives/float_sum/float_sum.kernel.h"
#include "primitives/reduce/reduce.kernel.h"
#include "primitives/reduce/reduce_merge.kernel.h"
#include "primitives/used_codes/used_codes.kernel.h"

namespace shoal::primitives {
namespace {

std::vector<std::string_view> features_of(const wgsl::Kernel& kernel, size_t mask) {
  std::vector<std::string_view> features;
  for (size_t i = 0; i < kernel.feature_names.size(); ++i) {
    if (((mask >> i) & 1) == 1) features.push_back(kernel.feature_names[i]);
  }
  return features;
}

TEST(Kernels, CompileInEveryVariant) {
  const auto gpu = gpu::NativeGpu::open("software", gpu::Tier::kFull, {});
  ASSERT_TRUE(gpu) << gpu.error().message();
  gpu::Device& device = (*gpu)->device();
  ASSERT_TRUE(device.capabilities.features.subgroups);
  const auto request = [&](const wgsl::Kernel& kernel, const wgsl::Kernel* programs) {
    for (size_t mask = 0; mask < kernel.variants.size(); ++mask) {
      const std::vector<std::string_view> features = features_of(kernel, mask);
      const size_t program_variants = programs == nullptr ? 1 : programs->variants.size();
      for (size_t program_mask = 0; program_mask < program_variants; ++program_mask) {
        gpu::KernelRequest wanted{.kernel = kernel.variants[mask]};
        if (programs != nullptr) {
          const std::vector<std::string_view> asked = features_of(*programs, program_mask);
          // Both sides of a slot agree on how wide an element is.
          if (std::ranges::count(asked, "wide") != std::ranges::count(features, "wide")) continue;
          wanted.program = programs->variants[program_mask]->text;
          wanted.program_bindings = programs->variants[program_mask]->bindings;
        }
        const auto compiled = device.kernels.get(device.recorder, wanted);
        ASSERT_TRUE(compiled) << compiled.error().message();
        while (!(*compiled)->is_ready()) {
          const auto pumped = (*gpu)->pump(true);
          ASSERT_TRUE(pumped) << kernel.name << ", variant " << mask << ": " << pumped.error().message();
        }
      }
    }
  };
  request(density_kernel(), &array_points_kernel());
  request(float_sum_kernel(), &array_elements_kernel());
  request(reduce_kernel(), &array_elements_kernel());
  request(used_codes_kernel(), &array_elements_kernel());
  request(reduce_merge_kernel(), nullptr);
}

}  // namespace
}  // namespace shoal::primitives
