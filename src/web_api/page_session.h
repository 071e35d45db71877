// One file shown on one canvas: an engine::Explorer whose wishes, bytes of the file and news come from a page.
// Everything happens in frame(): events of the GPU come in, what is due is recorded, and the page carries it out.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json_value.h"
#include "engine/explorer.h"
#include "gpu/device.h"
#include "web_api/page_file.h"
#include "web_api/page_state.h"

namespace shoal::web_api {

class PageSession {
 public:
  // `config`: {"adapter": {...}, "canvas": {...}, "memory_bytes", "tier"}, as web/src/messages.ts has it.
  explicit PageSession(std::string_view config);

  // One wish of the user, as JSON. Its effects show with the next frame.
  void command(std::string_view text);
  void on_file_bytes(u32 request, std::span<const std::byte> bytes);
  void on_file_failure(std::string_view message);

  struct Output {
    std::span<const u32> stream;
    std::span<const FileRequest> requests;
    std::string_view state;  // JSON, where it changed
    bool wants_frame = false;
  };
  // What it gives holds until the next call of anything.
  Output frame(std::span<const u32> events);

 private:
  void wish(const JsonValue& wish);
  Result<void> advance(std::span<const u32> events);
  Result<void> open_table();
  void take_ranges();
  Result<void> follow_wishes();
  Result<void> feed();
  Result<void> go_on();
  Result<void> tell(Result<std::optional<Error>> refusal);
  void draw();

  gpu::Device device_;
  engine::Explorer explorer_;
  std::optional<PageFile> file_;
  std::optional<table::Table> table_;
  // As a command's --x-range: read once the columns' types are known.
  struct Ranges {
    std::string x, y;
  };
  std::optional<Ranges> ranges_;
  PageState state_;
  bool has_told_ = false;    // state_.errors are of wishes that were followed
  u64 guides_laid_out_ = 0;  // as often as state_.guides shows
  std::vector<FileRequest> requests_;
  std::string state_json_;
};

}  // namespace shoal::web_api
