#include "review/native_executor.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "gpu/native/executor.h"
#include "review/webgpu_names.gen.h"

namespace shoal::review {
namespace {

class NativeTraceExecutor : public TraceExecutor {
 public:
  NativeTraceExecutor(gpu::NativeDevice device, const gpu::Trace& trace)
      : device_(std::move(device)), executor_(device_) {
    for (size_t i = 0; i < trace.blobs.size(); ++i) {
      executor_.lend(static_cast<u32>(i + 1), trace.blobs[i].bytes);
    }
  }

  Result<void> execute(std::span<const u32> words) override { return executor_.execute(words); }
  Result<std::vector<u32>> poll(bool waits) override { return executor_.poll(waits); }

 private:
  gpu::NativeDevice device_;
  gpu::NativeExecutor executor_;
};

Result<OpenedExecutor> open_native(const std::string& adapter, const gpu::Trace& trace,
                                   const std::vector<std::string>& names) {
  std::vector<u32> features, missing;
  for (const std::string& name : names) {
    const auto known = std::ranges::find(kFeatureNames, name, &NumberName::name);
    if (known != std::end(kFeatureNames)) features.push_back(known->value);
  }
  SHOAL_TRY_SET(gpu::NativeDevice device, gpu::open_device(adapter, gpu::Tier::kFull, features, missing));
  const gpu::Capabilities& has = device.capabilities();
  OpenedExecutor opened{.executor = nullptr,
                        .adapter = has.name,
                        .is_software = has.type == gpu::AdapterType::kSoftware,
                        .has_timestamps = has.features.timestamps,
                        .timestamp_period_ns = has.timestamp_period_ns,
                        .missing_features = {}};
  for (const u32 value : missing) {
    opened.missing_features.emplace_back(std::ranges::find(kFeatureNames, value, &NumberName::value)->name);
  }
  opened.executor = std::make_unique<NativeTraceExecutor>(std::move(device), trace);
  return opened;
}

}  // namespace

OpenExecutor native_executors(std::string adapter) {
  return [adapter = std::move(adapter)](const gpu::Trace& trace, const std::vector<std::string>& features) {
    return open_native(adapter, trace, features);
  };
}

}  // namespace shoal::review
