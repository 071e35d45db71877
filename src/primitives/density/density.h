// Which form of density.wgsl an adapter is given.
#pragma once

#include "gpu/capabilities.h"
#include "primitives/density/density.kernel.h"
#include "primitives/tuning/tuning.h"

namespace shoal::primitives {

// Runs are merged where an atomic add to one address is what bounds; a software adapter's instructions bound before
// that.
inline const wgsl::KernelTemplate& density_variant(const gpu::Capabilities& adapter) {
  const bool merges_runs = adapter.features.subgroups && tuning(adapter, Tunable::kDensity).values[0] != 0;
  return merges_runs ? density_kernel().variant({"runs"}) : density_kernel().variant({});
}

}  // namespace shoal::primitives
