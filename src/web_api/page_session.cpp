#include "web_api/page_session.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace shoal::web_api {
namespace {

using Json = nlohmann::ordered_json;  // as everywhere in the core: a second kind would be a second parser

constexpr u32 kMostStrings = 1u << 20;
// Raw pieces between decoder and encoding: each is up to 4 MiB in the page's heap and again on the GPU.
constexpr u32 kPiecesAtOnce = 4;
// One shown, one being counted: a third would only make answers to the wheel late.
constexpr size_t kPicturesAtOnce = 2;
constexpr u32 kCanvas = 1;

gpu::Capabilities capabilities_of(const Json& config) {
  const Json& adapter = config["adapter"];
  const Json& limits = adapter["limits"];
  const auto has = [&](std::string_view name) {
    return std::ranges::any_of(adapter["features"], [&](const Json& feature) { return feature == name; });
  };
  const auto limit = [&](const char* name, auto otherwise) { return limits.value(name, otherwise); };
  gpu::Capabilities found;
  found.name = adapter.value("description", std::string());
  if (found.name.empty()) found.name = adapter.value("vendor", std::string("WebGPU"));
  found.target = gpu::ShaderTarget::kTint;
  found.tier = config.value("tier", std::string()) == "minimum" ? gpu::Tier::kMinimum : gpu::Tier::kFull;
  gpu::Limits& has_limits = found.limits;
  has_limits.max_buffer_size_bytes = limit("maxBufferSize", has_limits.max_buffer_size_bytes);
  has_limits.max_storage_binding_size_bytes =
      limit("maxStorageBufferBindingSize", has_limits.max_storage_binding_size_bytes);
  has_limits.max_uniform_binding_size_bytes =
      limit("maxUniformBufferBindingSize", has_limits.max_uniform_binding_size_bytes);
  has_limits.max_workgroups_per_dimension =
      limit("maxComputeWorkgroupsPerDimension", has_limits.max_workgroups_per_dimension);
  has_limits.max_invocations_per_workgroup =
      limit("maxComputeInvocationsPerWorkgroup", has_limits.max_invocations_per_workgroup);
  has_limits.max_workgroup_storage_bytes =
      limit("maxComputeWorkgroupStorageSize", has_limits.max_workgroup_storage_bytes);
  has_limits.min_uniform_offset_alignment_bytes =
      limit("minUniformBufferOffsetAlignment", has_limits.min_uniform_offset_alignment_bytes);
  has_limits.min_storage_offset_alignment_bytes =
      limit("minStorageBufferOffsetAlignment", has_limits.min_storage_offset_alignment_bytes);
  found.features.timestamps = has("timestamp-query");
  found.features.subgroups = has("subgroups");
  found.features.f16 = has("shader-f16");
  found.features.subgroup_min_size = adapter.value("subgroup_min_size", 0u);
  found.features.subgroup_max_size = adapter.value("subgroup_max_size", 0u);
  return found;
}

// A filter's error is a sentence, the text and a line with a caret under it; the page shows the text itself.
FilterError locate(const std::string& filter, const std::string& message) {
  FilterError error;
  const size_t text_first = message.find('\n');
  error.sentence = message.substr(0, text_first);
  const size_t caret_first = text_first == std::string::npos ? text_first : message.find('\n', text_first + 1);
  if (caret_first == std::string::npos) return error;
  constexpr size_t kIndent = 4;
  std::string_view line(message);
  line = line.substr(text_first + 1 + kIndent, caret_first - text_first - 1 - kIndent);
  size_t characters = message.find('^', caret_first) - caret_first - 1 - kIndent;
  // A long filter is cut to what lies around the place.
  const bool is_cut = line.starts_with("...") && !filter.starts_with("...");
  if (is_cut) {
    line.remove_prefix(3);
    characters -= 3;
  }
  size_t bytes = 0;
  for (; bytes < line.size(); ++bytes) {
    const bool begins = (static_cast<u8>(line[bytes]) & 0xc0u) != 0x80u;
    if (begins && characters-- == 0) break;
  }
  const size_t first = filter.find(line.substr(0, bytes));
  error.at = std::min(filter.size(), (first == std::string::npos ? 0 : first) + bytes);
  return error;
}

u64 rows_in(const table::Table& table, const std::vector<size_t>& columns) {
  size_t chunks = table.chunks().size();
  for (const size_t column : columns) chunks = std::min(chunks, table.columns()[column].chunks.size());
  u64 rows = 0;
  for (const table::ChunkRows& chunk : table.chunks().first(chunks)) rows += chunk.rows;
  return rows;
}

bool is_number(const table::Column& column) {
  using enum table::TypeKind;
  const table::TypeKind kind = column.source.type.kind;
  return column.source.unsupported.empty() && kind != kString && kind != kBoolean;
}

}  // namespace

