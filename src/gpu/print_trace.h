// The text of a trace, to read or to compare.
#pragma once

#include <string>

#include "gpu/print_item.h"
#include "gpu/trace.h"

namespace shoal::gpu {

// kText: one line a command, indented by submission and pass. kJson: one array; docs/trace.md describes its items.
std::string print(const Trace& trace, PrintStyle style);

}  // namespace shoal::gpu
