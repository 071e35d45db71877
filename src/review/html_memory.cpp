// Memory over time, by label.
#include <algorithm>
#include <map>
#include <utility>

#include "base/text.h"
#include "review/html_page.h"
#include "review/saturated.h"

namespace shoal::review {
namespace {

constexpr size_t kMostColumns = 480;  // frames beyond are put together
constexpr size_t kMostSeries = 9;     // as many as there are colours
constexpr int kWidth = 960, kHeight = 200;

struct Series {
  std::string name;
  std::vector<double> values;  // bytes, one a column
  double most() const { return values.empty() ? 0 : *std::ranges::max_element(values); }
};

class MemoryChart {
 public:
  explicit MemoryChart(const TraceModel& model)
      : model_(model), columns_(std::min(model.frames().size(), kMostColumns)) {}

  std::string run() {
    std::vector<Series> all = series();
    double highest = 0;
    for (size_t i = 0; i < columns_; ++i) {
      double sum = 0;
      for (const Series& one : all) sum += one.values[i];
      highest = std::max(highest, sum);
    }
    if (highest <= 0) return "<p>The program made no buffers and no textures.</p>\n";
    std::string out = fmt::format(
        "<p class='dim'>What lives at the end of each frame; the whole height is {}.</p>\n<svg viewBox='0 0 {} {}' "
        "preserveAspectRatio='none' role='img' aria-label='Memory by label, frame by frame' style='height:{}px'>\n",
        format_bytes(saturated(highest)), kWidth, kHeight, kHeight);
    std::vector<double> base(columns_, 0);
    for (size_t s = 0; s < all.size(); ++s) {
      out += fmt::format("<path style='fill:var(--c{})' d='{}'/>\n", color(s), area(all[s], base, highest));
    }
    out += "</svg>\n<p class='legend'>";
    for (size_t s = 0; s < all.size(); ++s) {
      if (!(all[s].most() > 0)) continue;  // it ends within the frame that makes it
      out += fmt::format("<span><i style='background:var(--c{})'></i>{}, at most {}</span> ", color(s),
                         html_escaped(all[s].name), format_bytes(saturated(all[s].most())));
    }
    return out + "</p>\n";
  }

 private:
  // The palest is for what is put together.
  static size_t color(size_t series) { return (series + 1) % kMostSeries; }

  size_t column_of(u32 step) const {
    const size_t frames = model_.frames().size(), frame = model_.steps()[step].frame;
    return frames <= kMostColumns ? frame : frame * kMostColumns / frames;
  }

  std::vector<Series> series() const {
    std::map<std::string, std::vector<double>> by_label;  // what is added in each column
    for (const auto& [id, object] : model_.objects()) {
      if (object.size_bytes == 0 || object.made >= model_.steps().size()) continue;
      constexpr size_t kMostLabels = 4096;
      std::string label = object.label.empty() ? "without a label" : std::string(object.label.substr(0, 40));
      if (by_label.size() >= kMostLabels && !by_label.contains(label)) label = "others";
      std::vector<double>& change = by_label[label];
      change.resize(columns_);
      const double bytes = static_cast<double>(object.size_bytes);
      change[column_of(object.made)] += bytes;
      if (const u32 end = std::min(object.destroyed, object.released); end != kNone)
        change[column_of(end)] -= bytes;
    }
    std::vector<Series> all;
    for (auto& [label, change] : by_label) {
      double lives = 0;
      for (double& value : change) value = lives = std::max(0.0, lives + value);
      all.push_back({label, std::move(change)});
    }
    std::ranges::sort(all, {},
                      [](const Series& one) { return std::pair(-one.most(), std::string_view(one.name)); });
    while (all.size() > kMostSeries) {
      Series& others = all[kMostSeries - 1];
      others.name = "others";
      for (size_t i = 0; i < columns_; ++i) others.values[i] += all.back().values[i];
      all.pop_back();
    }
    return all;
  }

  // Above what is there already, which it adds itself to; a step for each column.
  std::string area(const Series& series, std::vector<double>& base, double highest) const {
    const auto x = [&](size_t i) { return static_cast<double>(kWidth * i) / static_cast<double>(columns_); };
    const auto y = [&](double bytes) { return kHeight * (1 - 0.96 * bytes / highest); };
    std::string upper, lower;
    for (size_t i = 0; i < columns_; ++i) {
      const double top = y(base[i] + series.values[i]);
      upper += fmt::format("{}{:.1f},{:.1f}H{:.1f}", i == 0 ? "M" : "L", x(i), top, x(i + 1));
    }
    for (size_t i = columns_; i-- > 0;) {
      lower += fmt::format("L{:.1f},{:.1f}H{:.1f}", x(i + 1), y(base[i]), x(i));
      base[i] += series.values[i];
    }
    return upper + lower + "Z";
  }

  const TraceModel& model_;
  size_t columns_;
};

}  // namespace

std::string html_memory(const TraceModel& model) {
  return "<h2>Memory</h2>\n" +
         (model.frames().empty() ? std::string("<p>The program said nothing.</p>\n") : MemoryChart(model).run());
}

}  // namespace shoal::review
