// What was measured of adapters, kept from one run to the next.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gpu/native/call_costs.h"
#include "gpu/native/roofs.h"

namespace shoal::gpu {

// Of adapter and driver as Capabilities, and a trace's note device_info, name them; nothing where `cache_file` has
// it not, or not whole.
std::optional<Roofs> known_roofs(const Capabilities& capabilities, const std::string& cache_file);
std::optional<Roofs> known_roofs(std::string_view adapter, std::string_view driver, const std::string& cache_file);
std::optional<CallCosts> known_call_costs(std::string_view adapter, std::string_view driver,
                                          const std::string& cache_file);

// Measure and leave the result in `cache_file`. Errors: those of measuring; a cache that cannot be written is done
// without.
Result<Roofs> calibrate_roofs(NativeGpu& gpu, const std::string& cache_file);
Result<CallCosts> calibrate_call_costs(const std::string& adapter, const Capabilities& capabilities,
                                       const std::string& cache_file);
// What is known, or else calibrated.
Result<Roofs> cached_roofs(NativeGpu& gpu, const std::string& cache_file);

// $XDG_CACHE_HOME/shoal/calibration.json, in ~/.cache where that is unset.
std::string calibration_file();

}  // namespace shoal::gpu