PageSession::PageSession(std::string_view config)
    : device_([&] {
        const Json json = Json::parse(config, nullptr, false);
        return gpu::Device(capabilities_of(json),
                           {.memory_bytes = json.value("memory_bytes", u64{0}), .profile = true});
      }()) {
  const Json json = Json::parse(config, nullptr, false);
  command(Json{{"resize", json["canvas"]}}.dump());
}

void PageSession::command(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  has_wished_ = true;
  if (const auto open = json.find("open"); open != json.end()) {
    file_.emplace(open->value("name", std::string()), open->value("size", u64{0}));
    state_.status = Status::kOpening;
  } else if (const auto show = json.find("show"); show != json.end()) {
    const std::string x = show->value("x", std::string()), y = show->value("y", std::string());
    if (x != wishes_.x) wishes_.x_view.reset();
    if (y != wishes_.y) wishes_.y_view.reset();
    if (!x.empty()) wishes_.x = x;
    if (!y.empty()) wishes_.y = y;
  } else if (const auto filter = json.find("filter"); filter != json.end()) {
    wishes_.filter = filter->get<std::string>();
  } else if (const auto color = json.find("color"); color != json.end()) {
    const auto scheme = plot::parse_scheme(color->value("scheme", std::string()));
    const auto scale = plot::parse_color_scale(color->value("scale", std::string()));
    if (scheme) wishes_.scheme = *scheme;
    if (scale) wishes_.scale = *scale;
    if (!scheme) state_.errors = {scheme.error().message()};
    if (!scale) state_.errors = {scale.error().message()};
  } else if (const auto size = json.find("resize"); size != json.end()) {
    wishes_.width = size->value("width", 1u);
    wishes_.height = size->value("height", 1u);
    wishes_.guide_scale = size->value("scale", 1.0);
  } else if (const auto theme = json.find("theme"); theme != json.end()) {
    wishes_.is_dark = *theme == "dark";
  } else if (const auto at = json.find("zoom"); at != json.end()) {
    zoom(at->value("x", 0.0), at->value("y", 0.0), at->value("factor", 1.0));
  } else if (const auto by = json.find("pan"); by != json.end()) {
    pan(by->value("dx", 0.0), by->value("dy", 0.0));
    return;  // what follows would end the drag
  } else if (json.contains("reset")) {
    wishes_.x_view.reset();
    wishes_.y_view.reset();
  }
  x_drag_.reset();
  y_drag_.reset();
}

void PageSession::zoom(double x, double y, double factor) {
  if (!table_ || state_.plot_area.width == 0 || !(factor > 0)) return;
  const plot::PixelRect& area = state_.plot_area;
  const double across = (x - area.x) / area.width, up = 1 - (y - area.y) / area.height;
  const auto is_inside = [](double share) { return share >= 0 && share <= 1; };
  const auto zoomed = [&](const std::optional<plot::Domain>& view, const plot::Domain& shown, double position,
                          const plot::Domain& limits) -> std::optional<plot::Domain> {
    const plot::Domain domain = plot::zoom(view.value_or(shown), position, 1 / factor, limits);
    if (domain == limits) return std::nullopt;
    return domain;
  };
  // Beside the plot, over an axis, only that axis is zoomed.
  const bool is_both = is_inside(across) == is_inside(up);
  if (is_both || is_inside(across)) {
    wishes_.x_view =
        zoomed(wishes_.x_view, view_.x_domain(), std::clamp(across, 0.0, 1.0), view_.x_limits(*table_));
  }
  if (is_both || is_inside(up)) {
    wishes_.y_view = zoomed(wishes_.y_view, view_.y_domain(), std::clamp(up, 0.0, 1.0), view_.y_limits(*table_));
  }
}

void PageSession::pan(double dx, double dy) {
  if (!table_ || state_.plot_area.width == 0) return;
  const auto move = [](std::optional<plot::Domain>& view, std::optional<Drag>& drag, double share,
                       const plot::Domain& limits) {
    if (!view) return;  // all of it is shown
    if (!drag) drag = Drag{.from = *view, .share = 0};
    drag->share += share;
    view = plot::pan(drag->from, drag->share, limits);
    // At an end the way back begins at once.
    const bool is_float = limits.kind == plot::DomainKind::kFloat;
    const bool is_at_end = is_float ? view->float_low <= limits.float_low || view->float_high >= limits.float_high
                                    : view->low <= limits.low || view->high >= limits.high;
    if (is_at_end) drag.reset();
  };
  move(wishes_.x_view, x_drag_, -dx / state_.plot_area.width, view_.x_limits(*table_));
  move(wishes_.y_view, y_drag_, dy / state_.plot_area.height, view_.y_limits(*table_));
}

