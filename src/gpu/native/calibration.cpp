// On disk it is one JSON object, by adapter and driver.
#include "gpu/native/calibration.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <nlohmann/json.hpp>

#include "base/write_file.h"

namespace shoal::gpu {
namespace {

using Json = nlohmann::ordered_json;

Json read_cache(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  Json cache = Json::parse(text, nullptr, false);
  return cache.is_object() ? cache : Json::object();
}

// What is known of an adapter; null where nothing is.
Json entry_of(const std::string& path, std::string_view adapter, std::string_view driver) {
  const Json cache = read_cache(path);
  const auto entry = cache.find(fmt::format("{}, {}", adapter, driver));
  return entry != cache.end() && entry->is_object() ? *entry : Json();
}

void write_entry(const std::string& path, const Capabilities& capabilities, const Json& members) {
  Json cache = read_cache(path);
  Json& entry = cache[fmt::format("{}, {}", capabilities.name, capabilities.driver)];
  if (!entry.is_object()) entry = Json::object();
  for (const auto& [name, value] : members.items()) entry[name] = value;
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
  const std::string text = cache.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  static_cast<void>(write_text_file(path, text));
}

// A number, or -1 where the object has none that could be one.
double number(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number() ? found->get<double>() : -1;
}

Json to_json(const CallCost& cost) { return {{"call_us", cost.call_us}, {"whole_us", cost.whole_us}}; }

Json to_json(const std::vector<SizedCost>& costs) {
  Json list = Json::array();
  for (const SizedCost& one : costs) {
    Json& added = list.emplace_back(to_json(one.cost));
    added["size_bytes"] = one.size_bytes;
  }
  return list;
}

// What is read says whether all of it was there.
class Reader {
 public:
  explicit Reader(const Json& from) : from_(from) {}

  double number_of(const Json& object, const char* name) {
    const double value = number(object, name);
    is_whole_ = is_whole_ && value >= 0;
    return value;
  }
  double number_of(const char* name) { return number_of(from_, name); }
  CallCost cost_in(const Json& object) { return {number_of(object, "call_us"), number_of(object, "whole_us")}; }
  CallCost cost(const char* name) { return cost_in(member(name)); }
  std::vector<SizedCost> sized(const char* name) {
    std::vector<SizedCost> costs;
    const Json list = member(name);
    is_whole_ = is_whole_ && list.is_array() && !list.empty();
    if (!is_whole_) return costs;
    for (const Json& one : list) {
      const double size = one.is_object() ? number_of(one, "size_bytes") : -1;
      // The smallest first, none twice.
      is_whole_ =
          is_whole_ && size > (costs.empty() ? 0 : static_cast<double>(costs.back().size_bytes)) && size < 1e15;
      if (!is_whole_) break;
      costs.push_back({static_cast<u64>(size), cost_in(one)});
    }
    return costs;
  }
  bool is_whole() const { return is_whole_; }

 private:
  Json member(const char* name) const {
    const auto found = from_.find(name);
    return found == from_.end() ? Json() : *found;
  }

  const Json& from_;
  bool is_whole_ = true;
};

}  // namespace

std::string calibration_file() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && cache[0] != '\0') return std::string(cache) + "/shoal/calibration.json";
  const char* home = std::getenv("HOME");
  return std::string(home == nullptr ? "" : home) + "/.cache/shoal/calibration.json";
}

std::optional<Roofs> known_roofs(std::string_view adapter, std::string_view driver, const std::string& cache_file) {
  const Json entry = entry_of(cache_file, adapter, driver);
  const Roofs known{.read_bytes_per_s = number(entry, "read_bytes_per_s"),
                    .copy_bytes_per_s = number(entry, "copy_bytes_per_s"),
                    .atomic_adds_per_s = number(entry, "atomic_adds_per_s")};
  if (known.read_bytes_per_s > 0 && known.copy_bytes_per_s > 0 && known.atomic_adds_per_s > 0) return known;
  return std::nullopt;
}

std::optional<Roofs> known_roofs(const Capabilities& capabilities, const std::string& cache_file) {
  return known_roofs(capabilities.name, capabilities.driver, cache_file);
}

