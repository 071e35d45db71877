// A folder that goes with its contents.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "base/result.h"
#include "base/text.h"

namespace shoal::review {

class TemporaryFolder {
 public:
  // Errors: kIo where there is no room for one.
  static Result<TemporaryFolder> make(const std::string& name) {
    const auto above = std::filesystem::temp_directory_path();
    std::string path = (above / (name + "-XXXXXX")).string();
    if (mkdtemp(path.data()) == nullptr) {
      return fail(ErrorCode::kIo, "No folder can be made in {}. Set TMPDIR to one that can be written.",
                  quote(above.string()));
    }
    return TemporaryFolder(std::move(path));
  }
  TemporaryFolder(TemporaryFolder&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryFolder& operator=(TemporaryFolder&&) = delete;
  ~TemporaryFolder() {
    std::error_code error;
    if (!path_.empty()) std::filesystem::remove_all(path_, error);
  }

  const std::string& path() const { return path_; }

 private:
  explicit TemporaryFolder(std::string path) : path_(std::move(path)) {}

  std::string path_;
};

}  // namespace shoal::review
