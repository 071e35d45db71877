// What the page says of its adapter when a session begins; web/src/messages.ts names the same members.
#pragma once

#include "base/json_value.h"
#include "gpu/capabilities.h"

namespace shoal::web_api {

// `config`: {"adapter": {...}, "tier"}. WebGPU's default limits where it does not say.
gpu::Capabilities capabilities_of(const JsonValue& config);

}  // namespace shoal::web_api
