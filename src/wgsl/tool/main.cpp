// shoal_wgsl: the build's side of WGSL.
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "wgsl/tool/files.h"
#include "wgsl/tool/kernel_writer.h"

namespace shoal::wgsl {
namespace {

constexpr std::string_view kUsage = R"(usage:
  shoal_wgsl kernel SRC_DIR KERNEL.wgsl OUT_DIR DEPFILE   embed a kernel: OUT_DIR/KERNEL.kernel.{h,cpp}
  shoal_wgsl flatten SRC_DIR KERNEL.wgsl [FEATURE...]     print one variant of a kernel
  shoal_wgsl layouts SRC_DIR [--check]                    write (or check) every *_layout.gen.h
KERNEL.wgsl is given from SRC_DIR on, the root of `package::`.
)";

constexpr int kDone = 0;
constexpr int kFailed = 1;
constexpr int kWrongUsage = 2;

int report(const Result<void>& result) {
  if (result) return kDone;
  fmt::print(stderr, "{}\n", result.error().message());
  return kFailed;
}

// Ninja and Make read a space in a path only when it is escaped.
std::string depfile_path(const std::filesystem::path& path) {
  std::string escaped;
  for (char c : path.string()) {
    if (c == ' ' || c == '#') escaped += '\\';
    if (c == '$') escaped += '$';
    escaped += c;
  }
  return escaped;
}

Result<void> embed_kernel(const std::filesystem::path& root, const std::string& kernel,
                          const std::filesystem::path& out, const std::filesystem::path& depfile) {
  SHOAL_TRY_SET(KernelCode code, write_kernel(kernel, read_below(root)));
  std::filesystem::path stem = out / std::filesystem::path(kernel).replace_extension();
  std::filesystem::path source = stem;
  source += ".kernel.cpp";
  std::filesystem::path header = stem;
  header += ".kernel.h";
  SHOAL_TRY(write_text_file(header, code.header));
  SHOAL_TRY(write_text_file(source, code.source));
  std::string dependencies = depfile_path(source) + ":";
  for (const std::string& file : code.files) dependencies += " " + depfile_path(root / file);
  return write_text_file(depfile, dependencies + "\n");
}

Result<void> print_variant(const std::filesystem::path& root, const std::string& kernel,
                           const FeatureNames& enabled) {
  SHOAL_TRY_SET(Flattened flattened, flatten(kernel, enabled, read_below(root)));
  fmt::print("{}", flattened.text);
  return {};
}

int run(std::span<const std::string> arguments) {
  if (arguments.size() == 5 && arguments[0] == "kernel") {
    return report(embed_kernel(arguments[1], arguments[2], arguments[3], arguments[4]));
  }
  if (arguments.size() >= 3 && arguments[0] == "flatten") {
    return report(print_variant(arguments[1], arguments[2], {arguments.begin() + 3, arguments.end()}));
  }
  fmt::print(stderr, "{}", kUsage);
  return kWrongUsage;
}

}  // namespace
}  // namespace shoal::wgsl

int main(int argc, char** argv) {
  std::vector<std::string> arguments(argv + 1, argv + argc);
  return shoal::wgsl::run(arguments);
}
