// Catches what WebGPU reports between its construction and take(). wgpu-native keeps a stack of scopes for
// each thread and answers in the call: processing events here would run the callbacks of maps on the threads that
// compile.
#pragma once

#include <string>

#include <wgpu.h>

#include "gpu/native/string_view.h"

namespace shoal::gpu {

class ErrorScope {
 public:
  explicit ErrorScope(WGPUDevice device) : device_(device) {
    wgpuDevicePushErrorScope(device_, WGPUErrorFilter_Validation);
    wgpuDevicePushErrorScope(device_, WGPUErrorFilter_OutOfMemory);
  }
  ~ErrorScope() { take(); }
  ErrorScope(const ErrorScope&) = delete;
  ErrorScope& operator=(const ErrorScope&) = delete;

  // Ends the scope: the first message caught, empty when there was none.
  std::string take() {
    for (; open_ > 0; --open_) {
      wgpuDevicePopErrorScope(
          device_, {nullptr, WGPUCallbackMode_AllowProcessEvents,
                    [](WGPUPopErrorScopeStatus, WGPUErrorType type, WGPUStringView message, void* to, void*) {
                      auto& scope = *static_cast<ErrorScope*>(to);
                      if (type == WGPUErrorType_NoError || !scope.message_.empty()) return;
                      scope.message_ = std_text(message);
                      if (scope.message_.empty()) scope.message_ = "WebGPU gave no reason.";
                      scope.is_out_of_memory_ = type == WGPUErrorType_OutOfMemory;
                    },
                    this, nullptr});
    }
    return message_;
  }
  bool is_out_of_memory() const { return is_out_of_memory_; }

 private:
  WGPUDevice device_;
  int open_ = 2;  // wgpu-native refuses the filter for internal errors
  std::string message_;
  bool is_out_of_memory_ = false;
};

}  // namespace shoal::gpu
