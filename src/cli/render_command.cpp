#include <charconv>
#include <cstring>
#include <filesystem>
#include <memory>

#include "base/json_writer.h"
#include "base/text.h"
#include "base/write_file.h"
#include "cli/commands.h"
#include "cli/profile_output.h"
#include "engine/axis_range.h"
#include "engine/column_summary.h"
#include "plot/cairo_painter.h"

namespace shoal::cli {
namespace {

constexpr u32 kLargestSide = 16'384;

struct RenderOptions {
  CommonOptions common;
  std::string file, x, y, filter, size = "1000x600", out, scheme = "viridis", scale = "cbrt", theme = "light",
                                  title;
  std::string x_range, y_range, dump_counts, dump_pixels, dump_guides;
  bool is_bare = false;
  u32 zooms = 0;
};

// How long each of `count` more pictures takes, from the wish to its pixels, each moved further in on the middle:
// another part each time, so that nothing can be kept.
Result<std::vector<double>> time_zooms(engine::NativeSession& session, engine::DensityRequest request, u32 count) {
  const plot::Domain x = session.view().x_domain(), y = session.view().y_domain();
  std::vector<double> times_ms;
  for (u32 step = 1; step <= count; ++step) {
    const double begin = gpu::steady_ms();
    const double factor = 1.0 - 0.5 * step / count;
    request.x_view = plot::zoom(x, 0.5, factor, x);
    request.y_view = plot::zoom(y, 0.5, factor, y);
    SHOAL_TRY(session.render(request, false));
    times_ms.push_back(gpu::steady_ms() - begin);
  }
  return times_ms;
}

Result<std::pair<u32, u32>> parse_size(const std::string& text) {
  u32 width = 0, height = 0;
  const char* const end = text.data() + text.size();
  const auto [x, width_error] = std::from_chars(text.data(), end, width);
  const bool has_x = width_error == std::errc{} && x != end && *x == 'x';
  const auto [rest, height_error] = has_x ? std::from_chars(x + 1, end, height) : std::from_chars_result{x, {}};
  const bool is_whole = has_x && height_error == std::errc{} && rest == end;
  if (!is_whole || width == 0 || height == 0 || width > kLargestSide || height > kLargestSide) {
    return fail(ErrorCode::kInvalidArgument,
                "--size {} is not a picture's size. Write WxH with 1 to {} pixels a side, like 1000x600.",
                quote(text), group_thousands(kLargestSide));
  }
  return std::pair(width, height);
}

Result<void> write_words(const std::string& path, const std::vector<u32>& words) {
  std::vector<u8> bytes(words.size() * 4);
  std::memcpy(bytes.data(), words.data(), bytes.size());
  return write_file(path, bytes);
}

// What the picture was made of, for those who compare or compute with it.
Result<void> dump(const RenderOptions& options, const engine::Picture& picture) {
  if (!options.dump_counts.empty()) SHOAL_TRY(write_words(options.dump_counts, picture.counts));
  if (!options.dump_pixels.empty()) SHOAL_TRY(write_words(options.dump_pixels, picture.pixels));
  if (options.dump_guides.empty()) return {};
  return write_text_file(options.dump_guides, plot::display_list_json(picture.guides) + "\n");
}

// Two outputs of one name would leave one of them.
Result<void> check_outputs(const RenderOptions& options) {
  const auto same = [](const std::string& a, const std::string& b) {
    namespace fs = std::filesystem;
    return !b.empty() && fs::path(a).lexically_normal() == fs::path(b).lexically_normal();
  };
  for (const auto& [option, path] :
       {std::pair<const char*, const std::string&>("--dump-counts", options.dump_counts),
        std::pair<const char*, const std::string&>("--dump-pixels", options.dump_pixels),
        std::pair<const char*, const std::string&>("--dump-guides", options.dump_guides),
        std::pair<const char*, const std::string&>("--trace", options.common.trace),
        std::pair<const char*, const std::string&>("--profile", options.common.profile)}) {
    if (!same(options.out, path)) continue;
    return fail(ErrorCode::kInvalidArgument, "{} names the picture itself, {}. Give it another name.", option,
                quote(path));
  }
  return {};
}

Result<void> run(const RenderOptions& options) {
  const double begin = gpu::steady_ms();
  SHOAL_TRY_SET(const auto size, parse_size(options.size));
  SHOAL_TRY(check_outputs(options));
  SHOAL_TRY_SET(const plot::PictureFormat format, plot::picture_format(options.out));
  engine::DensityRequest request;
  request.x = options.x;
  request.y = options.y;
  request.filter = options.filter;
  request.width = size.first;
  request.height = size.second;
  request.is_dark = options.theme == "dark";
  SHOAL_TRY_SET(request.scheme, plot::parse_scheme(options.scheme));
  SHOAL_TRY_SET(request.scale, plot::parse_color_scale(options.scale));
  if (options.is_bare) {
    request.has_caption = false;
  } else {
    request.title = options.title.empty() ? fmt::format("{} by {}", options.y, options.x) : options.title;
    request.subtitle = options.filter;
  }
  SHOAL_TRY_SET(const engine::SessionOptions session_settings, session_options(options.common));
  SHOAL_TRY_SET(const auto session, engine::NativeSession::open(options.file, session_settings));
  SHOAL_TRY_SET(request.x_view,
                engine::parse_axis_range(session->table(), options.x, options.x_range, "--x-range"));
  SHOAL_TRY_SET(request.y_view,
                engine::parse_axis_range(session->table(), options.y, options.y_range, "--y-range"));

  SHOAL_TRY_SET(const engine::Picture picture, session->render(request, !options.dump_counts.empty()));
  const double fetched = gpu::steady_ms();
  const plot::ShadedImage image{picture.pixels, picture.plot_area.width, picture.plot_area.height};
  SHOAL_TRY_SET(const std::vector<u8> bytes, plot::paint(picture.guides, image, format));
  SHOAL_TRY(write_file(options.out, bytes));
  SHOAL_TRY(dump(options, picture));
  session->end_stage("paint and write", fetched);
  std::vector<engine::Stage> stages = session->stages();
  stages.push_back({"all", gpu::steady_ms() - begin});

  SHOAL_TRY_SET(const std::vector<double> zooms_ms, time_zooms(*session, request, options.zooms));

  const std::string& adapter = session->device().capabilities.name;
  const query::DensityTally& tally = picture.tally;
  if (options.common.json) {
    JsonWriter json;
    json.begin_object()
        .member("out", options.out)
        .member("rows_drawn", tally.drawn)
        .member("rows_total", picture.rows_total)
        .member("rows_null", tally.null)
        .member("rows_outside", tally.outside)
        .member("rows_read", tally.read)
        .member("exact", true)
        .member("adapter", adapter)
        .member("gpu_bytes", session->table().size_bytes())
        .key("bins")
        .begin_array()
        .value(picture.bins_x)
        .value(picture.bins_y)
        .end_array()
        .key("stages")
        .begin_array();
    for (const engine::Stage& stage : stages) {
      json.begin_object().member("name", stage.name).member("ms", stage.ms).end_object();
    }
    json.end_array();
    if (options.zooms > 0) {
      json.key("zooms_ms").begin_array();
      for (const double zoom_ms : zooms_ms) json.value(zoom_ms);
      json.end_array();
    }
    SHOAL_TRY(add_profile(json, options.common, *session));
    fmt::print("{}\n", json.end_object().text());
    return {};
  }
  SHOAL_TRY_SET(const std::string profile, profile_text(options.common, *session));
  fmt::print("{}: {} of {} rows drawn, exact\n", options.out, group_thousands(tally.drawn),
             group_thousands(picture.rows_total));
  if (tally.null > 0)
    fmt::print("  {} rows have no {} or no {}\n", group_thousands(tally.null), options.x, options.y);
  if (tally.outside > 0) fmt::print("  {} rows lie outside the axes\n", group_thousands(tally.outside));
  fmt::print("  adapter  {}{}\n", adapter,
             session->device().capabilities.type == gpu::AdapterType::kSoftware
                 ? " (software: no GPU with a Vulkan driver was found)"
                 : "");
  fmt::print("  memory   {} on the GPU, {:.2f} bytes a row\n", format_bytes(session->table().size_bytes()),
             static_cast<double>(session->table().size_bytes()) /
                 static_cast<double>(std::max<u64>(picture.rows_total, 1)));
  for (const engine::Stage& stage : stages) fmt::print("  {:>8.1f} ms  {}\n", stage.ms, stage.name);
  for (const double zoom_ms : zooms_ms) fmt::print("  {:>8.1f} ms  a picture further in\n", zoom_ms);
  fmt::print("{}", profile);
  return {};
}

}  // namespace

Command render_command(CLI::App& program) {
  const auto options = std::make_shared<RenderOptions>();
  CLI::App* parsed = program.add_subcommand("render", "A picture of all rows: the density of two columns");
  parsed->add_option("FILE", options->file, "A Parquet file")->required();
  parsed->add_option("-x", options->x, "Column of the x axis")->required();
  parsed->add_option("-y", options->y, "Column of the y axis")->required();
  parsed->add_option("-o", options->out, "The picture: a name ending in .png, .svg or .pdf")->required();
  parsed->add_option("--filter", options->filter, "A condition, for instance \"delay > 60 AND origin = 'SFO'\"");
  parsed->add_option("--size", options->size, "Of the whole picture, in pixels: WxH");
  parsed->add_option("--x-range", options->x_range, "What the x axis shows: LOW:HIGH, or LOW..HIGH for times");
  parsed->add_option("--y-range", options->y_range, "What the y axis shows: LOW:HIGH, or LOW..HIGH for times");
  parsed->add_option("--scheme", options->scheme, "viridis, magma, inferno or cividis");
  parsed->add_option("--color-scale", options->scale, "linear, log or cbrt");
  parsed->add_option("--theme", options->theme, "light or dark")->check(CLI::IsMember({"light", "dark"}));
  CLI::Option* title = parsed->add_option("--title", options->title, "Instead of the columns' names");
  parsed->add_flag("--bare", options->is_bare, "No title and no caption: the picture, its axes and legend")
      ->excludes(title);
  parsed->add_option("--dump-counts", options->dump_counts, "Also write the bins' counts, as 32-bit words");
  parsed->add_option("--dump-pixels", options->dump_pixels, "Also write the plot's pixels without guides, as RGBA");
  parsed->add_option("--dump-guides", options->dump_guides,
                     "Also write the display list of axes and legend, as JSON");
  parsed
      ->add_option("--zooms", options->zooms,
                   "Then draw so many more, each further in, and say how long each takes")
      ->check(CLI::Range(0, 1000));
  parsed->add_option("--trace", options->common.trace, "Also save what was said to the GPU");
  add_profile_option(*parsed, options->common);
  add_common_options(*parsed, options->common);
  return {parsed, [options] { return run(*options); }, &options->common.json};
}

}  // namespace shoal::cli
