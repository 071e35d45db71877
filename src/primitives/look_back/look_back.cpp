#include "primitives/look_back/look_back.h"

#include "primitives/look_back/clear_tiles.kernel.h"
#include "primitives/look_back/clear_tiles_layout.gen.h"
#include "primitives/tuning/tuning.h"

namespace shoal::primitives {
namespace {

constexpr u32 kClearedByGroup = 256;  // clear_tiles.wgsl's workgroup size

// Of workgroup memory chained_compact.wgsl takes most then.
constexpr u32 kLargeStorageBytes = 20'480;

bool is_large(const gpu::Capabilities& capabilities) {
  return capabilities.limits.max_invocations_per_workgroup >= 512 &&
         capabilities.limits.max_workgroup_storage_bytes >= kLargeStorageBytes;
}

// One more than tiles: the first is the next tile to take.
u64 pair_count(const gpu::Capabilities& capabilities, u32 most_elements) {
  return divide_round_up(u64{most_elements}, u64{look_back_tile_elements(capabilities)}) + 1;
}

}  // namespace

bool prefers_look_back(const gpu::Capabilities& capabilities) {
  return capabilities.features.subgroups && tuning(capabilities, Tunable::kLookBack).values[0] != 0;
}

std::vector<std::string_view> look_back_features(const gpu::Capabilities& capabilities) {
  if (is_large(capabilities)) return {"large"};
  return {};
}

u32 look_back_tile_elements(const gpu::Capabilities& capabilities) { return is_large(capabilities) ? 16384 : 8192; }

u64 look_back_bytes(const gpu::Capabilities& capabilities, u32 most_elements) {
  return pair_count(capabilities, most_elements) * 8;
}

KernelChoice clearing(const KernelChoice& joining) {
  KernelChoice choice = joining;
  choice.kernel = &clear_tiles_kernel();
  choice.entry_point = "clear_tiles";
  choice.features = {};
  choice.constants = {};
  return choice;
}

Step clearing_step(const gpu::Capabilities& capabilities, const gpu::Kernel* kernel, const gpu::View& tiles,
                   const gpu::View& total, u32 most_elements) {
  const u64 pairs = pair_count(capabilities, most_elements);
  Step step{.kernel = kernel,
            .views = {tiles, total},
            .groups = static_cast<u32>(divide_round_up(pairs, u64{kClearedByGroup}))};
  return step.with(
      ClearTilesParams{.count = most_elements, .tile_elements = look_back_tile_elements(capabilities)});
}

}  // namespace shoal::primitives
