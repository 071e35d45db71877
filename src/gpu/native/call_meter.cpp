#include "gpu/native/call_meter.h"

#include <algorithm>
#include <chrono>
#include <ctime>

#include "gpu/kernel_cache.h"
#include "gpu/native/pass_timer.h"
#include "gpu/roofs/call_costs.kernel.h"

namespace shoal::gpu {
namespace {

using enum BufferUsage;

constexpr int kRepetitions = 9;
constexpr int kMostRepetitions = 45;

double us_between(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double, std::micro>(to - from).count();
}

}  // namespace

Result<std::unique_ptr<CallMeter>> CallMeter::open(const std::string& adapter) {
  std::unique_ptr<CallMeter> meter(new CallMeter);
  SHOAL_TRY_SET(meter->device_, open_device(adapter, Tier::kFull));
  meter->executor_ = std::make_unique<NativeExecutor>(meter->device_);
  SHOAL_TRY_SET(meter->code_, kernel_code({.kernel = &call_costs_kernel().variant({})}, ShaderTarget::kNaga));
  meter->module_ = meter->make_module();
  return meter;
}

Result<CallCost> CallMeter::time(const Words& say) {
  say(recorder_);
  const std::clock_t cpu_start = std::clock();
  const auto start = std::chrono::steady_clock::now();
  SHOAL_TRY(executor_->execute(recorder_.words()));
  const auto said = std::chrono::steady_clock::now();
  recorder_.clear();
  SHOAL_TRY(finish());
  const double whole_us = us_between(start, std::chrono::steady_clock::now());
  const double cpu_us = 1e6 * static_cast<double>(std::clock() - cpu_start) / CLOCKS_PER_SEC;
  // On a machine that others use too, a software adapter's processor time says more than the clock.
  const bool is_software = device_.capabilities().type == AdapterType::kSoftware;
  return CallCost{us_between(start, said), is_software ? cpu_us : whole_us};
}

Result<void> CallMeter::finish() {
  recorder_.say(OnSubmittedWorkDone{.serial = 1});
  SHOAL_TRY(executor_->execute(recorder_.words()));
  recorder_.clear();
  while (!executor_->poll(true).empty()) {
  }
  return {};
}

Result<CallCost> CallMeter::cost(u32 count, const Words& more, const Words& fewer, const Words& before) {
  std::vector<double> call_us, whole_us;
  // A difference that drowns in the noise is looked for longer.
  for (int i = 0; i <= kRepetitions || (i <= kMostRepetitions && median(whole_us) <= 0); ++i) {
    if (before) {
      before(recorder_);
      SHOAL_TRY(finish());
    }
    SHOAL_TRY_SET(const CallCost with, time(more));
    SHOAL_TRY_SET(const CallCost without, time(fewer));
    if (i == 0) continue;  // compiles, and touches memory for the first time
    call_us.push_back((with.call_us - without.call_us) / count);
    whole_us.push_back((with.whole_us - without.whole_us) / count);
  }
  return CallCost{std::max(0.0, median(call_us)), std::max(0.0, median(whole_us))};
}

u32 CallMeter::begin_encoder() {
  const u32 encoder = recorder_.new_id();
  recorder_.say(CreateCommandEncoder{.encoder = encoder, .label = "costs"});
  return encoder;
}
u32 CallMeter::finish_encoder(u32 encoder) {
  const u32 commands = recorder_.new_id();
  recorder_.say(Finish{.encoder = encoder, .command_buffer = commands});
  return commands;
}
void CallMeter::submit_encoder(u32 encoder) {
  const u32 commands = finish_encoder(encoder);
  submit(std::span(&commands, 1));
}

u32 CallMeter::make_compute_pipeline(u32 module, std::string_view entry_point) {
  const u32 pipeline = recorder_.new_id();
  recorder_.say(CreateComputePipeline{
      .pipeline = pipeline, .label = "costs", .module = module, .entry_point = entry_point, .constants = {}});
  return pipeline;
}
u32 CallMeter::make_module() {
  const u32 module = recorder_.new_id();
  recorder_.say(CreateShaderModule{.module = module, .label = "costs", .code = code_});
  return module;
}

Result<double> CallMeter::map_us() {
  const u32 buffer = recorder_.create_buffer("costs", 4096, kMapRead | kCopyDst);
  std::vector<double> times_us;
  for (int i = 0; i <= 2 * kRepetitions; ++i) {
    SHOAL_TRY(finish());
    recorder_.say(MapAsync{.buffer = buffer, .offset_bytes = 0, .size_bytes = 4096, .ticket = 1});
    const auto start = std::chrono::steady_clock::now();
    SHOAL_TRY(executor_->execute(recorder_.words()));
    (void)executor_->poll(true);
    if (i > 0) times_us.push_back(us_between(start, std::chrono::steady_clock::now()));
    recorder_.clear();
    recorder_.say(Unmap{.buffer = buffer});
  }
  return median(times_us);
}

}  // namespace shoal::gpu
