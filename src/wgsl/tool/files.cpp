#include "wgsl/tool/files.h"

#include <fstream>
#include <iterator>

namespace shoal::wgsl {

Result<std::string> read_text_file(const std::filesystem::path& path) {
  std::error_code error;
  if (!std::filesystem::is_regular_file(path, error)) {
    return fail(ErrorCode::kNotFound, "File {} is not there.", path.string());
  }
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  if (!file) return fail(ErrorCode::kIo, "File {} cannot be read.", path.string());
  return text;
}

Result<void> write_text_file(const std::filesystem::path& path, std::string_view text) {
  if (auto present = read_text_file(path); present && *present == text) return {};
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  std::filesystem::path beside = path;
  beside += ".tmp";
  std::ofstream file(beside, std::ios::binary);
  file.write(text.data(), static_cast<std::streamsize>(text.size()));
  file.close();
  if (file) std::filesystem::rename(beside, path, error);
  if (!file || error) {
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    return fail(ErrorCode::kIo, "File {} cannot be written{}{}.", path.string(), error ? ": " : "",
                error ? error.message() : std::string());
  }
  return {};
}

ReadSource read_below(std::filesystem::path root) {
  return [root = std::move(root)](std::string_view path) { return read_text_file(root / path); };
}

}  // namespace shoal::wgsl
