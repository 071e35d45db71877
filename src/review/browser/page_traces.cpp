#include "review/browser/page_traces.h"

#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <vector>

#include "base/text.h"
#include "review/browser/base64.h"

namespace shoal::review {
namespace {

// A page that starts threads without end does not fill the folder.
constexpr size_t kMostFiles = 64;

}  // namespace

PageTraces::~PageTraces() {
  std::error_code error;
  for (const File& file : files_) std::filesystem::remove(file.path, error);
}

Result<void> PageTraces::take(const std::string& session, std::string_view text) {
  const size_t realm_end = text.find(' ');
  const size_t frames_end = realm_end == std::string_view::npos ? realm_end : text.find(' ', realm_end + 1);
  if (frames_end == std::string_view::npos) return {};
  const std::string_view frames_text = text.substr(realm_end + 1, frames_end - realm_end - 1);
  u32 frames = 0;
  const auto [end, status] = std::from_chars(frames_text.data(), frames_text.data() + frames_text.size(), frames);
  const std::optional<std::string> bytes = decode_base64(text.substr(frames_end + 1));
  if (status != std::errc{} || end != frames_text.data() + frames_text.size() || !bytes) return {};
  const std::string key = session + " " + std::string(text.substr(0, realm_end));
  auto found = numbers_.find(key);
  if (found == numbers_.end()) {
    if (files_.size() == kMostFiles) return {};
    found = numbers_.emplace(key, files_.size()).first;
    std::string path = fmt::format("{}.{}.recording.{}", out_, ::getpid(), files_.size() + 1);
    files_.push_back({path, std::ofstream(path, std::ios::binary)});
  }
  File& file = files_[found->second];
  file.stream.write(bytes->data(), static_cast<std::streamsize>(bytes->size()));
  file.stream.flush();  // what was said so far is there however this ends
  if (!file.stream) {
    return fail(ErrorCode::kIo,
                "{} cannot be written. See that its folder can be written to and the disk has room.",
                quote(file.path));
  }
  frames_ = std::max(frames_, frames);
  return {};
}

Result<void> PageTraces::finish(RecordReport& report) {
  for (size_t i = 0; i < files_.size(); ++i) {
    files_[i].stream.close();
    SHOAL_TRY(finish_trace(files_[i].path, i == 0 ? out_ : fmt::format("{}.{}", out_, i + 1), report));
  }
  files_.clear();
  return {};
}

}  // namespace shoal::review
