#include "cli/page_files.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "base/text.h"

namespace shoal::cli {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNeeded[] = {"index.html", "app.js", "worker.js", "core.wasm"};

constexpr int kBuildTreeDepth = 3;  // build/release/src/cli

bool is_page(const fs::path& folder) {
  std::error_code error;
  return fs::is_regular_file(folder / "index.html", error);
}

}  // namespace

Result<PageFiles> read_page(const std::string& folder) {
  std::error_code error;
  for (const char* name : kNeeded) {
    if (fs::is_regular_file(fs::path(folder) / name, error)) continue;
    return fail(ErrorCode::kNotFound, "The page in {} is not complete: {} is missing. Run ./dev web to build it.",
                quote(folder), name);
  }
  PageFiles files;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (!entry.is_regular_file(error)) continue;
    std::ifstream file(entry.path(), std::ios::binary);
    files[entry.path().filename().string()] = std::string(std::istreambuf_iterator<char>(file), {});
  }
  return files;
}

Result<std::string> find_page() {
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error).parent_path();
  const fs::path installed = (program / "../share/shoal/web").lexically_normal();
  if (is_page(installed)) return installed.string();
  // In a build tree the program lies some folders below build/, beside the page in build/web.
  fs::path above = program;
  for (int level = 0; level <= kBuildTreeDepth; ++level, above = above.parent_path()) {
    if (is_page(above / "web")) return (above / "web").string();
  }
  return fail(ErrorCode::kNotFound,
              "The explorer page is not built: there is none beside {}. Run ./dev web to build it.",
              quote(program.string()));
}

std::string content_type(const std::string& name) {
  static constexpr std::pair<std::string_view, const char*> kTypes[] = {
      {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},   {".svg", "image/svg+xml"},
      {".wasm", "application/wasm"},         {".map", "application/json"}};
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

}  // namespace shoal::cli
