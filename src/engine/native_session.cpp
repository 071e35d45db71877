#include "engine/native_session.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "base/text.h"
#include "engine/table_filter.h"
#include "gpu/native/calibration.h"
#include "query/column_list.h"

namespace shoal::engine {
namespace {

constexpr u32 kMostStrings = 1u << 26;
// Raw pieces between decoder and encoding, of up to 8 MiB each: more were no faster and took twice the host memory.
constexpr u32 kPiecesAtOnce = 4;

// All that can be read for the empty text.
Result<std::vector<size_t>> columns_of(const table::Table& table, const std::string& names) {
  std::vector<size_t> columns;
  if (!names.empty()) {
    SHOAL_TRY_SET(columns, query::parse_columns(names, query_columns(table)));
    for (const size_t column : columns) SHOAL_TRY(table.find(table.columns()[column].source.name));
    return columns;
  }
  for (size_t column = 0; column < table.columns().size(); ++column) {
    if (table.columns()[column].source.unsupported.empty()) columns.push_back(column);
  }
  if (columns.empty()) return fail(ErrorCode::kUnsupported, "The file has no column that can be read.");
  return columns;
}

}  // namespace

// Nobody sees a picture before the last one.
NativeSession::NativeSession() : explorer_({.pieces_at_once = kPiecesAtOnce, .draws_partial = false}) {}

Result<std::unique_ptr<NativeSession>> NativeSession::open(const std::string& path, const SessionOptions& options) {
  const double begin = gpu::steady_ms();
  std::unique_ptr<NativeSession> session(new NativeSession);
  session->options_ = options;
  SHOAL_TRY_SET(session->file_, formats::open_file(path));
  SHOAL_TRY_SET(session->table_, table::Table::plan(*session->file_.source, kMostStrings));
  session->explorer_.open(session->table_);
  session->end_stage("open file", begin);
  return session;
}

void NativeSession::end_stage(std::string name, double begin_ms) {
  stages_.push_back({std::move(name), gpu::steady_ms() - begin_ms, begin_ms});
}

Result<void> NativeSession::open_adapter() {
  if (gpu_ != nullptr) return {};
  const double begin = gpu::steady_ms();
  SHOAL_TRY_SET(gpu_, gpu::NativeGpu::open(options_.adapter, options_.tier,
                                           {.memory_bytes = options_.memory_bytes, .profile = options_.profile}));
  if (!options_.trace.empty()) SHOAL_TRY(gpu_->save_trace(options_.trace));
  if (options_.timeline) gpu_->device().profiler.keep_runs();
  end_stage("open adapter", begin);
  return {};
}

template <class IsDone>
Result<void> NativeSession::drive(std::string then, IsDone&& is_done) {
  SHOAL_TRY(explorer_.follow_wishes());
  std::vector<size_t> missing;
  for (const size_t column : explorer_.columns()) {
    if (table_.columns()[column].chunks.size() < table_.chunks().size()) missing.push_back(column);
  }
  // Decoding begins before the adapter is open: both take about as long.
  NativeFeeder feeder(file_, table_.chunks(), missing, kMostStrings, missing.size() + kPiecesAtOnce);
  SHOAL_TRY(open_adapter());
  double begin = gpu::steady_ms();
  bool is_loading = true;
  for (;;) {
    bool has_moved = false;
    while (explorer_.has_room()) {
      SHOAL_TRY_SET(std::optional<table::RawPiece> piece, feeder.poll());
      if (!piece) break;
      SHOAL_TRY(explorer_.take(gpu_->device(), std::move(*piece)));
      has_moved = true;
    }
    SHOAL_TRY(explorer_.advance(gpu_->device()));
    for (table::RawPiece spare = explorer_.spare_piece(); spare.values.capacity() > 0;
         spare = explorer_.spare_piece()) {
      feeder.recycle(std::move(spare));
    }
    if (is_loading && explorer_.is_loaded()) {
      is_loading = false;
      end_stage("read, upload and encode", begin);
      begin = gpu::steady_ms();
    }
    SHOAL_TRY_SET(const bool is_over, is_done());
    if (is_over) break;
    // The adapter is waited for when only it can bring news, the decoders when only they can.
    const bool only_adapter = feeder.is_done() || !explorer_.has_room();
    SHOAL_TRY(gpu_->pump(only_adapter));
    if (!only_adapter && !has_moved) feeder.wait();
  }
  decode_ms_ += feeder.decode_ms();
  if (options_.timeline) std::ranges::move(feeder.spans(), std::back_inserter(decode_spans_));
  if (!then.empty()) end_stage(std::move(then), begin);
  return {};
}

Result<void> NativeSession::load(const std::vector<size_t>& columns) {
  explorer_.load(columns);
  return drive("", [this]() -> Result<bool> { return explorer_.is_loaded(); });
}

Result<QueryAnswer> NativeSession::query(const std::string& filter, const std::string& aggregates) {
  explorer_.ask({.id = 0, .filter = filter, .aggregates = aggregates});
  // What the file alone answers, errors among it, needs no adapter.
  SHOAL_TRY(explorer_.follow_wishes());
  std::optional<Answer> answer = explorer_.take_answer();
  if (!answer) {
    SHOAL_TRY(drive("aggregate", [&]() -> Result<bool> {
      answer = explorer_.take_answer();
      return answer.has_value();
    }));
  }
  return std::move(answer->result);
}

Result<RowsAnswer> NativeSession::rows(const RowsRequest& request) {
  if (request.limit == 0 || request.limit > query::RowsQuery::kMostRows) {
    return fail(ErrorCode::kInvalidArgument, "A query gives 1 to {} rows, and {} are asked for. Ask for as many.",
                group_thousands(query::RowsQuery::kMostRows), group_thousands(request.limit));
  }
  SHOAL_TRY_SET(std::vector<size_t> columns, columns_of(table_, request.columns));
  // What is wrong with the filter is said before anything is read.
  SHOAL_TRY_SET(const query::CompiledFilter compiled, compile_filter(table_, request.filter));
  std::vector<size_t> loaded = columns;
  loaded.insert(loaded.end(), compiled.columns.begin(), compiled.columns.end());
  SHOAL_TRY(load(loaded));

  SHOAL_TRY_SET(query::CompiledFilter filter, compile_filter(table_, request.filter));
  RowsAnswer answer{.columns = {}, .result = {}, .rows_scanned = table_.rows(), .rows_read = 0};
  for (const size_t column : columns) answer.columns.push_back(table_.columns()[column].source.name);
  query::BlocksToRead read = query::prune_blocks(table_, filter);
  answer.rows_read = read.rows;
  if (read.chunks.empty()) return answer;
  const double begin = gpu::steady_ms();
  SHOAL_TRY_SET(answer.result, pick_rows({.filter = std::move(filter),
                                          .read = std::move(read),
                                          .columns = std::move(columns),
                                          .limit = request.limit}));
  end_stage("pick rows", begin);
  return answer;
}

Result<query::RowsResult> NativeSession::pick_rows(query::RowsPlan plan) {
  gpu::Device& device = gpu_->device();
  query::RowsQuery query;
  SHOAL_TRY(query.begin(device, table_, std::move(plan)));
  while (!query.is_ready(device)) SHOAL_TRY(gpu_->pump(true));
  gpu::Frame frame(device, "rows");
  SHOAL_TRY(query.record(frame, table_));
  const gpu::Ticket ticket = frame.read(query.results());
  frame.submit();
  SHOAL_TRY_SET(const std::vector<std::byte> results, fetch(ticket));
  return query.finish(table_, results);
}

Result<std::vector<std::byte>> NativeSession::fetch(gpu::Ticket ticket) {
  gpu::ReadbackRing& readbacks = gpu_->device().readbacks;
  for (;;) {
    if (auto bytes = readbacks.take(ticket)) return *std::move(bytes);
    if (readbacks.has_failed(ticket)) {
      return fail(ErrorCode::kDevice, "A result did not come back from the adapter.");
    }
    SHOAL_TRY(gpu_->pump(true));
  }
}

Result<Picture> NativeSession::render(const DensityRequest& request, bool with_counts) {
  explorer_.wish(request);
  // What is wrong with it is said before anything is read.
  SHOAL_TRY(explorer_.follow_wishes());
  if (explorer_.filter_error()) return std::unexpected(*explorer_.filter_error());
  explorer_.redraw();
  const DensityView& view = explorer_.view();
  gpu::Ticket pixels = 0, counts = 0;
  SHOAL_TRY(drive("count and shade the rest", [&]() -> Result<bool> {
    if (explorer_.filter_error()) return std::unexpected(*explorer_.filter_error());
    if (explorer_.is_picture_due()) {
      gpu::Frame frame(gpu_->device(), "picture");
      explorer_.draw(frame);
      pixels = frame.read(view.shading().pixels());
      if (with_counts) counts = frame.read(view.query().counts());
      frame.submit();
    }
    return explorer_.status() == Explorer::Status::kReady;
  }));

  Picture picture{.guides = explorer_.guides().list,
                  .plot_area = explorer_.guides().plot,
                  .pixels = {},
                  .counts = {},
                  .bins_x = view.query().bins_x(),
                  .bins_y = view.query().bins_y(),
                  .tally = explorer_.numbers().tally,
                  .rows_total = table_.rows()};
  SHOAL_TRY_SET(const std::vector<std::byte> pixel_bytes, fetch(pixels));
  const u32 width = picture.plot_area.width, stride = view.shading().words_per_row();
  picture.pixels.resize(size_t{width} * picture.plot_area.height);
  for (u32 row = 0; row < picture.plot_area.height; ++row) {
    std::memcpy(picture.pixels.data() + size_t{row} * width, pixel_bytes.data() + size_t{row} * stride * 4,
                size_t{width} * 4);
  }
  if (with_counts) {
    SHOAL_TRY_SET(const std::vector<std::byte> count_bytes, fetch(counts));
    picture.counts.resize(view.query().bin_count());
    std::memcpy(picture.counts.data(), count_bytes.data(), picture.counts.size() * 4);
  }
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

Result<Profile> NativeSession::profile(const std::string& roofs_cache) {
  Profile profile;
  for (const Stage& stage : stages_) profile.spans.push_back({"host", stage.name, stage.begin_ms, stage.ms});
  std::ranges::copy(decode_spans_, std::back_inserter(profile.spans));
  if (gpu_ == nullptr) {
    profile.no_passes = "The answer needed no adapter.";
    return profile;
  }
  gpu::Device& device = gpu_->device();
  while (device.profiler.is_waiting()) SHOAL_TRY(gpu_->pump(true));
  profile.adapter = device.capabilities.name;
  profile.passes = device.profiler.times();
  std::ranges::sort(profile.passes, std::greater<>(), &gpu::PassTime::ms);
  profile.unmeasured = device.profiler.unmeasured();
  profile.runs = device.profiler.runs();
  if (!device.capabilities.features.timestamps) {
    profile.no_passes =
        fmt::format("The adapter {}{} has no timestamps, so its passes were not timed.", quote(profile.adapter),
                    device.capabilities.tier == gpu::Tier::kMinimum ? " with --tier minimum" : "");
    return profile;
  }
  // Measuring needs memory that a full adapter may not have; what was answered stands without.
  if (auto roofs = gpu::cached_roofs(*gpu_, roofs_cache)) {
    profile.roofs = *roofs;
  } else {
    profile.no_roofs = fmt::format("The adapter's roofs could not be measured: {}", roofs.error().message());
  }
  return profile;
}

}  // namespace shoal::engine
