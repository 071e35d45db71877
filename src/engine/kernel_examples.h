// Every kernel of every layer in every variant that differs, with programs in its slots that between them use all
// that a program can say: what any compiler of WGSL must take without a word.
#pragma once

#include <string>
#include <vector>

#include "gpu/kernel_cache.h"

namespace shoal::engine {

struct KernelExample {
  std::string name;  // kernel, its features, the program: of letters that a file's name may have
  const wgsl::KernelTemplate* kernel = nullptr;
  std::string_view entry_point = {};
  std::string program = {};
  std::span<const wgsl::Binding> program_bindings = {};
  u32 dynamic_group = 0xffffffffu;

  gpu::KernelRequest request() const {
    return {.kernel = kernel,
            .program = program,
            .program_bindings = program_bindings,
            .dynamic_group = dynamic_group,
            .entry_point = entry_point};
  }
};

// Errors: kInternal for a kernel whose slots no program here fills, for a program that fills none, and for a part
// of filters that none of the examples has.
Result<std::vector<KernelExample>> kernel_examples();

}  // namespace shoal::engine