void PageSession::on_file_bytes(u32 request, std::span<const std::byte> bytes) {
  if (file_) file_->on_bytes(request, bytes);
}

void PageSession::on_file_failure(std::string_view message) {
  if (file_) file_->on_failure(message);
}

PageSession::Output PageSession::frame(std::span<const u32> events) {
  device_.recorder.clear();  // the page has carried it out
  has_progress_ = false;
  if (state_.status != Status::kFailed) {
    if (const auto advanced = advance(events); !advanced) {
      state_.status = Status::kFailed;
      state_.message = advanced.error().message();
    }
  }
  describe();
  requests_.clear();
  if (file_ && state_.status != Status::kFailed) requests_ = file_->take_requests();
  std::string json = page_state_json(state_);
  const bool has_changed = json != state_json_;
  state_json_ = std::move(json);
  return {.stream = device_.recorder.words(),
          .requests = requests_,
          .state = has_changed ? std::string_view(state_json_) : std::string_view(),
          .wants_frame = has_progress_};
}

Result<void> PageSession::advance(std::span<const u32> events) {
  SHOAL_TRY(device_.on_events(events));
  SHOAL_TRY(device_.check());
  if (!file_) return {};
  if (!table_) {
    SHOAL_TRY_SET(const bool is_open, file_->open());
    if (!is_open) return {};
    SHOAL_TRY(plan_table());
  }
  if (has_wished_) SHOAL_TRY(apply_wishes());
  SHOAL_TRY(feed());
  SHOAL_TRY(draw());
  collect_pictures();
  return {};
}

Result<void> PageSession::plan_table() {
  SHOAL_TRY_SET(table_, table::Table::plan(file_->source(), kMostStrings));
  ingest_ = std::make_unique<table::Ingest>(device_, *table_, kPiecesAtOnce);
  std::vector<size_t> numbers, others;
  for (size_t i = 0; i < table_->columns().size(); ++i) {
    const table::SourceColumn& column = table_->columns()[i].source;
    state_.columns.push_back({column.name, table::type_name(column.type), column.unsupported});
    if (column.unsupported.empty()) (is_number(table_->columns()[i]) ? numbers : others).push_back(i);
  }
  numbers.insert(numbers.end(), others.begin(), others.end());
  if (numbers.empty()) {
    return fail(ErrorCode::kUnsupported, "{} has no column that can be drawn.{}", quote(file_->name()),
                state_.columns.empty() ? "" : " " + state_.columns[0].why);
  }
  // Two numbers, where the page did not say which columns, or named one that is not there.
  const auto choose = [&](std::string& wish, size_t otherwise) {
    const auto found = table_->find(wish);
    if (found) return;
    if (!wish.empty()) state_.errors = {found.error().message()};
    wish = table_->columns()[numbers[std::min(otherwise, numbers.size() - 1)]].source.name;
  };
  choose(wishes_.x, 0);
  choose(wishes_.y, 1);
  has_wished_ = true;
  return {};
}

Result<void> PageSession::apply_wishes() {
  has_wished_ = false;
  engine::DensityRequest request{.x = wishes_.x,
                                 .y = wishes_.y,
                                 .filter = wishes_.filter,
                                 .scheme = wishes_.scheme,
                                 .scale = wishes_.scale,
                                 .is_dark = wishes_.is_dark,
                                 .width = wishes_.width,
                                 .height = wishes_.height,
                                 .guide_scale = wishes_.guide_scale,
                                 .title = {},
                                 .subtitle = {},
                                 .caption = {},
                                 .has_caption = false,  // the page has its own
                                 .x_view = wishes_.x_view,
                                 .y_view = wishes_.y_view};
  state_.filter_error.reset();
  if (request_ > 0 && request == view_.requested()) return {};
  auto taken = view_.request(*table_, request);
  if (!taken) {
    // The filter is wrong while it is being typed: the picture keeps the last one that was right.
    const Error filter_error = taken.error();
    request.filter = view_.requested().filter;
    taken = view_.request(*table_, request);
    if (taken) state_.filter_error = locate(wishes_.filter, filter_error.message());
  }
  if (!taken) {
    if (request_ == 0) return std::unexpected(taken.error());
    state_.errors = {taken.error().message()};
    wishes_.x = view_.requested().x;
    wishes_.y = view_.requested().y;
    return {};
  }
  ++request_;
  return {};
}