std::optional<CallCosts> known_call_costs(std::string_view adapter, std::string_view driver,
                                          const std::string& cache_file) {
  const Json entry = entry_of(cache_file, adapter, driver);
  const auto found = entry.find("calls");
  if (found == entry.end() || !found->is_object()) return std::nullopt;
  Reader reader(*found);
  CallCosts costs{.dispatch = reader.cost("dispatch"),
                  .barrier = reader.cost("barrier"),
                  .compute_pass = reader.cost("compute_pass"),
                  .render_pass = reader.cost("render_pass"),
                  .submission = reader.cost("submission"),
                  .compute_pipeline = reader.cost("compute_pipeline"),
                  .bind_group = reader.cost("bind_group"),
                  .texture_view = reader.cost("texture_view"),
                  .sampler = reader.cost("sampler"),
                  .draw = reader.cost("draw"),
                  .storage_draw = reader.cost("storage_draw"),
                  .instance = reader.cost("instance"),
                  .state = reader.cost("state"),
                  .map_us = reader.number_of("map_us"),
                  .attachment_ns_per_byte = reader.number_of("attachment_ns_per_byte"),
                  .depth_ns_per_byte = reader.number_of("depth_ns_per_byte"),
                  .depth_test_ns_per_byte = reader.number_of("depth_test_ns_per_byte"),
                  .samples_ns_per_byte = reader.number_of("samples_ns_per_byte"),
                  .zeroing_ns_per_byte = reader.number_of("zeroing_ns_per_byte"),
                  .first_write = reader.cost("first_write"),
                  .first_texture_write = reader.cost("first_texture_write"),
                  .write = reader.sized("write"),
                  .write_texture = reader.sized("write_texture"),
                  .mapped_at_creation = reader.sized("mapped_at_creation"),
                  .staged = reader.sized("staged"),
                  .copy = reader.sized("copy")};
  const auto sizes_of = [](const std::vector<SizedCost>& list) {
    std::vector<u64> sizes;
    for (const SizedCost& one : list) sizes.push_back(one.size_bytes);
    return sizes;
  };
  const std::vector<u64> sizes = sizes_of(costs.write);
  const std::vector<SizedCost>* others[] = {&costs.write_texture, &costs.mapped_at_creation, &costs.staged,
                                            &costs.copy};
  const bool is_alike =
      std::ranges::all_of(others, [&](const std::vector<SizedCost>* list) { return sizes_of(*list) == sizes; });
  if (!reader.is_whole() || !is_alike) {
    return std::nullopt;
  }
  return costs;
}

Result<Roofs> calibrate_roofs(NativeGpu& gpu, const std::string& cache_file) {
  SHOAL_TRY_SET(const Roofs roofs, measure_roofs(gpu));
  write_entry(cache_file, gpu.device().capabilities,
              {{"read_bytes_per_s", roofs.read_bytes_per_s},
               {"copy_bytes_per_s", roofs.copy_bytes_per_s},
               {"atomic_adds_per_s", roofs.atomic_adds_per_s}});
  return roofs;
}

Result<CallCosts> calibrate_call_costs(const std::string& adapter, const Capabilities& capabilities,
                                       const std::string& cache_file) {
  SHOAL_TRY_SET(CallCosts costs, measure_call_costs(adapter));
  write_entry(cache_file, capabilities,
              {{"calls",
                {{"dispatch", to_json(costs.dispatch)},
                 {"barrier", to_json(costs.barrier)},
                 {"compute_pass", to_json(costs.compute_pass)},
                 {"render_pass", to_json(costs.render_pass)},
                 {"submission", to_json(costs.submission)},
                 {"compute_pipeline", to_json(costs.compute_pipeline)},
                 {"bind_group", to_json(costs.bind_group)},
                 {"texture_view", to_json(costs.texture_view)},
                 {"sampler", to_json(costs.sampler)},
                 {"draw", to_json(costs.draw)},
                 {"storage_draw", to_json(costs.storage_draw)},
                 {"instance", to_json(costs.instance)},
                 {"state", to_json(costs.state)},
                 {"map_us", costs.map_us},
                 {"attachment_ns_per_byte", costs.attachment_ns_per_byte},
                 {"depth_ns_per_byte", costs.depth_ns_per_byte},
                 {"depth_test_ns_per_byte", costs.depth_test_ns_per_byte},
                 {"samples_ns_per_byte", costs.samples_ns_per_byte},
                 {"zeroing_ns_per_byte", costs.zeroing_ns_per_byte},
                 {"first_write", to_json(costs.first_write)},
                 {"first_texture_write", to_json(costs.first_texture_write)},
                 {"write", to_json(costs.write)},
                 {"write_texture", to_json(costs.write_texture)},
                 {"mapped_at_creation", to_json(costs.mapped_at_creation)},
                 {"staged", to_json(costs.staged)},
                 {"copy", to_json(costs.copy)}}}});
  return costs;
}

Result<Roofs> cached_roofs(NativeGpu& gpu, const std::string& cache_file) {
  if (const auto known = known_roofs(gpu.device().capabilities, cache_file)) return *known;
  return calibrate_roofs(gpu, cache_file);
}

}  // namespace shoal::gpu
