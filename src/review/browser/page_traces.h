// The traces of a page's threads as they come: one file for each that uses WebGPU.
#pragma once

#include <fstream>
#include <map>
#include <string>
#include <string_view>

#include "base/int.h"
#include "review/recorded_trace.h"

namespace shoal::review {

class PageTraces {
 public:
  explicit PageTraces(std::string out) : out_(std::move(out)) {}
  ~PageTraces();  // what was not finished is gone
  PageTraces(const PageTraces&) = delete;
  PageTraces& operator=(const PageTraces&) = delete;

  // Takes "REALM FRAMES BASE64" of a recorder in `session`; what is not that comes from the page and is left out.
  // Errors: kIo where it cannot be written.
  Result<void> take(const std::string& session, std::string_view text);

  // The most frames that one thread has ended.
  u32 frames() const { return frames_; }
  bool is_empty() const { return files_.empty(); }

  // OUT, and OUT.2, OUT.3 for further threads.
  Result<void> finish(RecordReport& report);

 private:
  struct File {
    std::string path;
    std::ofstream stream;
  };

  std::string out_;
  std::map<std::string, size_t> numbers_;  // by session and realm
  std::vector<File> files_;
  u32 frames_ = 0;
};

}  // namespace shoal::review
