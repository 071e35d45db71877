// What render passes, their draws and their attachments cost.
#pragma once

#include "gpu/native/call_meter.h"

namespace shoal::gpu {

// Fills render_pass, draw and what is counted by an attachment's bytes.
Result<void> measure_attachment_costs(CallMeter& meter, CallCosts& costs);

}  // namespace shoal::gpu
