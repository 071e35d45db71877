// Writes the examples of all kernels into a folder, as Tint takes them: NAME.wgsl, and kernels.json with what a
// page needs to make pipelines of them. For tests: shoal_kernel_texts FOLDER
#include <algorithm>
#include <cstdio>
#include <filesystem>

#include <nlohmann/json.hpp>

#include "base/write_file.h"
#include "engine/kernel_examples.h"

namespace shoal::engine {
namespace {

using Json = nlohmann::ordered_json;

// In WebGPU's words.
const char* binding_type(wgsl::BindingKind kind) {
  switch (kind) {
    case wgsl::BindingKind::kStorageRead: return "read-only-storage";
    case wgsl::BindingKind::kStorageReadWrite: return "storage";
    default: return "uniform";
  }
}

Json bindings_of(const KernelExample& example) {
  Json bindings = Json::array();
  const auto add = [&](const wgsl::Binding& binding) {
    const bool is_uniform = binding.kind == wgsl::BindingKind::kUniform;
    bindings.push_back({{"group", binding.group},
                        {"binding", binding.binding},
                        {"type", binding_type(binding.kind)},
                        {"min_size_bytes", binding.min_size_bytes},
                        {"has_dynamic_offset", is_uniform && binding.group == example.dynamic_group}});
  };
  std::ranges::for_each(example.kernel->bindings, add);
  std::ranges::for_each(example.program_bindings, add);
  return bindings;
}

Result<void> write_examples(const std::string& folder) {
  SHOAL_TRY_SET(const std::vector<KernelExample> examples, kernel_examples());
  Json list = Json::array();
  for (const KernelExample& example : examples) {
    const std::string file = example.name + ".wgsl";
    SHOAL_TRY_SET(const std::string code, gpu::kernel_code(example.request(), gpu::ShaderTarget::kTint));
    SHOAL_TRY(write_text_file(folder + "/" + file, code));
    list.push_back({{"file", file},
                    {"entry_point", example.entry_point},
                    {"uses_subgroups", example.kernel->uses_subgroups},
                    {"bindings", bindings_of(example)}});
  }
  return write_text_file(folder + "/kernels.json", list.dump(1) + "\n");
}

}  // namespace
}  // namespace shoal::engine

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "Which folder? shoal_kernel_texts FOLDER\n");
    return 2;
  }
  std::error_code error;
  std::filesystem::remove_all(argv[1], error);
  std::filesystem::create_directories(argv[1], error);
  const auto written = shoal::engine::write_examples(argv[1]);
  if (!written) std::fprintf(stderr, "%s\n", written.error().message().c_str());
  return written ? 0 : 1;
}
