#include "plot/display_list.h"

#include <cmath>

#include "base/json_writer.h"

namespace shoal::plot {
namespace {

double coordinate(double value) { return std::round(value * 100) / 100; }

std::string_view anchor_name(Anchor anchor) {
  switch (anchor) {
    case Anchor::kStart: return "start";
    case Anchor::kMiddle: return "middle";
    case Anchor::kEnd: return "end";
  }
  return "start";
}

struct ItemWriter {
  JsonWriter& json;

  void operator()(const RectItem& item) const {
    json.member("type", "rect").member("role", item.role);
    write_box(item);
    json.member("fill", css_color(item.fill));
  }
  void operator()(const LineItem& item) const {
    json.member("type", "line")
        .member("role", item.role)
        .member("x1", coordinate(item.x1))
        .member("y1", coordinate(item.y1))
        .member("x2", coordinate(item.x2))
        .member("y2", coordinate(item.y2))
        .member("width", coordinate(item.width))
        .member("stroke", css_color(item.stroke));
  }
  void operator()(const TextItem& item) const {
    json.member("type", "text")
        .member("role", item.role)
        .member("x", coordinate(item.x))
        .member("y", coordinate(item.y))
        .member("text", item.text)
        .member("size", coordinate(item.size_px))
        .member("width", coordinate(item.width))
        .member("anchor", anchor_name(item.anchor));
    if (item.bold) json.member("bold", true);
    if (item.rotation_degrees != 0) json.member("rotation", coordinate(item.rotation_degrees));
    json.member("fill", css_color(item.fill));
  }
  void operator()(const ImageItem& item) const {
    json.member("type", "image");
    write_box(item.area);
  }
  void operator()(const GradientItem& item) const {
    json.member("type", "gradient");
    write_box(item);
    json.key("colors").begin_array();
    for (const Rgba color : item.colors) json.value(css_color(color));
    json.end_array();
  }

  template <class Box>
  void write_box(const Box& box) const {
    json.member("x", coordinate(box.x))
        .member("y", coordinate(box.y))
        .member("width", coordinate(box.width))
        .member("height", coordinate(box.height));
  }
};

}  // namespace

std::string display_list_json(const DisplayList& list) {
  JsonWriter json;
  json.begin_object().member("width", list.width).member("height", list.height).key("items").begin_array();
  for (const DisplayItem& item : list.items) {
    json.begin_object();
    std::visit(ItemWriter{json}, item);
    json.end_object();
  }
  return std::move(json.end_array().end_object()).text();
}

}  // namespace shoal::plot
