#include "emit/record_pipeline.h"

#include "gpu/decode.gen.h"
#include "gpu/device.h"
#include "primitives/calls/calls.h"

namespace shoal::emit {
namespace {

// Every pipeline was compiled: nobody does, so it is said here.
Result<void> answer_compilation(gpu::Device& device) {
  std::vector<u32> events;
  SHOAL_TRY(gpu::decode_commands(device.recorder.words(), [&](const auto& command) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(command)>, gpu::CreateComputePipelineAsync>) {
      gpu::WireWriter(events).write(gpu::PipelineReady{.pipeline = command.pipeline});
    }
  }));
  return device.on_events(events);
}

Result<void> record_frame(gpu::Device& device, const Pipeline& pipeline) {
  gpu::Frame frame(device, pipeline.name);
  frame.begin_pass(pipeline.name, 0);
  for (const Call& call : pipeline.calls) {
    SHOAL_TRY(primitives::record_call(frame, call.primitive->number, words_of(pipeline, call)));
  }
  frame.end_pass();
  frame.submit();
  return {};
}

}  // namespace

gpu::Capabilities capabilities_for(const TargetOptions& target) {
  gpu::Capabilities capabilities;
  capabilities.name = "any adapter";
  // What is asked for beyond the default is read off the code and said at its head.
  capabilities.limits.max_buffer_size_bytes = u64{1} << 32;
  capabilities.limits.max_storage_binding_size_bytes = u64{1} << 31;
  capabilities.features.subgroups = target.subgroup_size != 0;
  capabilities.features.subgroup_min_size = target.subgroup_size;
  capabilities.features.subgroup_max_size = 128;
  if (target.is_gpu) {
    capabilities.type = gpu::AdapterType::kDiscrete;
    capabilities.limits.max_workgroup_storage_bytes = 32'768;
  }
  return capabilities;
}

Result<std::vector<u32>> record_pipeline(Pipeline& pipeline, const gpu::Capabilities& capabilities) {
  using enum gpu::BufferUsage;
  gpu::Device device(capabilities, {});
  for (Array& array : pipeline.arrays) {
    const u32 buffer = device.recorder.create_buffer(array.name, array.size_bytes, kStorage | kCopySrc | kCopyDst);
    array.view = {buffer, 0, array.size_bytes};
  }
  for (HostCount& count : pipeline.counts) {
    count.view = {device.recorder.create_buffer(count.name, 16, kStorage | kCopyDst), 0, 4};
  }
  for (const Call& call : pipeline.calls) {
    SHOAL_TRY(primitives::prepare_call(device, call.primitive->number, words_of(pipeline, call)));
  }
  SHOAL_TRY(answer_compilation(device));
  SHOAL_TRY(record_frame(device, pipeline));
  SHOAL_TRY(record_frame(device, pipeline));
  SHOAL_TRY(device.check());
  return std::vector<u32>(device.recorder.words().begin(), device.recorder.words().end());
}

}  // namespace shoal::emit
