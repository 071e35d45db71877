#include <memory>
#include <optional>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "gpu/native/calibration.h"
#include "gpu/native/trace_writer.h"

namespace shoal::cli {
namespace {

struct AdaptersOptions {
  bool json = false;
  bool calibrate = false;
};

struct Listed {
  gpu::Capabilities adapter;
  std::optional<gpu::Roofs> roofs;  // as measured now or before
  std::optional<gpu::CallCosts> calls{};
};

Result<std::vector<Listed>> list(bool calibrate) {
  SHOAL_TRY_SET(const std::vector<gpu::Capabilities> adapters, gpu::list_adapters());
  std::vector<Listed> listed;
  for (const gpu::Capabilities& adapter : adapters) {
    const std::string file = gpu::calibration_file();
    Listed& entry = listed.emplace_back(Listed{adapter, gpu::known_roofs(adapter, file),
                                               gpu::known_call_costs(adapter.name, adapter.driver, file)});
    if (!calibrate) continue;
    const std::string index = std::to_string(listed.size() - 1);
    {
      SHOAL_TRY_SET(const auto gpu, gpu::NativeGpu::open(index, gpu::Tier::kFull, {.profile = true}));
      SHOAL_TRY_SET(entry.roofs, gpu::calibrate_roofs(*gpu, file));
    }
    SHOAL_TRY_SET(entry.calls, gpu::calibrate_call_costs(index, adapter, file));
  }
  return listed;
}

nlohmann::ordered_json to_json(const std::optional<gpu::Roofs>& roofs) {
  if (!roofs) return nullptr;
  return {{"read_bytes_per_s", roofs->read_bytes_per_s},
          {"copy_bytes_per_s", roofs->copy_bytes_per_s},
          {"atomic_adds_per_s", roofs->atomic_adds_per_s}};
}

// Microseconds, the calls themselves included.
nlohmann::ordered_json to_json(const std::optional<gpu::CallCosts>& calls) {
  if (!calls) return nullptr;
  nlohmann::ordered_json json = {{"dispatch_us", calls->dispatch.whole_us},
                                 {"barrier_us", calls->barrier.whole_us},
                                 {"compute_pass_us", calls->compute_pass.whole_us},
                                 {"render_pass_us", calls->render_pass.whole_us},
                                 {"submission_us", calls->submission.whole_us},
                                 {"compute_pipeline_us", calls->compute_pipeline.whole_us},
                                 {"bind_group_us", calls->bind_group.whole_us},
                                 {"texture_view_us", calls->texture_view.whole_us},
                                 {"sampler_us", calls->sampler.whole_us},
                                 {"draw_us", calls->draw.whole_us},
                                 {"storage_draw_us", calls->storage_draw.whole_us},
                                 {"instance_us", calls->instance.whole_us},
                                 {"first_write_us", calls->first_write.whole_us},
                                 {"first_texture_write_us", calls->first_texture_write.whole_us},
                                 {"state_us", calls->state.whole_us},
                                 {"map_us", calls->map_us},
                                 {"attachment_ns_per_byte", calls->attachment_ns_per_byte},
                                 {"depth_ns_per_byte", calls->depth_ns_per_byte},
                                 {"depth_test_ns_per_byte", calls->depth_test_ns_per_byte},
                                 {"samples_ns_per_byte", calls->samples_ns_per_byte},
                                 {"zeroing_ns_per_byte", calls->zeroing_ns_per_byte}};
  const auto add = [&json](const char* name, const std::vector<gpu::SizedCost>& costs) {
    nlohmann::ordered_json& list = json[name] = nlohmann::ordered_json::array();
    for (const gpu::SizedCost& one : costs)
      list.push_back({{"size_bytes", one.size_bytes}, {"us", one.cost.whole_us}});
  };
  add("write", calls->write);
  add("write_texture", calls->write_texture);
  add("mapped_at_creation", calls->mapped_at_creation);
  add("staged", calls->staged);
  add("copy", calls->copy);
  return json;
}

nlohmann::ordered_json to_json(const Listed& listed, size_t index) {
  const gpu::Capabilities& adapter = listed.adapter;
  const gpu::Limits& limits = adapter.limits;
  return {{"index", index},
          {"name", adapter.name},
          {"driver", adapter.driver},
          {"type", gpu::adapter_type_name(adapter.type)},
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
          {"roofs", to_json(listed.roofs)},
          {"calls", to_json(listed.calls)}};
}

std::string roofs_text(const std::optional<gpu::Roofs>& roofs) {
  if (!roofs) return "not measured yet (shoal adapters --calibrate)";
  return fmt::format("read {:.2f} GB/s, copy {:.2f} GB/s, {:.2f} atomic adds/ns", roofs->read_bytes_per_s / 1e9,
                     roofs->copy_bytes_per_s / 1e9, roofs->atomic_adds_per_s / 1e9);
}

std::string calls_text(const gpu::CallCosts& calls) {
  std::string text = fmt::format(
      "   calls: dispatch {:.1f} us, one that waits for another {:.1f} more, compute pass {:.1f}, render pass "
      "{:.1f}, "
      "submission {:.1f}\n   draw {:.1f} us, with a storage buffer for fragments {:.1f}, an instance {:.1f}, state "
      "{:.2f}\n   compute pipeline {:.0f} us, bind group {:.1f}, view {:.1f}, sampler {:.1f}, map {:.0f}\n"
      "   a submission's first write {:.1f} us, a texture's {:.1f}\n"
      "   ns/byte: attachments {:.3f}, depth {:.3f}, its test {:.3f}, samples {:.3f}, zeroing {:.3f}\n"
      "   {:<24}{:>8}{:>10}{:>15}{:>20}{:>14}\n",
      calls.dispatch.whole_us, calls.barrier.whole_us, calls.compute_pass.whole_us, calls.render_pass.whole_us,
      calls.submission.whole_us, calls.draw.whole_us, calls.storage_draw.whole_us, calls.instance.whole_us,
      calls.state.whole_us, calls.compute_pipeline.whole_us, calls.bind_group.whole_us, calls.texture_view.whole_us,
      calls.sampler.whole_us, calls.map_us, calls.first_write.whole_us, calls.first_texture_write.whole_us,
      calls.attachment_ns_per_byte, calls.depth_ns_per_byte, calls.depth_test_ns_per_byte,
      calls.samples_ns_per_byte, calls.zeroing_ns_per_byte, "transfers, us", "copy", "write", "write texture",
      "mapped at creation", "staging ring");
  for (size_t i = 0; i < calls.write.size(); ++i) {
    text += fmt::format("   {:<24}{:>8.1f}{:>10.1f}{:>15.1f}{:>20.1f}{:>14.1f}\n",
                        format_bytes(calls.write[i].size_bytes), calls.copy[i].cost.whole_us,
                        calls.write[i].cost.whole_us, calls.write_texture[i].cost.whole_us,
                        calls.mapped_at_creation[i].cost.whole_us, calls.staged[i].cost.whole_us);
  }
  return text;
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
    fmt::print("   {} adapter, {}\n", gpu::adapter_type_name(adapter.type), adapter.driver);
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
    if (adapters[i].calls) fmt::print("{}", calls_text(*adapters[i].calls));
  }
  return {};
}

}  // namespace

Command adapters_command(CLI::App& program) {
  const auto options = std::make_shared<AdaptersOptions>();
  CLI::App* parsed =
      program.add_subcommand("adapters", "What WebGPU offers here, and how fast it was measured to be");
  parsed->add_flag("--calibrate", options->calibrate,
                   "Measure each adapter's roofs and what calls cost anew: a few seconds each");
  parsed->add_flag("--json", options->json, "Print one JSON document on stdout");
  return {parsed, [options] { return run(*options); }, &options->json};
}

}  // namespace shoal::cli
