#include "gpu/native/trace_print.h"

#include "gpu/native/trace_file.h"
#include "gpu/print_trace.h"

namespace shoal::gpu {

Result<std::string> print_trace(const std::string& path, bool json) {
  SHOAL_TRY_SET(const TraceFile file, load_trace(path));
  return print(file.trace, json ? PrintStyle::kJson : PrintStyle::kText);
}

}  // namespace shoal::gpu
