#include "engine/native_session.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "base/text.h"

namespace shoal::engine {
namespace {

constexpr u32 kMostStrings = 1u << 26;
constexpr u32 kPiecesAtOnce = 8;  // between upload and encoding; their raw bytes are on the GPU meanwhile

double now_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

Result<std::unique_ptr<NativeSession>> NativeSession::open(const std::string& path, const SessionOptions& options) {
  const double begin = now_ms();
  std::unique_ptr<NativeSession> session(new NativeSession);
  session->options_ = options;
  SHOAL_TRY_SET(session->file_, formats::open_file(path));
  SHOAL_TRY_SET(session->table_, table::Table::plan(*session->file_.source, kMostStrings));
  session->stages_.push_back({"open file", now_ms() - begin});
  return session;
}

Result<void> NativeSession::open_adapter() {
  if (gpu_ != nullptr) return {};
  const double begin = now_ms();
  SHOAL_TRY_SET(gpu_, gpu::NativeGpu::open(options_.adapter, options_.tier,
                                           {.memory_bytes = options_.memory_bytes, .profile = options_.profile}));
  if (!options_.trace.empty()) SHOAL_TRY(gpu_->save_trace(options_.trace));
  ingest_ = std::make_unique<table::Ingest>(gpu_->device(), table_, kPiecesAtOnce);
  stages_.push_back({"open adapter", now_ms() - begin});
  return {};
}

template <class OnProgress>
Result<void> NativeSession::feed(const std::vector<size_t>& columns, OnProgress&& on_progress) {
  std::vector<size_t> missing;
  for (const size_t column : columns) {
    if (table_.columns()[column].chunks.size() < table_.chunks().size()) missing.push_back(column);
  }
  if (missing.empty() && gpu_ != nullptr) return {};
  // Decoding begins before the adapter is open: both take about as long.
  NativeFeeder feeder(file_, table_.chunks(), missing, kMostStrings, missing.size() + kPiecesAtOnce);
  SHOAL_TRY(open_adapter());
  const double begin = now_ms();
  for (;;) {
    bool has_moved = false;
    while (ingest_->has_room()) {
      SHOAL_TRY_SET(std::optional<table::RawPiece> piece, feeder.poll());
      if (!piece) break;
      SHOAL_TRY(ingest_->take(std::move(*piece)));
      has_moved = true;
    }
    SHOAL_TRY(ingest_->advance());
    for (table::RawPiece spare = ingest_->spare_piece(); spare.values.capacity() > 0;
         spare = ingest_->spare_piece()) {
      feeder.recycle(std::move(spare));
    }
    SHOAL_TRY(on_progress());
    const bool is_fed = feeder.is_done();
    if (is_fed && ingest_->is_idle() && !has_moved) break;
    // The adapter is waited for when only it can bring news, the decoders when only they can.
    const bool only_adapter = is_fed || !ingest_->has_room();
    SHOAL_TRY(gpu_->pump(only_adapter));
    if (!only_adapter && !has_moved) feeder.wait();
  }
  decode_ms_ += feeder.decode_ms();
  stages_.push_back({"read, upload and encode", now_ms() - begin});
  return {};
}

Result<void> NativeSession::load(const std::vector<size_t>& columns) {
  return feed(columns, []() -> Result<void> { return {}; });
}

Result<std::vector<std::byte>> NativeSession::fetch(gpu::Ticket ticket) {
  for (;;) {
    if (auto bytes = gpu_->device().readbacks.take(ticket)) return *std::move(bytes);
    if (gpu_->device().readbacks.has_failed(ticket)) {
      return fail(ErrorCode::kDevice, "A result did not come back from the adapter.");
    }
    SHOAL_TRY(gpu_->pump(true));
  }
}

Result<Picture> NativeSession::render(const DensityRequest& request, bool with_counts) {
  DensityView& view = view_;
  SHOAL_TRY(view.request(table_, request));
  const auto count = [&]() -> Result<void> {
    gpu::Device& device = gpu_->device();
    SHOAL_TRY(view.update(device, table_));
    if (!view.is_ready() || !view.has_new_chunks(table_)) return {};
    gpu::Frame frame(device, "density");
    view.record(frame, table_, false);
    frame.submit();
    return {};
  };
  SHOAL_TRY(feed(view.columns(), count));

  const double begin = now_ms();
  gpu::Device& device = gpu_->device();
  SHOAL_TRY(view.update(device, table_));
  while (!view.is_ready()) SHOAL_TRY(gpu_->pump(true));
  gpu::Frame frame(device, "picture");
  view.record(frame, table_, true);
  const gpu::Ticket tally = frame.read(view.query().tally());
  const gpu::Ticket extent = frame.read(view.shading().extent());
  const gpu::Ticket pixels = frame.read(view.shading().pixels());
  const gpu::Ticket counts = with_counts ? frame.read(view.query().counts()) : 0;
  frame.submit();

  Picture picture;
  SHOAL_TRY_SET(const auto tally_bytes, fetch(tally));
  SHOAL_TRY_SET(const auto extent_bytes, fetch(extent));
  SHOAL_TRY_SET(const auto pixel_bytes, fetch(pixels));
  picture.tally = query::DensityQuery::read_tally(tally_bytes);
  picture.rows_total = table_.rows();
  picture.bins_x = view.query().bins_x();
  picture.bins_y = view.query().bins_y();
  if (with_counts) {
    SHOAL_TRY_SET(const auto count_bytes, fetch(counts));
    picture.counts.resize(view.query().bin_count());
    std::memcpy(picture.counts.data(), count_bytes.data(), picture.counts.size() * 4);
  }
  const std::string caption = fmt::format("{} of {} rows, exact", group_thousands(picture.tally.drawn),
                                          group_thousands(picture.rows_total));
  plot::GuideLayout layout = view.guides(table_, static_cast<double>(plot::largest_value(extent_bytes)), caption);
  picture.guides = std::move(layout.list);
  picture.plot_area = layout.plot;
  const u32 width = picture.plot_area.width, stride = view.shading().words_per_row();
  picture.pixels.resize(size_t{width} * picture.plot_area.height);
  for (u32 row = 0; row < picture.plot_area.height; ++row) {
    std::memcpy(picture.pixels.data() + size_t{row} * width, pixel_bytes.data() + size_t{row} * stride * 4,
                size_t{width} * 4);
  }
  stages_.push_back({"count and shade the rest", now_ms() - begin});
  SHOAL_TRY(gpu_->finish_trace());
  return picture;
}

std::vector<Stage> NativeSession::stages() {
  std::vector<Stage> all = stages_;
  if (decode_ms_ > 0) all.push_back({"decoding, all threads", decode_ms_});
  if (gpu_ == nullptr) return all;
  gpu::Device& device = gpu_->device();
  for (const gpu::PassTime& pass : device.profiler.times()) all.push_back({"gpu: " + pass.label, pass.ms});
  return all;
}

}  // namespace shoal::engine
