#include "gpu/native/executor.h"

#include <algorithm>
#include <chrono>

#include "gpu/decode.gen.h"
#include "gpu/known_values.h"
#include "gpu/native/compile_pipeline.h"
#include "gpu/native/error_scope.h"
#include "gpu/native/naga_wgsl.h"
#include "gpu/native/one_line.h"
#include "gpu/native/string_view.h"

namespace shoal::gpu {
namespace {

template <class Map>
auto find(const Map& map, u32 id) {
  const auto found = map.find(id);
  return found == map.end() ? typename Map::mapped_type{} : found->second;
}

}  // namespace

NativeExecutor::NativeExecutor(NativeDevice& device)
    : device_(device), queue_(wgpuDeviceGetQueue(device.device())) {
  // Two: a picture's own kernels compile side by side, and Mesa's compiler is one thread a kernel.
  for (int i = 0; i < 2; ++i) compilers_.emplace_back([this] { compile_loop(); });
}

NativeExecutor::~NativeExecutor() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
    for (const CompileJob& job : jobs_) {
      if (job.layout != nullptr) wgpuPipelineLayoutRelease(job.layout);
      wgpuShaderModuleRelease(job.module);
    }
    jobs_.clear();
  }
  wake_.notify_all();
  for (std::thread& thread : compilers_) thread.join();
  // Callbacks still pending point to this object: let them run before it goes.
  while (outstanding_ > 0 && device_.lost_message().empty()) wgpuDevicePoll(device_.device(), 1, nullptr);
  finish_compilations();
  for (auto& [id, pass] : passes_) {
    if (pass.handle != nullptr) wgpuComputePassEncoderRelease(pass.handle);
    if (pass.render != nullptr) wgpuRenderPassEncoderRelease(pass.render);
  }
  for (auto& [id, encoder] : encoders_) wgpuCommandEncoderRelease(encoder.handle);
  for (auto& [id, buffer] : command_buffers_) {
    if (buffer.handle != nullptr) wgpuCommandBufferRelease(buffer.handle);
  }
  for (auto& [id, group] : bind_groups_) wgpuBindGroupRelease(group.handle);
  for (auto& [id, pipeline] : pipelines_) wgpuComputePipelineRelease(pipeline);
  for (auto& [id, layout] : pipeline_layouts_) wgpuPipelineLayoutRelease(layout);
  for (auto& [id, layout] : bind_group_layouts_) wgpuBindGroupLayoutRelease(layout);
  for (auto& [id, module] : modules_) wgpuShaderModuleRelease(module);
  for (auto& [id, set] : query_sets_) wgpuQuerySetRelease(set);
  for (auto& [id, pipeline] : render_pipelines_) wgpuRenderPipelineRelease(pipeline);
  for (auto& [id, sampler] : samplers_) wgpuSamplerRelease(sampler);
  for (auto& [id, view] : views_) wgpuTextureViewRelease(view.handle);
  for (auto& [id, texture] : textures_) wgpuTextureRelease(texture.handle);
  for (auto& [id, canvas] : canvases_) wgpuTextureRelease(canvas.handle);
  for (auto& [id, buffer] : buffers_) wgpuBufferRelease(buffer.handle);
  wgpuQueueRelease(queue_);
}

void NativeExecutor::report(ErrorKind kind, std::string_view label, std::string_view message) {
  answer(ErrorEvent{.kind = kind, .label = label, .message = one_line(message)});
}

void NativeExecutor::drop(std::string_view label, std::string_view message) {
  dropped_ = true;
  report(ErrorKind::kValidation, label, message);
}

void NativeExecutor::poison(u32 encoder, std::string message) {
  const auto found = encoders_.find(encoder);
  if (found == encoders_.end()) return drop("encoder", message);
  if (found->second.poison.empty()) found->second.poison = std::move(message);
}

bool NativeExecutor::is_poisoned(u32 encoder) const {
  const auto found = encoders_.find(encoder);
  return found == encoders_.end() || !found->second.poison.empty();
}

std::string NativeExecutor::reason(u32 id) const {
  const auto broken = broken_.find(id);
  return broken == broken_.end() ? "there is none." : broken->second;
}

