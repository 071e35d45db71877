#include "cli/profile_output.h"

#include "base/json_writer.h"
#include "base/text.h"
#include "base/write_file.h"
#include "engine/profile.h"
#include "gpu/native/calibration.h"

namespace shoal::cli {
namespace {

std::string percent(double share) { return share > 0 ? fmt::format("{:.0f} %", 100 * share) : "-"; }

std::string rate(double rate_bytes_per_s) {
  return rate_bytes_per_s > 0 ? fmt::format("{:.2f}", rate_bytes_per_s / 1e9) : "-";
}

std::string as_table(const engine::Profile& profile) {
  if (!profile.no_passes.empty()) return profile.no_passes + "\n";
  std::string text = fmt::format("{:<28}{:>8}{:>12}{:>12}{:>10}{:>20}\n", "GPU pass", "passes", "ms", "moved",
                                 "GB/s", "of the read roof");
  gpu::PassTime all{.label = "all"};
  const auto add = [&](const gpu::PassTime& pass) {
    text += fmt::format("{:<28}{:>8}{:>12.3f}{:>12}{:>10}{:>20}\n", pass.label, pass.passes, pass.ms,
                        pass.bytes > 0 ? format_bytes(pass.bytes) : "-", rate(engine::bytes_per_s(pass)),
                        percent(engine::share_of_read_roof(profile, pass)));
  };
  for (const gpu::PassTime& pass : profile.passes) {
    add(pass);
    all.passes += pass.passes;
    all.ms += pass.ms;
    all.bytes += pass.bytes;
  }
  add(all);
  if (profile.roofs) {
    text += fmt::format("{} reads {:.2f} GB/s at best, as measured (shoal adapters --calibrate measures anew).\n",
                        profile.adapter, profile.roofs->read_bytes_per_s / 1e9);
  } else {
    text += profile.no_roofs + "\n";
  }
  if (profile.unmeasured > 0) text += fmt::format("{} more passes were not timed.\n", profile.unmeasured);
  return text;
}

void write_json(JsonWriter& json, const engine::Profile& profile) {
  json.member("adapter", profile.adapter).key("read_roof_bytes_per_s");
  if (profile.roofs) {
    json.value(profile.roofs->read_bytes_per_s);
  } else {
    json.raw("null");
  }
  json.key("passes").begin_array();
  for (const gpu::PassTime& pass : profile.passes) {
    json.begin_object()
        .member("name", pass.label)
        .member("passes", pass.passes)
        .member("ms", pass.ms)
        .member("bytes", pass.bytes)
        .member("bytes_per_s", engine::bytes_per_s(pass))
        .key("share");
    const double share = engine::share_of_read_roof(profile, pass);
    (share > 0 ? json.value(share) : json.raw("null")).end_object();
  }
  json.end_array().member("passes_not_timed", profile.unmeasured);
  const std::string& why = profile.no_passes.empty() ? profile.no_roofs : profile.no_passes;
  if (!why.empty()) json.member("why_not", why);
}

Result<void> write_timeline(const std::string& path, const engine::Profile& profile) {
  return write_text_file(path, engine::chrome_trace(profile));
}

}  // namespace

Result<std::string> profile_text(const CommonOptions& options, engine::NativeSession& session) {
  if (options.profile.empty()) return std::string();
  SHOAL_TRY_SET(const engine::Profile profile, session.profile(gpu::calibration_file()));
  if (options.profile == kProfileTable) return "\n" + as_table(profile);
  SHOAL_TRY(write_timeline(options.profile, profile));
  return fmt::format("The timeline is in {}. Open it with Perfetto or chrome://tracing.\n", options.profile);
}

Result<void> add_profile(JsonWriter& json, const CommonOptions& options, engine::NativeSession& session) {
  if (options.profile.empty()) return {};
  SHOAL_TRY_SET(const engine::Profile profile, session.profile(gpu::calibration_file()));
  json.key("profile").begin_object();
  write_json(json, profile);
  if (options.profile != kProfileTable) {
    SHOAL_TRY(write_timeline(options.profile, profile));
    json.member("timeline", options.profile);
  }
  json.end_object();
  return {};
}

}  // namespace shoal::cli
