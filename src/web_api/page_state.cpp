#include "web_api/page_state.h"

#include <nlohmann/json.hpp>

namespace shoal::web_api {
namespace {

using Json = nlohmann::ordered_json;

std::string_view status_name(Status status) {
  switch (status) {
    case Status::kEmpty: return "empty";
    case Status::kOpening: return "opening";
    case Status::kLoading: return "loading";
    case Status::kDrawing: return "drawing";
    case Status::kReady: return "ready";
    case Status::kFailed: return "failed";
  }
  return "failed";
}

}  // namespace

std::string page_state_json(const PageState& state) {
  Json json = {{"status", status_name(state.status)},
               {"message", state.message},
               {"rows_drawn", state.rows_drawn},
               {"rows_total", state.rows_total},
               {"rows_in", state.rows_in},
               {"rows_null", state.rows_null},
               {"rows_outside", state.rows_outside},
               {"exact", state.exact},
               {"caption", state.caption},
               {"x", state.x},
               {"y", state.y},
               {"filter", state.filter},
               {"filter_error", nullptr},
               {"scheme", state.scheme},
               {"scale", state.scale},
               {"gpu_bytes", state.gpu_bytes},
               {"errors", state.errors}};
  if (state.filter_error) {
    json["filter_error"] = {{"message", state.filter_error->sentence}, {"at", state.filter_error->at}};
  }
  json["plot_area"] = {{"x", state.plot_area.x},
                       {"y", state.plot_area.y},
                       {"width", state.plot_area.width},
                       {"height", state.plot_area.height}};
  Json& columns = json["columns"] = Json::array();
  for (const ColumnState& column : state.columns) {
    columns.push_back(
        {{"name", column.name}, {"type", column.type}, {"plottable", column.why.empty()}, {"why", column.why}});
  }
  Json& stages = json["stages"] = Json::array();
  for (const auto& [name, ms] : state.stages) stages.push_back({{"name", name}, {"ms", ms}});
  // The guides are JSON already.
  std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  text.pop_back();
  return text + ",\"guides\":" + state.guides + "}";
}

}  // namespace shoal::web_api