void NativeExecutor::add_broken(u32 id, std::string_view label, std::string message) {
  report(ErrorKind::kValidation, label, message);
  broken_[id] = std::move(message);
}

// wgpu-native ends the process at numbers that it has no name for.
template <class Command>
void NativeExecutor::carry_out(const Command& command) {
  // A buffer that reports must be answered.
  if constexpr (!std::is_same_v<Command, CreateBuffer>) {
    if (const std::string_view field = unknown_field(command); !field.empty()) return refuse(command, field);
  }
  on(command);
}

template <class Command>
void NativeExecutor::refuse(const Command& command, std::string_view field) {
  const std::string message = fmt::format("The {} of {} has a value that means nothing.", field, Command::kName);
  if constexpr (std::is_same_v<Command, CreateRenderPipelineAsync>) {
    broken_[command.pipeline] = message;
    answer(PipelineFailed{.pipeline = command.pipeline, .message = message});
  } else if constexpr (requires { command.label; }) {
    if constexpr (requires {
                    command.encoder;
                    command.pass;
                  }) {
      poison(command.encoder, message);
      passes_[command.pass] = {.encoder = command.encoder};
    } else {
      u32 created = 0;
      Command::visit(command, [&](u32 id, const auto&...) { created = id; });
      add_broken(created, command.label, message);
    }
  } else if constexpr (requires { command.encoder; }) {
    poison(command.encoder, message);
  } else if constexpr (requires { command.pass; }) {
    if (Pass* pass = usable_pass(command.pass); pass == nullptr) {
      return;
    } else if (pass->is_bundle) {
      pass->poison = message;
    } else {
      poison(pass->encoder, message);
    }
  } else {
    report(ErrorKind::kValidation, Command::kName, message);
  }
}

Result<void> NativeExecutor::execute(std::span<const u32> words) {
  dropped_ = false;
  ErrorScope scope(device_.device());
  const Result<void> decoded = decode_commands(words, [this](const auto& command) { carry_out(command); });
  if (const std::string message = scope.take(); !message.empty()) {
    report(scope.is_out_of_memory() ? ErrorKind::kOutOfMemory : ErrorKind::kValidation, "stream", message);
  }
  return decoded;
}

std::vector<u32> NativeExecutor::poll(bool wait) {
  using namespace std::chrono_literals;
  for (;;) {
    finish_compilations();
    wgpuInstanceProcessEvents(device_.instance());
    wgpuDevicePoll(device_.device(), 0, nullptr);
    if (!device_.lost_message().empty() && !reported_loss_) {
      reported_loss_ = true;
      answer(DeviceLost{.message = one_line(device_.lost_message())});
    }
    // A lost device answers nothing more.
    if (!wait || !events_.empty() || reported_loss_) break;
    std::unique_lock lock(mutex_);
    const bool compiling = compiling_ > 0 || !compiled_.empty();
    if (compiling) {
      // A compilation may end before the GPU's work does, so neither is waited for alone.
      compiled_signal_.wait_for(lock, outstanding_ > 0 ? 200us : 50ms, [this] { return !compiled_.empty(); });
    } else if (outstanding_ > 0) {
      lock.unlock();
      wgpuDevicePoll(device_.device(), 1, nullptr);
    } else {
      break;
    }
  }
  return std::exchange(events_, {});
}

