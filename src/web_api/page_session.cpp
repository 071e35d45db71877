#include "web_api/page_session.h"

#include "web_api/page_config.h"

namespace shoal::web_api {
namespace {

constexpr u32 kMostStrings = 1u << 20;
// Each raw piece between decoder and encoding is up to 4 MiB in the page's heap.
constexpr u32 kPiecesAtOnce = 4;
constexpr u32 kCanvas = 1;

void take_size(engine::DensityRequest& request, const JsonValue& canvas) {
  request.width = canvas.whole("width", 1u);
  request.height = canvas.whole("height", 1u);
  request.guide_scale = canvas.number("scale", 1);
}

}  // namespace

PageSession::PageSession(std::string_view config)
    : device_([&] {
        const JsonValue json = JsonValue::parse(config).value_or(JsonValue());
        return gpu::Device(capabilities_of(json),
                           {.memory_bytes = json.whole("memory_bytes", u64{0}), .profile = true});
      }()),
      explorer_({.pieces_at_once = kPiecesAtOnce}) {
  const JsonValue json = JsonValue::parse(config).value_or(JsonValue());
  engine::DensityRequest request;
  request.has_caption = false;  // the page has its own
  take_size(request, json["canvas"]);
  explorer_.wish(request);
}

void PageSession::command(std::string_view text) {
  if (const auto json = JsonValue::parse(text)) wish(*json);
}

void PageSession::wish(const JsonValue& wish) {
  engine::DensityRequest request = explorer_.wished();
  if (wish.has("open")) {
    const JsonValue& open = wish["open"];
    file_.emplace(open.text("name"), open.whole("size", u64{0}));
    state_.status = Status::kOpening;
    return;
  }
  if (wish.has("show")) return explorer_.show(wish["show"].text("x"), wish["show"].text("y"));
  if (wish.has("zoom")) {
    const JsonValue& at = wish["zoom"];
    return explorer_.zoom(at.number("x", 0), at.number("y", 0), at.number("factor", 1));
  }
  if (wish.has("pan")) return explorer_.pan(wish["pan"].number("dx", 0), wish["pan"].number("dy", 0));
  if (wish.has("reset")) return explorer_.show_all();
  if (wish.has("query")) {
    const JsonValue& query = wish["query"];
    return explorer_.ask(
        {.id = query.whole("id", u64{0}), .filter = query.text("filter"), .aggregates = query.text("aggregates")});
  }
  if (wish.has("filter")) {
    request.filter = wish.text("filter");
  } else if (wish.has("color")) {
    const auto scheme = plot::parse_scheme(wish["color"].text("scheme"));
    const auto scale = plot::parse_color_scale(wish["color"].text("scale"));
    if (scheme) request.scheme = *scheme;
    if (scale) request.scale = *scale;
    if (!scheme) state_.errors = {scheme.error().message()};
    if (!scale) state_.errors = {scale.error().message()};
  } else if (wish.has("resize")) {
    take_size(request, wish["resize"]);
  } else if (wish.has("theme")) {
    request.is_dark = wish.text("theme") == "dark";
  }
  explorer_.wish(std::move(request));
}

void PageSession::on_file_bytes(u32 request, std::span<const std::byte> bytes) {
  if (file_) file_->on_bytes(request, bytes);
}

void PageSession::on_file_failure(std::string_view message) {
  if (file_) file_->on_failure(message);
}

PageSession::Output PageSession::frame(std::span<const u32> events) {
  device_.recorder.clear();  // the page has carried it out
  if (state_.status != Status::kFailed) {
    if (const auto advanced = advance(events); !advanced) {
      state_.status = Status::kFailed;
      state_.message = advanced.error().message();
    }
  }
  requests_.clear();
  if (file_ && state_.status != Status::kFailed) requests_ = file_->take_requests();
  std::string json = page_state_json(state_, explorer_, device_);
  const bool has_changed = json != state_json_;
  state_json_ = std::move(json);
  return {.stream = device_.recorder.words(),
          .requests = requests_,
          .state = has_changed ? std::string_view(state_json_) : std::string_view(),
          .wants_frame = state_.status != Status::kFailed && explorer_.wants_frame()};
}

Result<void> PageSession::advance(std::span<const u32> events) {
  SHOAL_TRY(device_.on_events(events));
  SHOAL_TRY(device_.check());
  if (!file_) return {};
  if (!table_) {
    SHOAL_TRY_SET(const bool is_open, file_->open());
    if (!is_open) return {};
    SHOAL_TRY(open_table());
  }
  SHOAL_TRY(follow_wishes());
  SHOAL_TRY(feed());
  SHOAL_TRY(explorer_.advance(device_));
  for (table::RawPiece spare = explorer_.spare_piece(); spare.values.capacity() > 0;
       spare = explorer_.spare_piece()) {
    file_->recycle(std::move(spare));
  }
  if (explorer_.is_picture_due()) draw();
  if (explorer_.guides_laid_out() != guides_laid_out_) {
    guides_laid_out_ = explorer_.guides_laid_out();
    state_.guides = plot::display_list_json(explorer_.guides().list);
  }
  if (const auto answer = explorer_.take_answer()) state_.answer = answer_json(*answer);
  state_.status = Status::kShowing;
  return {};
}

Result<void> PageSession::open_table() {
  SHOAL_TRY_SET(table_, table::Table::plan(file_->source(), kMostStrings));
  explorer_.open(*table_);
  SHOAL_TRY_SET(const std::vector<Error> wrong, explorer_.choose_axes(file_->name()));
  for (const Error& error : wrong) state_.errors.push_back(error.message());
  return {};
}

Result<void> PageSession::follow_wishes() {
  auto followed = explorer_.follow_wishes();
  if (followed || !explorer_.has_picture()) return followed;
  state_.errors = {followed.error().message()};
  return {};
}

// One piece a frame, since decoding it takes this thread as long as a frame should.
Result<void> PageSession::feed() {
  if (!explorer_.has_room()) return {};
  SHOAL_TRY_SET(std::optional<table::RawPiece> piece, file_->decode(*table_, explorer_.columns()));
  if (!piece) return {};
  return explorer_.take(device_, *std::move(piece));
}

void PageSession::draw() {
  gpu::Frame frame(device_, "picture");
  explorer_.draw(frame);
  const engine::DensityView& view = explorer_.view();
  const gpu::View pixels = view.shading().pixels();
  device_.recorder.say(gpu::CopyBufferToCanvas{.encoder = frame.encoder(),
                                               .source = pixels.buffer,
                                               .source_offset_bytes = pixels.offset_bytes,
                                               .bytes_per_row = view.shading().words_per_row() * 4,
                                               .canvas = kCanvas,
                                               .width = view.plot_area().width,
                                               .height = view.plot_area().height});
  frame.submit();
}

}  // namespace shoal::web_api
