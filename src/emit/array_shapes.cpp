#include "emit/array_shapes.h"

namespace shoal::emit {
namespace {

using enum Element;
using enum Extent;

constexpr Shape one(std::string_view primitive, std::string_view field, Element element) {
  return {.primitive = primitive, .field = field, .element = element, .extent = kFixed, .plus = 1};
}
constexpr Shape of_option(std::string_view primitive, std::string_view field, Element element,
                          std::string_view option, u32 times = 1, u32 plus = 0, Fill fill = Fill::kRandom) {
  return {.primitive = primitive,
          .field = field,
          .element = element,
          .extent = kOfOption,
          .option = option,
          .times = times,
          .plus = plus,
          .fill = fill};
}
constexpr Shape each(std::string_view primitive, std::string_view field, Element element, Fill fill = Fill::kRandom,
                     std::string_view fill_option = {}, u32 plus = 0) {
  return {.primitive = primitive,
          .field = field,
          .element = element,
          .plus = plus,
          .fill = fill,
          .fill_option = fill_option};
}

constexpr Shape kShapes[] = {
    one("argmax", "result", kU32),
    one("argmin", "result", kU32),
    one("count_distinct", "result", kU32),
    one("count_if", "result", kU32),
    one("fold", "result", kOfType),
    one("scan", "total", kOfType),
    each("envelope", "values", kOfType),
    of_option("envelope", "offsets", kU32, "column_count", 1, 1, Fill::kRising),
    of_option("envelope", "extremes", kOfType, "column_count", 2),
    of_option("envelope", "rows", kU32, "column_count", 4),
    each("group_by", "codes", kU32, Fill::kBelow, "group_count"),
    {.primitive = "group_by",
     .field = "groups",
     .element = kU32,
     .extent = kOfOption,
     .option = "group_count",
     .times = 8,
     .float_times = 12,
     .wide_times = 13},
    each("grouped_quantiles", "codes", kU32, Fill::kBelow, "group_count"),
    {.primitive = "grouped_quantiles",
     .field = "result",
     .extent = kOfOption,
     .option = "quantiles",
     .by = "group_count"},
    of_option("hybrid_decode", "runs", kU32, "run_count", 3),
    each("hybrid_decode", "bytes", kU32),
    each("hybrid_decode", "result", kU32),
    of_option("delta_decode", "runs", kU32, "run_count", 3),
    of_option("delta_decode", "least", kU32, "run_count", 2),
    each("delta_decode", "bytes", kU32),
    each("segmented_sort", "values", kU32),
    each("segmented_sort", "sorted_values", kU32),
    of_option("fold_states", "result", kU32, "state_words"),
    of_option("scan_states", "total", kU32, "state_words"),
    {.primitive = "scan_states", .field = "result", .element = kU32, .by = "state_words"},
    each("point_density", "xs", kF32),
    each("point_density", "ys", kF32),
    {.primitive = "point_density", .field = "result", .extent = kOfOption, .option = "columns", .by = "rows"},
    {.primitive = "point_density",
     .field = "counts",
     .element = kU32,
     .extent = kOfOption,
     .option = "columns",
     .by = "rows"},
    of_option("histogram", "edges", kF32, "bin_count", 1, 1, Fill::kEdges),
    of_option("histogram", "counts", kU32, "bin_count"),
    of_option("lower_bound", "sorted", kOfType, "sorted_count", 1, 0, Fill::kSorted),
    of_option("upper_bound", "sorted", kOfType, "sorted_count", 1, 0, Fill::kSorted),
    each("lower_bound", "result", kU32),
    each("upper_bound", "result", kU32),
    of_option("merge", "a_keys", kOfType, "a_count", 1, 0, Fill::kSorted),
    of_option("merge", "b_keys", kOfType, "b_count", 1, 0, Fill::kSorted),
    of_option("merge", "a_values", kU32, "a_count"),
    of_option("merge", "b_values", kU32, "b_count"),
    each("merge", "merged_values", kU32),
    each("morton_encode", "codes", kPoint),
    each("morton_decode", "codes", kPoint),
    of_option("quantiles", "result", kOfType, "quantiles"),
    each("random_numbers", "result", kU32),
    each("run_length_decode", "lengths", kU32, Fill::kShort),
    each("segmented_reduce", "offsets", kU32, Fill::kRising, {}, 1),
    each("sum_floats", "values", kF32),
    {.primitive = "sum_floats", .field = "result", .element = kU32, .extent = kFixed, .plus = 4},
    each("sort", "values", kU32),
    each("sort", "sorted_values", kU32),
    each("sample_rows", "words", kU32),
    of_option("sample_rows", "rows", kU32, "k"),
    {.primitive = "bernoulli_rows", .field = "bits", .element = kBit},
    of_option("top_k", "result", kOfType, "k"),
    of_option("top_k", "rows", kU32, "k"),
    of_option("bottom_k", "result", kOfType, "k"),
    of_option("bottom_k", "rows", kU32, "k"),
    each("unique", "values", kOfType, Fill::kRuns),
    each("run_length_encode", "values", kOfType, Fill::kRuns),
    each("unpack", "packed", kPacked),
    each("unpack", "result", kU32),
    each("gather", "indices", kU32, Fill::kBackwards),
    each("scatter", "indices", kU32, Fill::kBackwards),
    // Of any primitive.
    each({}, "codes", kU32),
    each({}, "indices", kU32),
    each({}, "lengths", kU32),
    each({}, "offsets", kU32, Fill::kRising, {}, 1),
    each({}, "rows", kU32),
    each({}, "starts", kU32),
    each({}, "xs", kU32, Fill::kShort),
    each({}, "ys", kU32, Fill::kShort),
    each({}, "zs", kU32, Fill::kShort),
};

}  // namespace

Shape shape_of(std::string_view primitive, std::string_view field) {
  for (const Shape& shape : kShapes) {
    if (shape.field == field && (shape.primitive.empty() || shape.primitive == primitive)) return shape;
  }
  if (field.ends_with("_count")) return one(primitive, field, kU32);
  return each(primitive, field, kOfType);
}

}  // namespace shoal::emit
