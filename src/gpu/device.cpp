#include "gpu/device.h"
#include "gpu/decode.gen.h"

#include <algorithm>
#include <type_traits>

namespace shoal::gpu {
namespace {

// Without --memory: WebGPU does not tell how much there is, only how large one buffer may be. Software adapters
// live in host memory, which belongs to others too.
u64 default_budget_bytes(const Capabilities& capabilities) {
  const u64 largest_bytes = capabilities.limits.max_buffer_size_bytes;
  return capabilities.type == AdapterType::kSoftware ? std::min<u64>(2 * largest_bytes, u64{4} << 30)
                                                     : std::max<u64>(2 * largest_bytes, u64{2} << 30);
}

}  // namespace

Device::Device(const Capabilities& adapter_capabilities, const DeviceOptions& options)
    : capabilities(adapter_capabilities),
      slabs(capabilities.limits,
            options.memory_bytes != 0 ? options.memory_bytes : default_budget_bytes(capabilities)),
      kernels(capabilities),
      profiler(options.profile && capabilities.features.timestamps, capabilities.timestamp_period_ns) {}

Result<void> Device::on_events(std::span<const u32> words) {
  SHOAL_TRY(decode_events(words, [this](const auto& event) {
    using Event = std::remove_cvref_t<decltype(event)>;
    if constexpr (std::is_same_v<Event, BufferReady> || std::is_same_v<Event, BufferFailed>) {
      slabs.on(event);
    } else if constexpr (std::is_same_v<Event, PipelineReady> || std::is_same_v<Event, PipelineFailed>) {
      kernels.on(event);
    } else if constexpr (std::is_same_v<Event, Mapped> || std::is_same_v<Event, MapFailed>) {
      readbacks.on(recorder, event);
    } else if constexpr (std::is_same_v<Event, WorkDone>) {
      work_done = std::max(work_done, event.serial);
    } else if constexpr (std::is_same_v<Event, ErrorEvent>) {
      if (!error) {
        const bool is_memory = event.kind == ErrorKind::kOutOfMemory;
        error = Error{is_memory ? ErrorCode::kOutOfMemory : ErrorCode::kDevice,
                      fmt::format("WebGPU refused '{}': {}", event.label, event.message),
                      {}};
      }
    } else if constexpr (std::is_same_v<Event, MappedBlob> || std::is_same_v<Event, ScopePopped>) {
      // Only traces hold them: an executor answers neither.
    } else {
      static_assert(std::is_same_v<Event, DeviceLost>);
      is_lost = true;
      error = Error{ErrorCode::kDeviceLost,
                    fmt::format("The adapter '{}' was lost, and what was on it with it: {} Open the file again.",
                                capabilities.name, event.message),
                    {}};
    }
  }));
  profiler.collect(readbacks);
  return {};
}

Result<void> Device::check() const {
  if (error) return std::unexpected(*error);
  if (!recorder.refused().empty()) {
    return fail(ErrorCode::kInternal, "A {} was not said: it is longer than a command can be ({} words).",
                recorder.refused(), kMostItemWords);
  }
  return kernels.check();
}

Frame::Frame(Device& device, std::string_view label) : device_(device), encoder_(device.recorder.new_id()) {
  device_.recorder.say(CreateCommandEncoder{.encoder = encoder_, .label = label});
  device_.parameters.on_frame_begin();
}

Frame::~Frame() {
  if (encoder_ == 0) return;
  if (is_in_pass()) end_pass();
  device_.recorder.say(Release{.kind = ObjectKind::kCommandEncoder, .object = encoder_});
  device_.parameters.on_frame_end();
}

void Frame::begin_pass(std::string_view label, u64 bytes) {
  pass_ = device_.recorder.new_id();
  pipeline_ = 0;
  std::ranges::fill(bound_, 0u);
  BeginComputePass begin{.encoder = encoder_, .pass = pass_, .label = label};
  device_.profiler.measure(device_.recorder, begin, bytes);
  device_.recorder.say(begin);
}

void Frame::bind(const Dispatch& dispatch) {
  Recorder& recorder = device_.recorder;
  if (pipeline_ != dispatch.kernel->pipeline) {
    pipeline_ = dispatch.kernel->pipeline;
    recorder.say(SetPipeline{.pass = pass_, .pipeline = pipeline_});
  }
  for (u32 i = 0; i < dispatch.groups.size(); ++i) {
    const bool is_dynamic = dispatch.has_dynamic_offset && dispatch.dynamic_group == i;
    if (bound_[i] == dispatch.groups[i] && !is_dynamic) continue;
    bound_[i] = dispatch.groups[i];
    recorder.say(SetBindGroup{
        .pass = pass_,
        .index = i,
        .bind_group = dispatch.groups[i],
        .dynamic_offsets = is_dynamic ? std::span(&dispatch.dynamic_offset, 1) : std::span<const u32>()});
  }
}

void Frame::dispatch(const Dispatch& dispatch) { run(dispatch, nullptr); }

void Frame::dispatch_indirect(const Dispatch& dispatch, const View& workgroups) { run(dispatch, &workgroups); }

void Frame::run(const Dispatch& dispatch, const View* workgroups) {
  if (device_.watch == nullptr) {
    say(dispatch, workgroups);
  } else {
    run_watched(*device_.watch, dispatch, workgroups);
  }
}

// The same, on the places that the watch lends for what the kernel may write.
void Frame::run_watched(MemoryWatch& watch, const Dispatch& dispatch, const View* workgroups) {
  const Kernel& kernel = *dispatch.kernel;
  std::vector<u32> groups(dispatch.groups.begin(), dispatch.groups.end());
  std::vector<std::vector<View>> views(groups.size());
  for (size_t i = 0; i < groups.size(); ++i) {
    const std::span<const View> bound = device_.bind_groups.views_of(kernel.bind_group_layouts[i], groups[i]);
    views[i].assign(bound.begin(), bound.end());
  }
  std::vector<MemoryWatch::Use> uses;
  std::vector<View*> moved;
  for (const Kernel::Written& written : kernel.written) {
    if (written.group >= views.size() || written.binding >= views[written.group].size()) continue;
    moved.push_back(&views[written.group][written.binding]);
    uses.push_back({*moved.back(), written.name});
  }
  watch.lend(*this, dispatch.work.empty() ? kernel.name : dispatch.work, uses);
  for (size_t k = 0; k < uses.size(); ++k) *moved[k] = uses[k].view;
  for (size_t i = 0; i < groups.size(); ++i) {
    if (views[i].empty()) continue;
    groups[i] = device_.bind_groups.get(device_.recorder, kernel.bind_group_layouts[i], kernel.name, views[i]);
  }
  Dispatch lent = dispatch;
  lent.groups = groups;
  say(lent, workgroups);
  watch.take_back(*this);
}

void Frame::say(const Dispatch& dispatch, const View* workgroups) {
  bind(dispatch);
  if (workgroups == nullptr) {
    device_.recorder.say(DispatchWorkgroups{.pass = pass_, .x = dispatch.x, .y = dispatch.y, .z = 1});
  } else {
    device_.recorder.say(DispatchWorkgroupsIndirect{
        .pass = pass_, .buffer = workgroups->buffer, .offset_bytes = workgroups->offset_bytes});
  }
}

void Frame::end_pass() {
  device_.recorder.say(EndPass{.pass = pass_});
  pass_ = 0;
}

void Frame::clear(const View& view) {
  device_.recorder.say(ClearBuffer{.encoder = encoder_,
                                   .buffer = view.buffer,
                                   .offset_bytes = view.offset_bytes,
                                   .size_bytes = view.size_bytes});
}

void Frame::submit() {
  Recorder& recorder = device_.recorder;
  device_.profiler.before_submit(recorder, device_.readbacks, encoder_);
  const u32 command_buffer = recorder.new_id();
  recorder.say(Finish{.encoder = encoder_, .command_buffer = command_buffer});
  recorder.say(Submit{.command_buffers = std::span(&command_buffer, 1)});
  device_.readbacks.after_submit(recorder);
  encoder_ = 0;
  device_.parameters.on_frame_end();
}

}  // namespace shoal::gpu
