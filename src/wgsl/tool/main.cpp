// shoal_wgsl: the build's side of WGSL.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "wgsl/tool/files.h"
#include "wgsl/tool/kernel_writer.h"
#include "wgsl/tool/layout_writer.h"

namespace shoal::wgsl {
namespace {

constexpr std::string_view kUsage = R"(usage:
  shoal_wgsl kernel SRC_DIR KERNEL.wgsl OUT_DIR DEPFILE [--compact]
                                                          embed a kernel: OUT_DIR/KERNEL.kernel.{h,cpp}
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
                          const std::filesystem::path& out, const std::filesystem::path& depfile, KernelText text) {
  SHOAL_TRY_SET(KernelCode code, write_kernel(kernel, read_below(root), text));
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

struct LayoutHeader {
  std::filesystem::path path;
  std::string text;  // empty: the file should not be there
};

// What every *_layout.gen.h below `root` should say, in the order of their paths.
Result<std::vector<LayoutHeader>> layout_headers(const std::filesystem::path& root) {
  std::error_code error;
  std::vector<std::filesystem::path> sources;
  for (auto file = std::filesystem::recursive_directory_iterator(root, error);
       file != std::filesystem::recursive_directory_iterator(); file.increment(error)) {
    if (file->path().extension() == ".wgsl") sources.push_back(file->path().lexically_relative(root));
  }
  if (error) return fail(ErrorCode::kIo, "Folder {} cannot be read: {}.", root.string(), error.message());
  std::ranges::sort(sources);
  std::vector<LayoutHeader> headers;
  for (const std::filesystem::path& source : sources) {
    SHOAL_TRY_SET(std::string text, write_layout_header(source.generic_string(), read_below(root)));
    std::filesystem::path header = root / source.parent_path() / (source.stem().string() + "_layout.gen.h");
    if (!text.empty() || std::filesystem::exists(header)) headers.push_back({std::move(header), std::move(text)});
  }
  return headers;
}

Result<void> write_layouts(const std::filesystem::path& root) {
  SHOAL_TRY_SET(std::vector<LayoutHeader> headers, layout_headers(root));
  for (const LayoutHeader& header : headers) {
    if (header.text.empty()) {
      std::filesystem::remove(header.path);
    } else {
      SHOAL_TRY(write_text_file(header.path, header.text));
    }
  }
  return {};
}

Result<void> check_layouts(const std::filesystem::path& root) {
  SHOAL_TRY_SET(std::vector<LayoutHeader> headers, layout_headers(root));
  for (const LayoutHeader& header : headers) {
    Result<std::string> present = read_text_file(header.path);
    if (present && *present == header.text && !header.text.empty()) continue;
    return fail(ErrorCode::kCorrupt, "{} is stale: its WGSL has changed. Run ./dev gen.", header.path.string());
  }
  return {};
}

int run(std::span<const std::string> arguments) {
  const bool is_compact = arguments.size() == 6 && arguments[5] == "--compact";
  if ((arguments.size() == 5 || is_compact) && arguments[0] == "kernel") {
    return report(embed_kernel(arguments[1], arguments[2], arguments[3], arguments[4],
                               is_compact ? KernelText::kCompact : KernelText::kAsWritten));
  }
  if (arguments.size() >= 3 && arguments[0] == "flatten") {
    return report(print_variant(arguments[1], arguments[2], {arguments.begin() + 3, arguments.end()}));
  }
  if (arguments.size() == 2 && arguments[0] == "layouts") return report(write_layouts(arguments[1]));
  if (arguments.size() == 3 && arguments[0] == "layouts" && arguments[2] == "--check") {
    return report(check_layouts(arguments[1]));
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
