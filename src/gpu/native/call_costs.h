// What an adapter's calls cost, measured: what is there besides the work that a program asks for.
#pragma once

#include <string>
#include <vector>

#include "base/int.h"
#include "base/result.h"

namespace shoal::gpu {

struct CallCost {
  double call_us = 0;   // of the calls themselves, by the clock
  double whole_us = 0;  // with all that comes of them: the process's time on a software adapter, else the clock's
  // What a recorder that times calls does not see.
  double beyond_us() const { return whole_us > call_us ? whole_us - call_us : 0; }
};

struct SizedCost {
  u64 size_bytes = 0;
  CallCost cost{};
};

// Each is of one more: a dispatch of nothing, one that waits for the one before it (beyond a dispatch), a pass
// where there was one, a submission where there was one, ...
struct CallCosts {
  CallCost dispatch{}, barrier{}, compute_pass{}, render_pass{}, submission{}, compute_pipeline{}, bind_group{};
  CallCost texture_view{}, sampler{};
  CallCost draw{};                    // of one triangle of one pixel
  CallCost storage_draw{};            // the same whose fragments are shown a storage buffer
  CallCost instance{};                // of the same triangle, in the same draw
  CallCost state{};                   // setting a pipeline or buffer that is set, between draws
  double map_us = 0;                  // from map_async of a buffer that nothing uses to its answer, by the clock
  double attachment_ns_per_byte = 0;  // storing it behind a pass, or loading it before one
  double depth_ns_per_byte = 0;       // a pass with a depth buffer that it clears and does not store
  double depth_test_ns_per_byte = 0;  // and whose draw asks it at each pixel
  double samples_ns_per_byte = 0;     // clearing, covering and resolving samples instead of the picture
  double zeroing_ns_per_byte = 0;     // a buffer's first use
  CallCost first_write{};             // that a submission has a write before it, beside what one more costs
  CallCost first_texture_write{};     // that a texture is written before a submission, the same way
  // By size, the smallest first. Uploads by their three routes: write_buffer; a buffer that is mapped at its
  // creation, then copied; a ring of buffers that are mapped again, then copied. All have the same sizes.
  std::vector<SizedCost> write{}, write_texture{}, mapped_at_creation{}, staged{}, copy{};
};

// Opens a device and measures for a second or two. Errors: those of open_device and of NativeExecutor.
Result<CallCosts> measure_call_costs(const std::string& adapter);

}  // namespace shoal::gpu
