// One file shown on one canvas. Everything happens in frame(): events of the GPU come in, what is due is recorded,
// and the page carries it out. Nothing waits: what cannot go on in a frame goes on in the next.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/density_view.h"
#include "gpu/device.h"
#include "table/ingest.h"
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
  // What the user wants to see; what can be shown of it is the view's.
  struct Wishes {
    std::string x, y, filter;
    plot::Scheme scheme = plot::Scheme::kViridis;
    plot::ColorScale scale = plot::ColorScale::kCubeRoot;
    bool is_dark = false;
    u32 width = 1, height = 1;
    double guide_scale = 1;
    std::optional<plot::Domain> x_view, y_view;
  };
  // A picture that was said to the GPU and whose counts have not come back.
  struct Picture {
    gpu::Ticket tally = 0, extent = 0;
    std::optional<std::vector<std::byte>> tally_bytes, extent_bytes;
    bool is_complete = false;
    u64 request = 0;
  };
  // Where a drag began, since whole bands move and a step may be less than one.
  struct Drag {
    plot::Domain from;
    double share = 0;
  };

  Result<void> advance(std::span<const u32> events);
  Result<void> plan_table();
  Result<void> apply_wishes();
  Result<void> feed();
  Result<void> draw();
  void collect_pictures();
  void zoom(double x, double y, double factor);
  void pan(double dx, double dy);
  void describe();

  gpu::Device device_;
  Wishes wishes_;
  std::optional<PageFile> file_;
  std::optional<table::Table> table_;
  std::unique_ptr<table::Ingest> ingest_;
  engine::DensityView view_;
  std::optional<Drag> x_drag_, y_drag_;
  std::deque<Picture> pictures_;
  bool has_wished_ = false;    // since apply_wishes()
  bool has_progress_ = false;  // in this frame: the next one has something to do
  u64 request_ = 0;            // counts what was asked of the view
  u64 drawn_request_ = 0;      // the one of the last picture recorded, and of the last that came back
  u64 counted_request_ = 0;
  double largest_ = 0;
  PageState state_;
  std::vector<FileRequest> requests_;
  std::string state_json_;
};

}  // namespace shoal::web_api
