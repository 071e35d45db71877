#include <memory>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "gpu/native/roofs.h"

namespace shoal::cli {
namespace {

std::string_view type_text(gpu::AdapterType type) {
  switch (type) {
    case gpu::AdapterType::kDiscrete: return "discrete";
    case gpu::AdapterType::kIntegrated: return "integrated";
    case gpu::AdapterType::kSoftware: return "software";
    case gpu::AdapterType::kUnknown: return "unknown";
  }
  return "unknown";
}

struct AdaptersOptions {
  bool json = false;
  bool calibrate = false;
};

struct Listed {
  gpu::Capabilities adapter;
  std::optional<gpu::Roofs> roofs;  // as measured now or before
};

Result<std::vector<Listed>> list(bool calibrate) {
  SHOAL_TRY_SET(const std::vector<gpu::Capabilities> adapters, gpu::list_adapters());
  std::vector<Listed> listed;
  for (const gpu::Capabilities& adapter : adapters) {
    Listed& entry = listed.emplace_back(Listed{adapter, gpu::known_roofs(adapter, gpu::roofs_cache_file())});
    if (!calibrate) continue;
    SHOAL_TRY_SET(const auto gpu,
                  gpu::NativeGpu::open(std::to_string(listed.size() - 1), gpu::Tier::kFull, {.profile = true}));
    SHOAL_TRY_SET(entry.roofs, gpu::calibrate_roofs(*gpu, gpu::roofs_cache_file()));
  }
  return listed;
}

nlohmann::ordered_json to_json(const std::optional<gpu::Roofs>& roofs) {
  if (!roofs) return nullptr;
  return {{"read_bytes_per_s", roofs->read_bytes_per_s},
          {"copy_bytes_per_s", roofs->copy_bytes_per_s},
          {"atomic_adds_per_s", roofs->atomic_adds_per_s}};
}

nlohmann::ordered_json to_json(const Listed& listed, size_t index) {
  const gpu::Capabilities& adapter = listed.adapter;
  const gpu::Limits& limits = adapter.limits;
  return {{"index", index},
          {"name", adapter.name},
          {"driver", adapter.driver},
          {"type", type_text(adapter.type)},
          {"features",
           {{"timestamps", adapter.features.timestamps},
            {"subgroups", adapter.features.subgroups},
            {"f16", adapter.features.f16}}},
          {"subgroup_sizes", {adapter.features.subgroup_min_size, adapter.features.subgroup_max_size}},
          {"limits",
           {{"max_buffer_size", limits.max_buffer_size_bytes},
            {"max_storage_binding_size", limits.max_storage_binding_size_bytes},
            {"max_workgroups_per_dimension", limits.max_workgroups_per_dimension},
            {"max_invocations_per_workgroup", limits.max_invocations_per_workgroup},
            {"max_workgroup_storage", limits.max_workgroup_storage_bytes}}},
          {"roofs", to_json(listed.roofs)}};
}

std::string roofs_text(const std::optional<gpu::Roofs>& roofs) {
  if (!roofs) return "not measured yet (shoal adapters --calibrate)";
  return fmt::format("read {:.2f} GB/s, copy {:.2f} GB/s, {:.2f} atomic adds/ns", roofs->read_bytes_per_s / 1e9,
                     roofs->copy_bytes_per_s / 1e9, roofs->atomic_adds_per_s / 1e9);
}

Result<void> run(const AdaptersOptions& options) {
  SHOAL_TRY_SET(const std::vector<Listed> adapters, list(options.calibrate));
  if (options.json) {
    nlohmann::ordered_json document = nlohmann::ordered_json::array();
    for (size_t i = 0; i < adapters.size(); ++i) document.push_back(to_json(adapters[i], i));
    fmt::print("{}\n", nlohmann::ordered_json{{"adapters", document}}.dump(
                           -1, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
    return {};
  }
  for (size_t i = 0; i < adapters.size(); ++i) {
    const gpu::Capabilities& adapter = adapters[i].adapter;
    fmt::print("{}  {}\n", i, adapter.name);
    fmt::print("   {} adapter, {}\n", type_text(adapter.type), adapter.driver);
    fmt::print("   largest buffer {}, largest binding {}, {} invocations a workgroup\n",
               format_bytes(adapter.limits.max_buffer_size_bytes),
               format_bytes(adapter.limits.max_storage_binding_size_bytes),
               adapter.limits.max_invocations_per_workgroup);
    std::string features;
    if (adapter.features.timestamps) features += ", timestamps";
    if (adapter.features.subgroups) {
      features += ", subgroups";
      // A driver that does not tell says 0.
      if (adapter.features.subgroup_max_size > 0) {
        features +=
            fmt::format(" of {} to {}", adapter.features.subgroup_min_size, adapter.features.subgroup_max_size);
      }
    }
    if (adapter.features.f16) features += ", f16";
    fmt::print("   features: {}\n", features.empty() ? "none" : features.substr(2));
    fmt::print("   roofs: {}\n", roofs_text(adapters[i].roofs));
  }
  return {};
}

}  // namespace

Command adapters_command(CLI::App& program) {
  const auto options = std::make_shared<AdaptersOptions>();
  CLI::App* parsed =
      program.add_subcommand("adapters", "What WebGPU offers here, and how fast it was measured to be");
  parsed->add_flag("--calibrate", options->calibrate, "Measure each adapter's roofs anew: about a second each");
  parsed->add_flag("--json", options->json, "Print one JSON document on stdout");
  return {parsed, [options] { return run(*options); }, &options->json};
}

}  // namespace shoal::cli