void NativeExecutor::on(const CreateBuffer& command) {
  // wgpu-native ends the process at bits it does not know.
  constexpr u32 kKnownUsages = 2 * static_cast<u32>(BufferUsage::kQueryResolve) - 1;
  if (static_cast<u32>(command.usage) > kKnownUsages) {
    broken_[command.buffer] = "Its usage has bits that mean nothing.";
    if (command.reports != 0) answer(BufferFailed{.buffer = command.buffer, .message = broken_[command.buffer]});
    return report(ErrorKind::kValidation, command.label, broken_[command.buffer]);
  }
  ErrorScope scope(device_.device());
  WGPUBufferDescriptor descriptor = WGPU_BUFFER_DESCRIPTOR_INIT;
  descriptor.label = wgpu_text(command.label);
  descriptor.size = command.size_bytes;
  descriptor.usage = static_cast<WGPUBufferUsage>(command.usage);
  descriptor.mappedAtCreation = command.mapped_at_creation != 0;
  WGPUBuffer handle = wgpuDeviceCreateBuffer(device_.device(), &descriptor);
  const std::string message = scope.take();
  if (message.empty() && handle != nullptr) {
    const bool is_mapped = command.mapped_at_creation != 0;
    constexpr u32 kMaps = static_cast<u32>(BufferUsage::kMapRead) | static_cast<u32>(BufferUsage::kMapWrite);
    buffers_[command.buffer] = {.handle = handle,
                                .size_bytes = command.size_bytes,
                                .usage = command.usage,
                                .is_mapped = is_mapped,
                                .is_writable = is_mapped,
                                .can_be_mapped = is_mapped || (static_cast<u32>(command.usage) & kMaps) != 0,
                                .mapped_to = is_mapped ? command.size_bytes : 0};
    if (command.reports != 0) answer(BufferReady{.buffer = command.buffer});
    return;
  }
  if (handle != nullptr) wgpuBufferRelease(handle);
  const std::string reason = one_line(message);
  broken_[command.buffer] = reason;
  if (command.reports != 0) {
    answer(BufferFailed{.buffer = command.buffer, .message = reason});
  } else {
    report(scope.is_out_of_memory() ? ErrorKind::kOutOfMemory : ErrorKind::kValidation, command.label, reason);
  }
}

void NativeExecutor::on(const DestroyBuffer& command) {
  buffers_to_destroy_.push_back(command.buffer);
  destroy_unused();
}

void NativeExecutor::destroy_unused() {
  if (!encoders_.empty() || !command_buffers_.empty()) return;
  for (const u32 id : buffers_to_destroy_) {
    broken_.erase(id);
    const auto found = buffers_.find(id);
    if (found == buffers_.end()) continue;
    if (!found->second.is_adopted) wgpuBufferDestroy(found->second.handle);
    wgpuBufferRelease(found->second.handle);
    buffers_.erase(found);
    forget_groups_of(id, "buffer");
  }
  buffers_to_destroy_.clear();
  destroy_unused_textures();
  for (const u32 id : buffers_to_release_) {
    const auto found = buffers_.find(id);
    if (found == buffers_.end()) continue;
    wgpuBufferRelease(found->second.handle);
    buffers_.erase(found);
  }
  buffers_to_release_.clear();
}

void NativeExecutor::forget_groups_of(u32 id, std::string_view kind) {
  std::erase_if(bind_groups_, [&](const auto& entry) {
    if (std::ranges::find(entry.second.resources, id) == entry.second.resources.end()) return false;
    wgpuBindGroupRelease(entry.second.handle);
    broken_[entry.first] = fmt::format("It names {} {}, which was destroyed.", kind, id);
    return true;
  });
}

void NativeExecutor::on(const CreateShaderModule& command) {
  ErrorScope scope(device_.device());
  WGPUShaderSourceWGSL source = WGPU_SHADER_SOURCE_WGSL_INIT;
  const std::string code = without_enabled_subgroups(command.code);
  source.code = wgpu_text(code);
  WGPUShaderModuleDescriptor descriptor = WGPU_SHADER_MODULE_DESCRIPTOR_INIT;
  descriptor.nextInChain = &source.chain;
  descriptor.label = wgpu_text(command.label);
  WGPUShaderModule handle = command.trusted != 0 ? wgpuDeviceCreateShaderModuleTrusted(
                                                       device_.device(), &descriptor, WGPUShaderRuntimeChecks_None)
                                                 : wgpuDeviceCreateShaderModule(device_.device(), &descriptor);
  if (const std::string message = scope.take(); message.empty()) {
    modules_[command.module] = handle;
  } else {
    if (handle != nullptr) wgpuShaderModuleRelease(handle);
    broken_[command.module] = message;  // several lines with an excerpt and a caret
  }
}

