#include "engine/density_view.h"

#include <algorithm>
#include <numeric>

#include "engine/table_filter.h"

namespace shoal::engine {

Result<void> DensityView::request(const table::Table& table, const DensityRequest& wanted) {
  SHOAL_TRY_SET(const size_t x, table.find(wanted.x));
  SHOAL_TRY_SET(const size_t y, table.find(wanted.y));
  SHOAL_TRY_SET(const query::CompiledFilter filter, compile_filter(table, wanted.filter));
  x_ = x;
  y_ = y;
  columns_ = {x};
  const auto add = [this](size_t column) {
    if (std::ranges::count(columns_, column) == 0) columns_.push_back(column);
  };
  add(y);
  std::ranges::for_each(filter.columns, add);
  request_ = wanted;
  is_stale_ = true;
  return {};
}

plot::Domain DensityView::limits(const table::Table& table, size_t column) const {
  const table::Column& shown = table.columns()[column];
  plot::Domain domain = plot::domain_of_column(shown.space);
  if (!shown.source.range) return domain;
  // The file says how far the axis reaches before all rows are in, so that it need not grow; what the rows say
  // wins.
  if (const auto* stated = std::get_if<std::pair<double, double>>(&shown.source.range->bounds)) {
    if (domain.kind != plot::DomainKind::kFloat) return domain;
    const plot::Domain whole = plot::float_domain(stated->first, stated->second);
    const bool has_values = shown.space.first_finite_code <= shown.space.last_finite_code;
    if (!has_values) return whole;
    domain.float_low = std::min(domain.float_low, whole.float_low);
    domain.float_high = std::max(domain.float_high, whole.float_high);
    return domain;
  }
  if (domain.kind != plot::DomainKind::kInteger && domain.kind != plot::DomainKind::kTime) return domain;
  const auto& [low, high] = std::get<std::pair<i128, i128>>(shown.source.range->bounds);
  if (low > high || shown.space.first_code > shown.space.last_code) return domain;
  const i128 first = std::min(low, domain.low);
  const i128 last = std::max(high, domain.high - static_cast<i128>(domain.step));
  const u64 apart = std::gcd(static_cast<u64>(domain.low - first), static_cast<u64>(last - first));
  const u64 step = std::gcd(domain.step, apart);
  if (domain.kind == plot::DomainKind::kInteger) return plot::integer_domain(first, last, std::max<u64>(step, 1));
  return plot::time_domain(first, last, domain.units_per_day, std::max<u64>(step, 1));
}

Result<void> DensityView::update(gpu::Device& device, const table::Table& table) {
  std::vector<table::CodeSpace> spaces;
  for (const size_t column : columns_) spaces.push_back(table.columns()[column].space);
  if (!is_stale_ && spaces == spaces_) return {};
  SHOAL_TRY(shading_.prepare(device));

  const plot::Domain x_domain = request_.x_view.value_or(limits(table, x_));
  const plot::Domain y_domain = request_.y_view.value_or(limits(table, y_));
  const bool is_anew = is_stale_ || x_domain != x_domain_ || y_domain != y_domain_;
  x_domain_ = x_domain;
  y_domain_ = y_domain;
  plot_area_ = guides(table, 0, request_.has_caption ? "caption" : "").plot;
  const u32 most_x = std::min(plot_area_.width, query::kMostBins);
  const u32 most_y = std::min(plot_area_.height, query::kMostBins);
  SHOAL_TRY_SET(x_bins_, plot::bin_axis(x_domain_, table.columns()[x_].space, most_x));
  SHOAL_TRY_SET(y_bins_, plot::bin_axis(y_domain_, table.columns()[y_].space, most_y));
  SHOAL_TRY_SET(query::CompiledFilter filter, compile_filter(table, request_.filter));
  query::DensityPlan plan{
      .x = x_, .y = y_, .x_bins = x_bins_.edges, .y_bins = y_bins_.edges, .filter = std::move(filter)};
  if (is_anew) {
    SHOAL_TRY(query_.begin(device, table, std::move(plan)));
  } else {
    SHOAL_TRY(query_.follow(device, table, std::move(plan)));
  }
  spaces_ = std::move(spaces);
  is_stale_ = false;
  return {};
}

bool DensityView::has_new_chunks(const table::Table& table) const {
  return query_.available_chunks(table) > query_.counted_chunks();
}

bool DensityView::record(gpu::Frame& frame, const table::Table& table, bool shades) {
  if (!is_ready()) return false;
  query_.record(frame, table);
  if (shades) {
    shading_.record(frame, {.counts = query_.counts_and_beyond(),
                            .x = &x_bins_,
                            .y = &y_bins_,
                            .width = plot_area_.width,
                            .height = plot_area_.height,
                            .scheme = request_.scheme,
                            .scale = request_.scale,
                            .is_dark = request_.is_dark});
  }
  return true;
}

u64 DensityView::counted_rows(const table::Table& table) const {
  u64 rows = 0;
  for (size_t chunk = 0; chunk < query_.counted_chunks(); ++chunk) rows += table.chunks()[chunk].rows;
  return rows;
}

plot::Axis DensityView::axis(const table::Table& table, size_t column, const plot::Domain& domain) const {
  const table::Column& shown = table.columns()[column];
  plot::Axis axis{.domain = domain, .title = shown.source.name, .category = {}};
  if (shown.space.dictionary != nullptr) {
    axis.category = [codes = plot::sorted_codes(*shown.space.dictionary),
                     &dictionary = *shown.space.dictionary](u64 place) {
      return place < codes.size() ? std::string(dictionary[codes[static_cast<size_t>(place)]]) : std::string();
    };
  } else if (shown.source.type.kind == table::TypeKind::kBoolean) {
    axis.category = [](u64 code) { return std::string(code == 0 ? "false" : "true"); };
  }
  return axis;
}

plot::GuideLayout DensityView::guides(const table::Table& table, double largest, std::string caption) const {
  plot::GuideRequest guides{.width = request_.width,
                            .height = request_.height,
                            .scale = request_.guide_scale,
                            .theme = request_.is_dark ? plot::kDarkTheme : plot::kLightTheme,
                            .x = axis(table, x_, x_domain_),
                            .y = axis(table, y_, y_domain_),
                            .legend = {},
                            .title = request_.title,
                            .subtitle = request_.subtitle,
                            .caption = std::move(caption)};
  if (request_.has_legend) {
    guides.legend = plot::Legend{.scheme = request_.scheme, .scale = request_.scale, .largest = largest};
  }
  return plot::layout_guides(guides);
}

}  // namespace shoal::engine
