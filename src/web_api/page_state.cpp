#include "web_api/page_state.h"

#include <algorithm>

#include "base/json_writer.h"
#include "engine/filter_error.h"

namespace shoal::web_api {
namespace {

std::string_view status_name(Status status, engine::Explorer::Status shown) {
  switch (status) {
    case Status::kEmpty: return "empty";
    case Status::kOpening: return "opening";
    case Status::kShowing: break;
    case Status::kFailed: return "failed";
  }
  switch (shown) {
    case engine::Explorer::Status::kLoading: return "loading";
    case engine::Explorer::Status::kDrawing: return "drawing";
    case engine::Explorer::Status::kReady: return "ready";
  }
  return "failed";
}

void write_columns(JsonWriter& json, const table::Table& table) {
  for (const table::Column& column : table.columns()) {
    const std::string& why = column.source.unsupported;
    json.begin_object()
        .member("name", column.source.name)
        .member("type", table::type_name(column.source.type))
        .member("plottable", why.empty())
        .member("why", why)
        .end_object();
  }
}

void write_filter_error(JsonWriter& json, const std::string& filter, const Error& error) {
  const engine::FilterError located = engine::locate_filter_error(filter, error.message());
  json.begin_object().member("message", located.sentence).member("at", located.at).end_object();
}

}  // namespace

std::string answer_json(const engine::Answer& answer) {
  JsonWriter json;
  json.begin_object().member("id", answer.id);
  if (answer.result) {
    engine::write_answer(json, *answer.result);
  } else {
    engine::write_error(json, answer.result.error());
  }
  return std::move(json.end_object()).text();
}

std::string page_state_json(const PageState& state, const engine::Explorer& explorer, const gpu::Device& device) {
  const engine::DensityRequest& wished = explorer.wished();
  const engine::PictureNumbers& numbers = explorer.numbers();
  const table::Table* table = explorer.table();
  const bool has_picture = explorer.has_picture();
  const plot::PixelRect& area = explorer.guides().plot;
  JsonWriter json;
  json.begin_object()
      .member("status", status_name(state.status, explorer.status()))
      .member("message", state.message)
      .member("rows_drawn", numbers.tally.drawn)
      .member("rows_total", has_picture ? table->rows() : 0)
      .member("rows_in", explorer.rows_in())
      .member("rows_null", numbers.tally.null)
      .member("rows_outside", numbers.tally.outside)
      .member("exact", numbers.is_complete)
      .member("caption", explorer.caption())
      .member("x", has_picture ? wished.x : std::string())
      .member("y", has_picture ? wished.y : std::string())
      .member("filter", wished.filter)
      .key("filter_error");
  if (explorer.filter_error()) {
    write_filter_error(json, wished.filter, *explorer.filter_error());
  } else {
    json.raw("null");
  }
  json.member("scheme", plot::scheme_name(wished.scheme))
      .member("scale", plot::color_scale_name(wished.scale))
      .member("gpu_bytes", table == nullptr ? 0 : table->size_bytes())
      .key("errors")
      .begin_array();
  for (const std::string& error : state.errors) json.value(error);
  json.end_array().key("plot_area").begin_object();
  json.member("x", area.x).member("y", area.y).member("width", area.width).member("height", area.height);
  json.end_object().key("columns").begin_array();
  if (table != nullptr) write_columns(json, *table);
  json.end_array().key("stages").begin_array();
  for (const gpu::PassTime& pass : device.profiler.times()) {
    json.begin_object().member("name", pass.label).member("ms", pass.ms / std::max(1u, pass.passes)).end_object();
  }
  json.end_array().key("guides").raw(state.guides).key("answer").raw(state.answer).end_object();
  return std::move(json).text();
}

}  // namespace shoal::web_api
