#include "web_api/page_session.h"

#include <utility>

#include "engine/axis_range.h"
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
  // What was wrong with the last wishes has been read when the user wishes something else.
  const bool is_of_user = !wish.has("resize") && !wish.has("theme");
  if (is_of_user && std::exchange(has_told_, false)) state_.errors.clear();
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
  if (wish.has("range")) {
    ranges_ = Ranges{.x = wish["range"].text("x"), .y = wish["range"].text("y")};
    return;
  }
  if (wish.has("query")) {
    const JsonValue& query = wish["query"];
    return explorer_.ask(
        {.id = query.whole("id", u64{0}), .filter = query.text("filter"), .aggregates = query.text("aggregates")});
  }
  if (wish.has("filter")) {
    request.filter = wish.text("filter");
  } else if (wish.has("color")) {
    // What is not named stays as it is.
    const auto take = [&](const char* name, const auto& parse, auto& wished) {
      const std::string said = wish["color"].text(name);
      if (said.empty()) return;
      if (const auto parsed = parse(said)) {
        wished = *parsed;
      } else {
        state_.errors.push_back(parsed.error().message());
      }
    };
    take("scheme", plot::parse_scheme, request.scheme);
    take("scale", plot::parse_color_scale, request.scale);
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
  take_ranges();
  SHOAL_TRY(follow_wishes());
  SHOAL_TRY(feed());
  SHOAL_TRY(go_on());
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

void PageSession::take_ranges() {
  const std::optional<Ranges> ranges = std::exchange(ranges_, std::nullopt);
  if (!ranges) return;
  engine::DensityRequest request = explorer_.wished();
  const auto take = [this](const std::string& text, const std::string& column, std::string_view name,
                           std::optional<plot::Domain>& view) {
    if (const auto range = engine::parse_axis_range(*table_, column, text, name)) {
      view = *range;
    } else {
      state_.errors.push_back(range.error().message());
    }
  };
  take(ranges->x, request.x, "x-range", request.x_view);
  take(ranges->y, request.y, "y-range", request.y_view);
  explorer_.wish(std::move(request));
}

Result<void> PageSession::follow_wishes() {
  auto followed = explorer_.follow_wishes();
  has_told_ = true;
  if (followed || !explorer_.has_picture()) return followed;
  state_.errors.push_back(followed.error().message());
  return {};
}

// One piece a frame, since decoding it takes this thread as long as a frame should.
Result<void> PageSession::feed() {
  if (!explorer_.has_room()) return {};
  auto piece = file_->decode(*table_, explorer_.columns());
  if (!piece) {
    const std::optional<size_t> column = file_->refused_column();
    if (!column) return std::unexpected(std::move(piece).error());
    return tell(explorer_.refuse(*column, piece.error()));
  }
  if (!*piece) return {};
  return explorer_.take(device_, **std::move(piece));
}

Result<void> PageSession::go_on() {
  const auto advanced = explorer_.advance(device_);
  // A device or a table that failed is no better with other columns; an axis of too many strings is.
  if (advanced || advanced.error().code != ErrorCode::kUnsupported) return advanced;
  SHOAL_TRY(tell(explorer_.go_back(advanced.error())));
  return explorer_.advance(device_);
}

// Beside the picture that is shown instead.
Result<void> PageSession::tell(Result<std::optional<Error>> refusal) {
  if (!refusal) return std::unexpected(std::move(refusal).error());
  if (*refusal) state_.errors.push_back((*refusal)->message());
  return {};
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
