// Roofs on disk: one JSON object, by adapter and driver.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/write_file.h"
#include "gpu/native/roofs.h"

namespace shoal::gpu {
namespace {

nlohmann::json read_cache(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  nlohmann::json cache = nlohmann::json::parse(text, nullptr, false);
  return cache.is_object() ? cache : nlohmann::json::object();
}

// A roof, or 0 where the entry has none that could be one.
double positive(const nlohmann::json& entry, const char* name) {
  const auto found = entry.find(name);
  return found != entry.end() && found->is_number() ? found->get<double>() : 0;
}

std::string key_of(const Capabilities& capabilities) {
  return fmt::format("{}, {}", capabilities.name, capabilities.driver);
}

}  // namespace

std::string roofs_cache_file() {
  const char* cache = std::getenv("XDG_CACHE_HOME");
  if (cache != nullptr && cache[0] != '\0') return std::string(cache) + "/shoal/roofs.json";
  const char* home = std::getenv("HOME");
  return std::string(home == nullptr ? "" : home) + "/.cache/shoal/roofs.json";
}

std::optional<Roofs> known_roofs(const Capabilities& capabilities, const std::string& cache_file) {
  const nlohmann::json cache = read_cache(cache_file);
  const auto entry = cache.find(key_of(capabilities));
  if (entry == cache.end() || !entry->is_object()) return std::nullopt;
  const Roofs known{.read_bytes_per_s = positive(*entry, "read_bytes_per_s"),
                    .copy_bytes_per_s = positive(*entry, "copy_bytes_per_s"),
                    .atomic_adds_per_s = positive(*entry, "atomic_adds_per_s")};
  if (known.read_bytes_per_s > 0 && known.copy_bytes_per_s > 0 && known.atomic_adds_per_s > 0) return known;
  return std::nullopt;
}

Result<Roofs> calibrate_roofs(NativeGpu& gpu, const std::string& cache_file) {
  SHOAL_TRY_SET(const Roofs roofs, measure_roofs(gpu));
  nlohmann::json cache = read_cache(cache_file);
  cache[key_of(gpu.device().capabilities)] = {{"read_bytes_per_s", roofs.read_bytes_per_s},
                                              {"copy_bytes_per_s", roofs.copy_bytes_per_s},
                                              {"atomic_adds_per_s", roofs.atomic_adds_per_s}};
  std::error_code ignored;
  std::filesystem::create_directories(std::filesystem::path(cache_file).parent_path(), ignored);
  const std::string text = cache.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
  static_cast<void>(write_text_file(cache_file, text));
  return roofs;
}

Result<Roofs> cached_roofs(NativeGpu& gpu, const std::string& cache_file) {
  if (const auto known = known_roofs(gpu.device().capabilities, cache_file)) return *known;
  return calibrate_roofs(gpu, cache_file);
}

}  // namespace shoal::gpu