void NativeExecutor::on(const CreateBindGroupLayout& command) {
  ErrorScope scope(device_.device());
  std::vector<WGPUBindGroupLayoutEntry> entries;
  for (const LayoutEntry& entry : command.entries) {
    if (entry.kind == BindingKind::kStorageTexture && entry.format == TextureFormat::kUndefined) {
      return add_broken(command.layout, command.label, "A storage texture needs a format.");
    }
    entries.push_back(native_layout_entry(entry));
  }
  WGPUBindGroupLayoutDescriptor descriptor = WGPU_BIND_GROUP_LAYOUT_DESCRIPTOR_INIT;
  descriptor.label = wgpu_text(command.label);
  descriptor.entryCount = entries.size();
  descriptor.entries = entries.data();
  WGPUBindGroupLayout handle = wgpuDeviceCreateBindGroupLayout(device_.device(), &descriptor);
  if (const std::string message = scope.take(); message.empty()) {
    bind_group_layouts_[command.layout] = handle;
  } else {
    report(ErrorKind::kValidation, command.label, broken_[command.layout] = one_line(message));
  }
}

void NativeExecutor::on(const CreatePipelineLayout& command) {
  ErrorScope scope(device_.device());
  std::vector<WGPUBindGroupLayout> layouts;
  for (const u32 id : command.bind_group_layouts) layouts.push_back(find(bind_group_layouts_, id));
  if (std::ranges::count(layouts, nullptr) > 0) {
    broken_[command.layout] = "One of its bind group layouts is unusable.";
    return;
  }
  WGPUPipelineLayoutDescriptor descriptor = WGPU_PIPELINE_LAYOUT_DESCRIPTOR_INIT;
  descriptor.label = wgpu_text(command.label);
  descriptor.bindGroupLayoutCount = layouts.size();
  descriptor.bindGroupLayouts = layouts.data();
  WGPUPipelineLayout handle = wgpuDeviceCreatePipelineLayout(device_.device(), &descriptor);
  if (const std::string message = scope.take(); message.empty()) {
    pipeline_layouts_[command.layout] = handle;
  } else {
    report(ErrorKind::kValidation, command.label, broken_[command.layout] = one_line(message));
  }
}

void NativeExecutor::on(const CreateComputePipelineAsync& command) {
  CompileJob job;
  job.pipeline = command.pipeline;
  job.label = command.label;
  job.entry_point = command.entry_point;
  for (const Constant& constant : command.constants) job.constants.emplace_back(constant.name, constant.value);
  job.layout = find(pipeline_layouts_, command.layout);
  job.module = find(modules_, command.module);
  if ((job.layout == nullptr && command.layout != 0) || job.module == nullptr) {
    const auto cause = broken_.find(job.module == nullptr ? command.module : command.layout);
    const std::string reason = cause == broken_.end()
                                   ? fmt::format("There is no {} {}.", job.module == nullptr ? "module" : "layout",
                                                 job.module == nullptr ? command.module : command.layout)
                                   : cause->second;
    broken_[command.pipeline] = reason;
    answer(PipelineFailed{.pipeline = command.pipeline, .message = reason});
    return;
  }
  if (job.layout != nullptr) wgpuPipelineLayoutAddRef(job.layout);
  wgpuShaderModuleAddRef(job.module);
  {
    const std::lock_guard lock(mutex_);
    jobs_.push_back(std::move(job));
    ++compiling_;
  }
  wake_.notify_one();
}

void NativeExecutor::compile_loop() {
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [this] { return stop_ || !jobs_.empty(); });
    if (stop_) return;
    const CompileJob job = std::move(jobs_.front());
    jobs_.erase(jobs_.begin());
    lock.unlock();

    Compiled compiled{.pipeline = job.pipeline, .handle = nullptr, .message = {}};
    {
      ErrorScope scope(device_.device());
      compiled.handle = compile_compute_pipeline(device_.device(), job.label, job.layout, job.module,
                                                 job.entry_point, native_constants(job.constants));
      compiled.message = scope.take();
    }
    if (job.layout != nullptr) wgpuPipelineLayoutRelease(job.layout);
    wgpuShaderModuleRelease(job.module);

    lock.lock();
    compiled_.push_back(std::move(compiled));
    --compiling_;
    compiled_signal_.notify_all();
  }
}

