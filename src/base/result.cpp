#include "base/result.h"

namespace shoal {

std::string_view error_code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::kInvalidArgument: return "invalid_argument";
    case ErrorCode::kNotFound: return "not_found";
    case ErrorCode::kUnsupported: return "unsupported";
    case ErrorCode::kCorrupt: return "corrupt";
    case ErrorCode::kIo: return "io";
    case ErrorCode::kOutOfMemory: return "out_of_memory";
    case ErrorCode::kDevice: return "device";
    case ErrorCode::kDeviceLost: return "device_lost";
    case ErrorCode::kInternal: return "internal";
  }
  return "internal";
}

std::string Error::message() const {
  if (context.empty()) return sentence;
  std::string text = sentence + " (";
  for (std::size_t i = 0; i < context.size(); ++i) text += (i == 0 ? "while " : ", while ") + context[i];
  return text + ")";
}

}  // namespace shoal
