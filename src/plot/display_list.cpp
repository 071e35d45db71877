#include "plot/display_list.h"

#include <cmath>

#include <nlohmann/json.hpp>

namespace shoal::plot {
namespace {

using Json = nlohmann::ordered_json;

Json coordinate(double value) {
  const double rounded = std::round(value * 100) / 100;
  if (rounded == std::trunc(rounded)) return static_cast<i64>(rounded);
  return rounded;
}

std::string_view anchor_name(Anchor anchor) {
  switch (anchor) {
    case Anchor::kStart: return "start";
    case Anchor::kMiddle: return "middle";
    case Anchor::kEnd: return "end";
  }
  return "start";
}

struct ToJson {
  Json operator()(const RectItem& item) const {
    return {{"type", "rect"},
            {"role", item.role},
            {"x", coordinate(item.x)},
            {"y", coordinate(item.y)},
            {"width", coordinate(item.width)},
            {"height", coordinate(item.height)},
            {"fill", css_color(item.fill)}};
  }
  Json operator()(const LineItem& item) const {
    return {{"type", "line"},
            {"role", item.role},
            {"x1", coordinate(item.x1)},
            {"y1", coordinate(item.y1)},
            {"x2", coordinate(item.x2)},
            {"y2", coordinate(item.y2)},
            {"width", coordinate(item.width)},
            {"stroke", css_color(item.stroke)}};
  }
  Json operator()(const TextItem& item) const {
    Json json = {{"type", "text"},
                 {"role", item.role},
                 {"x", coordinate(item.x)},
                 {"y", coordinate(item.y)},
                 {"text", item.text},
                 {"size", coordinate(item.size_px)},
                 {"width", coordinate(item.width)},
                 {"anchor", anchor_name(item.anchor)}};
    if (item.bold) json["bold"] = true;
    if (item.rotation_degrees != 0) json["rotation"] = coordinate(item.rotation_degrees);
    json["fill"] = css_color(item.fill);
    return json;
  }
  Json operator()(const ImageItem& item) const {
    return {{"type", "image"},
            {"x", item.area.x},
            {"y", item.area.y},
            {"width", item.area.width},
            {"height", item.area.height}};
  }
  Json operator()(const GradientItem& item) const {
    Json colors = Json::array();
    for (const Rgba color : item.colors) colors.push_back(css_color(color));
    return {{"type", "gradient"},
            {"x", coordinate(item.x)},
            {"y", coordinate(item.y)},
            {"width", coordinate(item.width)},
            {"height", coordinate(item.height)},
            {"colors", std::move(colors)}};
  }
};

}  // namespace

std::string display_list_json(const DisplayList& list) {
  Json items = Json::array();
  for (const DisplayItem& item : list.items) items.push_back(std::visit(ToJson{}, item));
  const Json json = {{"width", list.width}, {"height", list.height}, {"items", std::move(items)}};
  return json.dump();
}

}  // namespace shoal::plot
