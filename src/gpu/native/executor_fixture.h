// What tests of the native executor share: a software device, a recorder, and what was answered.
#pragma once

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gpu/decode.gen.h"
#include "gpu/native/executor.h"
#include "gpu/native/native_gpu.h"
#include "gpu/native/trace_watch.h"
#include "gpu/native/trace_writer.h"

namespace shoal::gpu {

inline constexpr std::string_view kDouble = R"(
@group(0) @binding(0) var<storage, read_write> words: array<u32>;
@compute @workgroup_size(1) fn double(@builtin(global_invocation_id) at: vec3u) { words[at.x] *= 2u; }
)";

class ExecutorTest : public testing::Test {
 protected:
  void SetUp() override {
    auto opened = open_device("software", Tier::kFull);
    ASSERT_TRUE(opened) << opened.error().message();
    device_ = std::move(*opened);
    executor_ = std::make_unique<NativeExecutor>(device_);
    const std::string path = next_watched_trace();
    if (path.empty()) return;
    auto trace = TraceWriter::create(path, device_.capabilities());
    ASSERT_TRUE(trace) << trace.error().message();
    trace_ = std::move(*trace);
  }

  // Executes what was recorded; what was answered until nothing more can come is added to what is known.
  void execute() {
    if (trace_ != nullptr) trace_->stream(recorder_.words());
    const auto executed = executor_->execute(recorder_.words());
    EXPECT_TRUE(executed) << executed.error().message();
    recorder_.clear();
    for (;;) {
      const std::vector<u32> events = executor_->poll(true);
      if (events.empty()) return;
      if (trace_ != nullptr) trace_->events(events);
      EXPECT_TRUE(decode_events(events, [this]<class T>(const T& event) {
        if constexpr (std::is_same_v<T, ErrorEvent>)
          errors_.push_back(fmt::format("{}: {}", event.label, event.message));
        if constexpr (std::is_same_v<T, DeviceLost>) losses_.emplace_back(event.message);
        if constexpr (std::is_same_v<T, MapFailed>) map_failures_.emplace_back(event.message);
        if constexpr (std::is_same_v<T, PipelineFailed>) pipeline_failures_.emplace_back(event.message);
        if constexpr (std::is_same_v<T, Mapped>) mapped_.emplace_back(event.data.begin(), event.data.end());
        if constexpr (std::is_same_v<T, BufferFailed>) buffer_failures_.emplace_back(event.message);
      }));
    }
  }

  // A layout with one storage buffer, and a kernel that doubles its first word.
  void make_kernel(std::string_view code = kDouble) {
    layout_ = recorder_.new_id();
    recorder_.say(CreateBindGroupLayout{.layout = layout_,
                                        .label = "double",
                                        .entries = {{.binding = 0,
                                                     .visibility = ShaderStage::kCompute,
                                                     .kind = BindingKind::kStorage,
                                                     .min_size_bytes = 4}}});
    const u32 pipeline_layout = recorder_.new_id(), module = recorder_.new_id();
    recorder_.say(CreatePipelineLayout{
        .layout = pipeline_layout, .label = "double", .bind_group_layouts = std::span(&layout_, 1)});
    recorder_.say(CreateShaderModule{.module = module, .label = "double", .code = code});
    pipeline_ = recorder_.new_id();
    recorder_.say(CreateComputePipelineAsync{.pipeline = pipeline_,
                                             .label = "double",
                                             .layout = pipeline_layout,
                                             .module = module,
                                             .entry_point = "double",
                                             .constants = {}});
    execute();
  }

  u32 group_of(u32 buffer, u64 offset_bytes = 0, u64 size_bytes = 16) {
    const u32 group = recorder_.new_id();
    recorder_.say(CreateBindGroup{
        .bind_group = group,
        .label = "group",
        .layout = layout_,
        .entries = {{.binding = 0, .buffer = buffer, .offset_bytes = offset_bytes, .size_bytes = size_bytes}}});
    return group;
  }

  u32 begin(std::string_view label) {
    const u32 encoder = recorder_.new_id();
    recorder_.say(CreateCommandEncoder{.encoder = encoder, .label = label});
    return encoder;
  }

  void submit(u32 encoder) {
    const u32 command_buffer = recorder_.new_id();
    recorder_.say(Finish{.encoder = encoder, .command_buffer = command_buffer});
    recorder_.say(Submit{.command_buffers = std::span(&command_buffer, 1)});
  }

  void dispatch(u32 encoder, u32 pipeline, u32 group, u32 x = 1) {
    const u32 pass = recorder_.new_id();
    recorder_.say(BeginComputePass{.encoder = encoder, .pass = pass, .label = "pass"});
    if (pipeline != 0) recorder_.say(SetPipeline{.pass = pass, .pipeline = pipeline});
    if (group != 0)
      recorder_.say(SetBindGroup{.pass = pass, .index = 0, .bind_group = group, .dynamic_offsets = {}});
    recorder_.say(DispatchWorkgroups{.pass = pass, .x = x, .y = 1, .z = 1});
    recorder_.say(EndPass{.pass = pass});
  }

  // One error came that has `part` in it; whether the device still works is found by using it.
  void expect_error(std::string_view part) {
    ASSERT_GE(errors_.size(), 1u) << "nothing was reported";
    EXPECT_NE(errors_.front().find(part), std::string::npos) << errors_.front();
    errors_.clear();
    expect_works();
  }

  void expect_works() {
    const u32 source = recorder_.create_buffer("source", 16, BufferUsage::kCopySrc | BufferUsage::kCopyDst);
    const u32 target = recorder_.create_buffer("target", 16, BufferUsage::kMapRead | BufferUsage::kCopyDst);
    const u32 words[] = {1, 2, 3, 4};
    recorder_.write({source, 0, 16}, std::as_bytes(std::span(words)));
    const u32 encoder = begin("works");
    recorder_.copy(encoder, {source, 0, 16}, {target, 0, 16});
    submit(encoder);
    recorder_.say(MapAsync{.buffer = target, .offset_bytes = 0, .size_bytes = 16, .ticket = 1});
    mapped_.clear();
    execute();
    EXPECT_TRUE(errors_.empty()) << errors_.front();
    ASSERT_EQ(mapped_.size(), 1u);
    EXPECT_EQ(std::memcmp(mapped_[0].data(), words, 16), 0);
  }

  NativeDevice device_;
  std::unique_ptr<NativeExecutor> executor_;
  Recorder recorder_;
  std::unique_ptr<TraceWriter> trace_;  // where a failing test leaves one
  u32 layout_ = 0, pipeline_ = 0;
  std::vector<std::string> errors_, losses_, map_failures_, pipeline_failures_, buffer_failures_;
  std::vector<std::vector<std::byte>> mapped_;
};

}  // namespace shoal::gpu
