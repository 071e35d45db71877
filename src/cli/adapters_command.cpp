#include <memory>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"

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

nlohmann::ordered_json to_json(const gpu::Capabilities& adapter, size_t index) {
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
            {"max_workgroup_storage", limits.max_workgroup_storage_bytes}}}};
}

Result<void> run(const CommonOptions& options) {
  SHOAL_TRY_SET(const std::vector<gpu::Capabilities> adapters, gpu::list_adapters());
  if (options.json) {
    nlohmann::ordered_json list = nlohmann::ordered_json::array();
    for (size_t i = 0; i < adapters.size(); ++i) list.push_back(to_json(adapters[i], i));
    fmt::print("{}\n", nlohmann::ordered_json{{"adapters", list}}.dump());
    return {};
  }
  for (size_t i = 0; i < adapters.size(); ++i) {
    const gpu::Capabilities& adapter = adapters[i];
    fmt::print("{}  {}\n", i, adapter.name);
    fmt::print("   {} adapter, {}\n", type_text(adapter.type), adapter.driver);
    fmt::print("   largest buffer {}, largest binding {}, {} invocations a workgroup\n",
               format_bytes(adapter.limits.max_buffer_size_bytes),
               format_bytes(adapter.limits.max_storage_binding_size_bytes),
               adapter.limits.max_invocations_per_workgroup);
    std::string features;
    if (adapter.features.timestamps) features += ", timestamps";
    if (adapter.features.subgroups) {
      features += fmt::format(", subgroups of {} to {}", adapter.features.subgroup_min_size,
                              adapter.features.subgroup_max_size);
    }
    if (adapter.features.f16) features += ", f16";
    fmt::print("   features: {}\n", features.empty() ? "none" : features.substr(2));
  }
  return {};
}

}  // namespace

Command adapters_command(CLI::App& program) {
  const auto options = std::make_shared<CommonOptions>();
  CLI::App* parsed = program.add_subcommand("adapters", "What WebGPU offers here");
  parsed->add_flag("--json", options->json, "Print one JSON document on stdout");
  return {parsed, [options] { return run(*options); }, &options->json};
}

}  // namespace shoal::cli
