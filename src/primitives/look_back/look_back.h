// What the host knows of look_back.wgsl: who uses it, what it takes, and what runs before.
#pragma once

#include "gpu/device.h"
#include "primitives/launch.h"

namespace shoal::primitives {

// Whether one reading with a look-back is faster there than two readings: on GPUs, which wait for bytes. Needs
// subgroups.
bool prefers_look_back(const gpu::Capabilities& capabilities);

// `large` where workgroups of 512 lanes can be.
std::vector<std::string_view> look_back_features(const gpu::Capabilities& capabilities);
// look_back.wgsl's tile_elements.
u32 look_back_tile_elements(const gpu::Capabilities& capabilities);

// Of the tiles of so many elements.
u64 look_back_bytes(const gpu::Capabilities& capabilities, u32 most_elements);

// How tiles wait for each other; for tests.
struct Waiting {
  u32 silent_every = 0;    // of so many tiles one says nothing, ever, so that others must find out; 0: all speak
  u32 patient_looks = 64;  // in vain, before a tile is stood in for
  std::array<gpu::Constant, 2> constants() const {
    return {{{.name = "silent_every", .value = static_cast<double>(silent_every)},
             {.name = "patient_looks", .value = static_cast<double>(patient_looks)}}};
  }
};

// The kernel that runs before; `joining`: with the program that joins elements.
KernelChoice clearing(const KernelChoice& joining);
Step clearing_step(const gpu::Capabilities& capabilities, const gpu::Kernel* kernel, const gpu::View& tiles,
                   const gpu::View& total, u32 most_elements);

}  // namespace shoal::primitives