Result<void> PageSession::feed() {
  if (ingest_->has_room()) {
    SHOAL_TRY_SET(std::optional<table::RawPiece> piece, file_->decode(*table_, view_.columns()));
    if (piece) {
      SHOAL_TRY(ingest_->take(*std::move(piece)));
      has_progress_ = true;
    }
  }
  SHOAL_TRY(ingest_->advance());
  for (table::RawPiece spare = ingest_->spare_piece(); spare.values.capacity() > 0;
       spare = ingest_->spare_piece()) {
    file_->recycle(std::move(spare));
    has_progress_ = true;
  }
  return {};
}

Result<void> PageSession::draw() {
  SHOAL_TRY(view_.update(device_, *table_));
  const bool is_due = drawn_request_ != request_ || view_.has_new_chunks(*table_);
  const bool has_rows = table_->chunks().empty() || rows_in(*table_, view_.columns()) > 0;
  if (!is_due || !has_rows || !view_.is_ready() || pictures_.size() >= kPicturesAtOnce) return {};

  gpu::Frame frame(device_, "picture");
  view_.record(frame, *table_, true);
  const plot::PixelRect area = view_.plot_area();
  const gpu::View pixels = view_.shading().pixels();
  device_.recorder.say(gpu::CopyBufferToCanvas{.encoder = frame.encoder(),
                                               .source = pixels.buffer,
                                               .source_offset_bytes = pixels.offset_bytes,
                                               .bytes_per_row = view_.shading().words_per_row() * 4,
                                               .canvas = kCanvas,
                                               .width = area.width,
                                               .height = area.height});
  pictures_.push_back({.tally = frame.read(view_.query().tally()),
                       .extent = frame.read(view_.shading().extent()),
                       .tally_bytes = {},
                       .extent_bytes = {},
                       .is_complete = view_.is_complete(*table_),
                       .request = request_});
  frame.submit();
  drawn_request_ = request_;
  state_.plot_area = area;
  // Axes move with the picture; the legend follows when its largest count is known.
  state_.guides = plot::display_list_json(view_.guides(*table_, largest_, {}).list);
  return {};
}

void PageSession::collect_pictures() {
  const auto collect = [this](gpu::Ticket ticket, std::optional<std::vector<std::byte>>& bytes) {
    if (!bytes) bytes = device_.readbacks.take(ticket);
    return bytes.has_value();
  };
  while (!pictures_.empty()) {
    Picture& picture = pictures_.front();
    const bool has_tally = collect(picture.tally, picture.tally_bytes);
    const bool has_extent = collect(picture.extent, picture.extent_bytes);
    if (!has_tally || !has_extent) return;
    const query::DensityTally tally = query::DensityQuery::read_tally(*picture.tally_bytes);
    state_.rows_drawn = tally.drawn;
    state_.rows_null = tally.null;
    state_.rows_outside = tally.outside;
    state_.exact = picture.is_complete;
    counted_request_ = picture.request;
    const auto largest = static_cast<double>(plot::largest_value(*picture.extent_bytes));
    pictures_.pop_front();
    has_progress_ = true;
    if (largest == largest_) continue;
    largest_ = largest;
    if (drawn_request_ == request_) {
      state_.guides = plot::display_list_json(view_.guides(*table_, largest_, {}).list);
    }
  }
}

void PageSession::describe() {
  state_.filter = wishes_.filter;
  state_.scheme = plot::scheme_name(wishes_.scheme);
  state_.scale = plot::color_scale_name(wishes_.scale);
  if (!table_ || request_ == 0 || state_.status == Status::kFailed) return;
  state_.x = wishes_.x;
  state_.y = wishes_.y;
  state_.rows_total = table_->rows();
  state_.rows_in = rows_in(*table_, view_.columns());
  state_.gpu_bytes = table_->size_bytes();
  state_.stages.clear();
  for (const gpu::PassTime& pass : device_.profiler.times()) {
    state_.stages.emplace_back(pass.label, pass.ms / std::max(1u, pass.passes));
  }
  const bool is_shown =
      pictures_.empty() && counted_request_ == request_ && view_.is_complete(*table_) && state_.exact;
  state_.status = state_.rows_in < state_.rows_total ? Status::kLoading
                  : is_shown && !has_wished_         ? Status::kReady
                                                     : Status::kDrawing;
  state_.caption = fmt::format("{} of {} rows{}", group_thousands(state_.rows_drawn),
                               group_thousands(state_.rows_total), state_.exact ? ", exact" : " so far");
}

}  // namespace shoal::web_api
