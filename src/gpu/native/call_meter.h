// Times what is said to a device: the difference between saying something more often and less often, in turns.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>

#include "gpu/native/call_costs.h"
#include "gpu/native/executor.h"
#include "gpu/recorder.h"

namespace shoal::gpu {

class CallMeter {
 public:
  using Words = std::function<void(Recorder&)>;

  static Result<std::unique_ptr<CallMeter>> open(const std::string& adapter);

  // What one of `count` costs that `more` says and `fewer` does not; `before` is not timed. Negative differences
  // are noise around nothing, and 0.
  Result<CallCost> cost(u32 count, const Words& more, const Words& fewer, const Words& before = {});
  // Carries out what was recorded and waits for its end.
  Result<void> finish();
  // The median of what a map takes from its call to its answer.
  Result<double> map_us();

  Recorder& recorder() { return recorder_; }
  // Of call_costs.wgsl.
  u32 module() const { return module_; }
  u32 make_module();
  u32 make_compute_pipeline(u32 module, std::string_view entry_point);
  u32 begin_encoder();
  u32 finish_encoder(u32 encoder);
  void submit(std::span<const u32> commands) { recorder_.say(Submit{.command_buffers = commands}); }
  void submit_encoder(u32 encoder);

 private:
  CallMeter() = default;
  Result<CallCost> time(const Words& say);

  NativeDevice device_;
  std::unique_ptr<NativeExecutor> executor_;
  Recorder recorder_;
  std::string code_;
  u32 module_ = 0;
};

}  // namespace shoal::gpu
