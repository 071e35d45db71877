// Writes a whole file or none of it: beside its final place first, then renamed. Native only.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/int.h"
#include "base/result.h"

namespace shoal {

// A file that is written piece by piece and takes its place in one step, by commit(). Without commit() nothing is
// left; only a process that dies leaves `PATH.XXXXXX`. A file that is there is replaced and keeps its permissions;
// through a symbolic link its target is. What is no regular file (/dev/stdout, a pipe) is written to. Errors: kIo,
// with the name and what to do; the file is then as it was.
class OutputFile {
 public:
  static Result<OutputFile> create(const std::string& path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&&) = delete;
  ~OutputFile();

  // Handed to the operating system when it returns: it survives the process, not the machine.
  Result<void> append(std::span<const u8> bytes);
  Result<void> commit();

 private:
  OutputFile() = default;

  int file_ = -1;
  std::string path_;    // as the caller wrote it
  std::string target_;  // empty: written to directly
  std::string beside_;
  unsigned mode_ = 0;
};

Result<void> write_file(const std::string& path, std::span<const u8> bytes);
Result<void> write_text_file(const std::string& path, std::string_view text);

}  // namespace shoal