void NativeExecutor::finish_compilations() {
  std::vector<Compiled> finished;
  {
    const std::lock_guard lock(mutex_);
    finished.swap(compiled_);
  }
  for (Compiled& compiled : finished) {
    if (compiled.message.empty()) {
      pipelines_[compiled.pipeline] = compiled.handle;
      answer(PipelineReady{.pipeline = compiled.pipeline});
    } else {
      if (compiled.handle != nullptr) wgpuComputePipelineRelease(compiled.handle);
      broken_[compiled.pipeline] = compiled.message;
      answer(PipelineFailed{.pipeline = compiled.pipeline, .message = compiled.message});
    }
  }
}

void NativeExecutor::on(const CreateBindGroup& command) {
  ErrorScope scope(device_.device());
  std::vector<WGPUBindGroupEntry> entries;
  BindGroup group;
  for (const BindEntry& entry : command.entries) {
    WGPUBindGroupEntry& out = entries.emplace_back();
    out = WGPU_BIND_GROUP_ENTRY_INIT;
    out.binding = entry.binding;
    if (const auto buffer = buffers_.find(entry.buffer); buffer != buffers_.end()) {
      group.resources.push_back(entry.buffer);
      if (buffer->second.can_be_mapped) group.mappable.push_back(entry.buffer);
      out.buffer = buffer->second.handle;
      out.offset = entry.offset_bytes;
      out.size = entry.size_bytes;
    } else if (const auto view = views_.find(entry.texture_view); view != views_.end()) {
      group.resources.push_back(view->second.texture);
      out.textureView = view->second.handle;
    } else if (out.sampler = find(samplers_, entry.sampler); out.sampler == nullptr) {
      const char* kind = entry.texture_view != 0 ? "texture view" : entry.sampler != 0 ? "sampler" : "buffer";
      return add_broken(command.bind_group, command.label,
                        fmt::format("Binding {} names a {} that is unusable.", entry.binding, kind));
    }
  }
  WGPUBindGroupDescriptor descriptor = WGPU_BIND_GROUP_DESCRIPTOR_INIT;
  descriptor.label = wgpu_text(command.label);
  descriptor.layout = find(bind_group_layouts_, command.layout);
  descriptor.entryCount = entries.size();
  descriptor.entries = entries.data();
  WGPUBindGroup handle =
      descriptor.layout == nullptr ? nullptr : wgpuDeviceCreateBindGroup(device_.device(), &descriptor);
  const std::string message = scope.take();
  if (message.empty() && handle != nullptr) {
    group.handle = handle;
    bind_groups_[command.bind_group] = std::move(group);
  } else {
    if (handle != nullptr) wgpuBindGroupRelease(handle);
    broken_[command.bind_group] = message.empty() ? "Its layout is unusable." : one_line(message);
    report(ErrorKind::kValidation, command.label, broken_[command.bind_group]);
  }
}

void NativeExecutor::on(const CreateQuerySet& command) {
  ErrorScope scope(device_.device());
  WGPUQuerySetDescriptor descriptor = WGPU_QUERY_SET_DESCRIPTOR_INIT;
  descriptor.label = wgpu_text(command.label);
  descriptor.type = static_cast<WGPUQueryType>(command.type);
  descriptor.count = command.count;
  WGPUQuerySet handle = wgpuDeviceCreateQuerySet(device_.device(), &descriptor);
  if (const std::string message = scope.take(); message.empty()) {
    query_sets_[command.query_set] = handle;
  } else {
    report(ErrorKind::kValidation, command.label, broken_[command.query_set] = one_line(message));
  }
}

void NativeExecutor::on(const ReleaseBindGroup& command) {
  if (WGPUBindGroup handle = find(bind_groups_, command.bind_group).handle; handle != nullptr) {
    wgpuBindGroupRelease(handle);
  }
  bind_groups_.erase(command.bind_group);
  broken_.erase(command.bind_group);
}

void NativeExecutor::on(const ReleaseShaderModule& command) {
  if (WGPUShaderModule handle = find(modules_, command.module); handle != nullptr) wgpuShaderModuleRelease(handle);
  modules_.erase(command.module);
  broken_.erase(command.module);
}

void NativeExecutor::on(const ReleaseComputePipeline& command) {
  if (WGPUComputePipeline handle = find(pipelines_, command.pipeline); handle != nullptr) {
    wgpuComputePipelineRelease(handle);
  }
  pipelines_.erase(command.pipeline);
  broken_.erase(command.pipeline);
}

}  // namespace shoal::gpu
