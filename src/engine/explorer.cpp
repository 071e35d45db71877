#include "engine/explorer.h"

#include <algorithm>

#include "base/text.h"

namespace shoal::engine {
namespace {

bool is_number(const table::SourceColumn& column) {
  return column.type.kind != table::TypeKind::kString && column.type.kind != table::TypeKind::kBoolean;
}

// Chunks in which all of these columns are in.
size_t chunks_in(const table::Table& table, const std::vector<size_t>& columns) {
  size_t chunks = table.chunks().size();
  for (const size_t column : columns) chunks = std::min(chunks, table.columns()[column].chunks.size());
  return chunks;
}

void add_columns(std::vector<size_t>& columns, const std::vector<size_t>& more) {
  for (const size_t column : more) {
    if (std::ranges::count(columns, column) == 0) columns.push_back(column);
  }
}

}  // namespace

void Explorer::open(table::Table& table) {
  table_ = &table;
  has_wished_ = true;
}

void Explorer::end_drag() {
  x_drag_.end();
  y_drag_.end();
}

void Explorer::wish(DensityRequest wanted) {
  wished_ = std::move(wanted);
  has_wished_ = true;
  end_drag();
}

void Explorer::show(const std::string& x, const std::string& y) {
  DensityRequest wanted = wished_;
  const auto change = [](std::string& column, AxisView& view, const std::string& name) {
    if (name.empty() || name == column) return;
    column = name;
    view.reset();
  };
  change(wanted.x, wanted.x_view, x);
  change(wanted.y, wanted.y_view, y);
  wish(std::move(wanted));
}

Result<std::vector<Error>> Explorer::choose_axes(std::string_view name) {
  std::vector<size_t> numbers, others;
  for (size_t i = 0; i < table_->columns().size(); ++i) {
    const table::SourceColumn& column = table_->columns()[i].source;
    if (column.unsupported.empty()) (is_number(column) ? numbers : others).push_back(i);
  }
  if (numbers.empty() && others.empty()) {
    for (const std::string& wish : {wished_.x, wished_.y}) {
      if (!wish.empty()) SHOAL_TRY(table_->find(wish));
    }
    return fail(ErrorCode::kUnsupported, "{} has no column that can be drawn.{}", quote(name),
                table_->columns().empty() ? "" : " " + table_->columns()[0].source.unsupported);
  }
  std::vector<Error> wrong;
  const auto axis = [&](const std::string& wish, const std::string& otherwise) {
    auto found = table_->find(wish);
    if (found) return wish;
    if (!wish.empty()) wrong.push_back(std::move(found).error());
    return otherwise;
  };
  const auto name_of = [&](const std::vector<size_t>& columns, size_t which) {
    return table_->columns()[columns[std::min(which, columns.size() - 1)]].source.name;
  };
  // Numbers can be drawn whatever their rows hold.
  const std::vector<size_t>& safe = numbers.empty() ? others : numbers;
  whole_ = {.x = name_of(safe, 0), .y = name_of(safe, 1), .filter = {}, .x_view = {}, .y_view = {}};
  std::ranges::copy(others, std::back_inserter(numbers));
  const std::string x = axis(wished_.x, name_of(numbers, 0)), y = axis(wished_.y, name_of(numbers, 1));
  show(x, y);
  return wrong;
}

void Explorer::zoom(double x, double y, double factor) {
  const plot::PixelRect& area = guides_.plot;
  if (!has_picture() || area.width == 0 || !(factor > 0)) return;
  const double across = (x - area.x) / area.width, up = 1 - (y - area.y) / area.height;
  const auto is_inside = [](double share) { return share >= 0 && share <= 1; };
  const bool is_both = is_inside(across) == is_inside(up);
  DensityRequest wanted = wished_;
  if (is_both || is_inside(across)) {
    wanted.x_view = zoom_axis(wanted.x_view.value_or(view_.x_domain()), std::clamp(across, 0.0, 1.0), 1 / factor,
                              view_.x_limits(*table_));
  }
  if (is_both || is_inside(up)) {
    wanted.y_view = zoom_axis(wanted.y_view.value_or(view_.y_domain()), std::clamp(up, 0.0, 1.0), 1 / factor,
                              view_.y_limits(*table_));
  }
  wish(std::move(wanted));
}

void Explorer::pan(double dx, double dy) {
  const plot::PixelRect& area = guides_.plot;
  if (!has_picture() || area.width == 0) return;
  wished_.x_view = x_drag_.move(wished_.x_view, -dx / area.width, view_.x_limits(*table_));
  wished_.y_view = y_drag_.move(wished_.y_view, dy / area.height, view_.y_limits(*table_));
  has_wished_ = true;
}

void Explorer::show_all() {
  DensityRequest wanted = wished_;
  wanted.x_view.reset();
  wanted.y_view.reset();
  wish(std::move(wanted));
}

void Explorer::redraw() {
  if (has_picture()) ++request_;
}

void Explorer::load(const std::vector<size_t>& columns) { add_columns(loads_, columns); }

Result<void> Explorer::follow_wishes() {
  has_moved_ = false;
  if (table_ == nullptr) return {};
  begin_question();
  if (!std::exchange(has_wished_, false) || wished_.x.empty() || wished_.y.empty()) return {};
  filter_error_.reset();
  DensityRequest request = wished_;
  const auto is_shown = [&] { return has_picture() && request == view_.requested(); };
  if (is_shown()) return {};
  auto taken = view_.request(*table_, request);
  if (!taken) {
    Error error = taken.error();
    request.filter = counted_filter_;
    if (is_shown()) {
      filter_error_ = std::move(error);
      return {};
    }
    taken = view_.request(*table_, request);
    if (taken) filter_error_ = std::move(error);
  }
  if (!taken) {
    if (has_picture()) {
      Choice kept = choice_of(view_.requested());
      kept.filter = wished_.filter;
      choose(wished_, kept);
    }
    return taken;
  }
  ++request_;
  return {};
}

Explorer::Choice Explorer::choice_of(const DensityRequest& request) {
  return {
      .x = request.x, .y = request.y, .filter = request.filter, .x_view = request.x_view, .y_view = request.y_view};
}

void Explorer::choose(DensityRequest& request, const Choice& choice) {
  request.x = choice.x;
  request.y = choice.y;
  request.filter = choice.filter;
  request.x_view = choice.x_view;
  request.y_view = choice.y_view;
}

Result<std::optional<Error>> Explorer::refuse(size_t column, const Error& error) {
  if (std::ranges::count(run_.columns(), column) > 0) {
    run_.stop();
    end_question(std::unexpected(error));
  }
  if (std::ranges::count(view_.columns(), column) == 0) return std::nullopt;
  return go_back(error);
}

Result<std::optional<Error>> Explorer::go_back(const Error& error) {
  DensityRequest request = view_.requested();
  if (whole_.x.empty() || choice_of(request) == whole_) return std::unexpected(error);
  const bool is_other_filter = request.filter != whole_.filter;
  request.filter = whole_.filter;
  const bool is_filter = is_other_filter && choice_of(request) == whole_;
  choose(request, whole_);
  SHOAL_TRY(view_.request(*table_, request));
  ++request_;
  counted_filter_ = whole_.filter;
  if (is_filter) {
    filter_error_ = error;
    return std::nullopt;
  }
  choose(wished_, whole_);
  end_drag();
  return error;
}

void Explorer::begin_question() {
  if (run_.is_running() || answer_ || questions_.empty()) return;
  const Question& question = questions_.front();
  end_question(run_.begin(*table_, question.filter, question.aggregates));
}

void Explorer::end_question(QueryRun::Outcome outcome) {
  if (run_.is_running()) return;
  answer_ = Answer{questions_.front().id, {}};
  if (outcome) {
    answer_->result = *std::move(*outcome);
  } else {
    answer_->result = std::unexpected(std::move(outcome).error());
  }
  questions_.pop_front();
}

std::vector<size_t> Explorer::columns() const {
  std::vector<size_t> columns = view_.columns();
  add_columns(columns, run_.columns());
  add_columns(columns, loads_);
  return columns;
}

Result<void> Explorer::take(gpu::Device& device, table::RawPiece piece) {
  has_moved_ = true;
  if (!ingest_) ingest_.emplace(device, *table_, options_.pieces_at_once);
  return ingest_->take(std::move(piece));
}

table::RawPiece Explorer::spare_piece() {
  table::RawPiece piece = ingest_ ? ingest_->spare_piece() : table::RawPiece{};
  has_moved_ = has_moved_ || piece.values.capacity() > 0;
  return piece;
}

Result<void> Explorer::advance(gpu::Device& device) {
  if (table_ == nullptr) return {};
  SHOAL_TRY(take_numbers(device.readbacks));
  if (ingest_) SHOAL_TRY(ingest_->advance());
  SHOAL_TRY(update_view(device));
  if (!options_.draws_partial) count(device);
  if (run_.is_running()) end_question(run_.advance(device, *table_));
  return {};
}

Result<void> Explorer::take_numbers(gpu::ReadbackRing& readbacks) {
  for (;;) {
    SHOAL_TRY_SET(const std::optional<PictureNumbers> numbers, reads_.take(readbacks));
    if (!numbers) return {};
    const bool is_larger = numbers->largest != numbers_.largest;
    numbers_ = *numbers;
    if (numbers_.is_complete && numbers_.request == request_) whole_ = choice_of(view_.requested());
    // A newer request has no picture yet for its guides to stand around.
    if ((is_larger || view_.requested().has_caption) && drawn_request_ == request_) lay_out_guides();
  }
}

Result<void> Explorer::update_view(gpu::Device& device) {
  if (!has_picture()) return {};
  auto updated = view_.update(device, *table_);
  if (!updated && view_.requested().filter != counted_filter_) {
    // Whether a filter can be counted may show only with the columns' values: it is as wrong as one that is
    // misspelt.
    DensityRequest request = view_.requested();
    request.filter = counted_filter_;
    SHOAL_TRY(view_.request(*table_, request));
    filter_error_ = std::move(updated.error());
    ++request_;
    updated = view_.update(device, *table_);
  }
  SHOAL_TRY(updated);
  counted_filter_ = view_.requested().filter;
  return {};
}

void Explorer::count(gpu::Device& device) {
  if (!has_picture() || !view_.is_ready() || !view_.has_new_chunks(*table_)) return;
  gpu::Frame frame(device, "density");
  view_.record(frame, *table_, false);
  frame.submit();
}

bool Explorer::is_picture_due() const {
  if (!has_picture() || !view_.is_ready() || reads_.size() >= options_.pictures_at_once) return false;
  const size_t chunks = chunks_in(*table_, view_.columns()), all = table_->chunks().size();
  if (!options_.draws_partial) return chunks == all && drawn_request_ != request_;
  const bool has_rows = chunks > 0 || all == 0;
  return has_rows && (drawn_request_ != request_ || view_.has_new_chunks(*table_));
}

void Explorer::draw(gpu::Frame& frame) {
  view_.record(frame, *table_, true);
  reads_.read(frame, view_, view_.is_complete(*table_), request_);
  drawn_request_ = request_;
  lay_out_guides();
}

void Explorer::lay_out_guides() {
  guides_ = view_.guides(*table_, numbers_.largest, view_.requested().has_caption ? caption() : std::string());
  ++guides_laid_out_;
}

bool Explorer::wants_frame() const {
  return table_ != nullptr && (has_moved_ || has_wished_ || (!questions_.empty() && !run_.is_running()));
}

u64 Explorer::rows_in() const {
  u64 rows = 0;
  if (!has_picture()) return rows;
  const size_t chunks = chunks_in(*table_, view_.columns());
  for (const table::ChunkRows& chunk : table_->chunks().first(chunks)) rows += chunk.rows;
  return rows;
}

bool Explorer::is_loaded() const {
  return table_ != nullptr && chunks_in(*table_, columns()) == table_->chunks().size() &&
         (!ingest_ || ingest_->is_idle());
}

Explorer::Status Explorer::status() const {
  if (!has_picture() || rows_in() < table_->rows()) return Status::kLoading;
  const bool is_shown = reads_.empty() && numbers_.request == request_ && numbers_.is_complete && !has_wished_;
  return is_shown ? Status::kReady : Status::kDrawing;
}

std::string Explorer::caption() const {
  if (!has_picture()) return {};
  return fmt::format("{} of {} rows{}", group_thousands(numbers_.tally.drawn), group_thousands(table_->rows()),
                     numbers_.is_complete ? ", exact" : " so far");
}

}  // namespace shoal::engine
