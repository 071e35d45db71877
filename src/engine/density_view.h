// One picture of a table: two columns, a filter, a place to look at. It keeps the counts on the GPU in step with
// the table as chunks arrive and with what the user asks for.
#pragma once

#include <optional>
#include <string>

#include "gpu/device.h"
#include "plot/density_shading.h"
#include "plot/guides.h"
#include "query/density_query.h"
#include "table/table.h"

namespace shoal::engine {

struct DensityRequest {
  std::string x, y;  // column names
  std::string filter;
  plot::Scheme scheme = plot::Scheme::kViridis;
  plot::ColorScale scale = plot::ColorScale::kCubeRoot;
  bool is_dark = false;
  u32 width = 1000, height = 600;  // of the whole picture, in pixels
  double guide_scale = 0;          // 0: by the picture's size
  std::string title, subtitle;
  bool has_legend = true;
  bool has_caption = true;                     // room for one below the picture
  std::optional<plot::Domain> x_view, y_view;  // instead of all of the column

  friend bool operator==(const DensityRequest&, const DensityRequest&) = default;
};

class DensityView {
 public:
  // Takes what is to be shown from now on. Errors: a column that is not there or cannot be read; a filter that does
  // not parse. What was shown before stays.
  Result<void> request(const table::Table& table, const DensityRequest& request);
  const DensityRequest& requested() const { return request_; }
  // Columns that must be in the table: x, y, the filter's.
  const std::vector<size_t>& columns() const { return columns_; }

  // Works out again what depends on the table's code spaces. Call when chunks have come in or the request has
  // changed.
  Result<void> update(gpu::Device& device, const table::Table& table);

  // Counts what is new and, with `shades`, makes the picture of what is counted. False when a kernel is still
  // compiling.
  bool record(gpu::Frame& frame, const table::Table& table, bool shades);
  bool has_new_chunks(const table::Table& table) const;
  bool is_ready() const { return query_.is_ready() && shading_.is_ready(); }
  // All chunks are counted.
  bool is_complete(const table::Table& table) const { return query_.counted_chunks() == table.chunks().size(); }
  u64 counted_rows(const table::Table& table) const;

  const query::DensityQuery& query() const { return query_; }
  const plot::DensityShading& shading() const { return shading_; }
  // The domains shown, and all that could be shown.
  const plot::Domain& x_domain() const { return x_domain_; }
  const plot::Domain& y_domain() const { return y_domain_; }
  plot::Domain x_limits(const table::Table& table) const { return limits(table, x_); }
  plot::Domain y_limits(const table::Table& table) const { return limits(table, y_); }

  // Axes, titles and legend around the picture; `largest` is the value of the densest bin.
  plot::GuideLayout guides(const table::Table& table, double largest, std::string caption) const;
  plot::PixelRect plot_area() const { return plot_area_; }

 private:
  plot::Domain limits(const table::Table& table, size_t column) const;
  plot::Axis axis(const table::Table& table, size_t column, const plot::Domain& domain) const;

  DensityRequest request_;
  size_t x_ = 0, y_ = 0;
  std::vector<size_t> columns_;
  plot::Domain x_domain_, y_domain_;
  plot::AxisBinning x_bins_, y_bins_;
  plot::PixelRect plot_area_;
  query::DensityQuery query_;
  plot::DensityShading shading_;
  std::vector<table::CodeSpace> spaces_;  // of columns_, as the query was told
  bool is_stale_ = true;                  // the request has changed since update()
};

}  // namespace shoal::engine
