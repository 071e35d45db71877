#include "gpu/native/call_costs.h"

#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>
#include <memory>

#include "gpu/kernel_cache.h"
#include "gpu/native/executor.h"
#include "gpu/native/pass_timer.h"
#include "gpu/roofs/call_costs.kernel.h"

namespace shoal::gpu {
namespace {

using enum BufferUsage;

constexpr int kRepetitions = 9;
constexpr u64 kSizes[] = {256, 4096, 65'536, 1u << 20, 4u << 20};
constexpr u64 kMostBytes = u64{8} << 20;  // that a turn moves
constexpr u32 kSmallSide = 64, kLargeSide = 1024;

double us_between(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double, std::micro>(to - from).count();
}

class CallMeter {
 public:
  using Words = std::function<void(Recorder&)>;

  static Result<std::unique_ptr<CallMeter>> open(const std::string& adapter) {
    std::unique_ptr<CallMeter> meter(new CallMeter);
    SHOAL_TRY_SET(meter->device_, open_device(adapter, Tier::kFull));
    meter->executor_ = std::make_unique<NativeExecutor>(meter->device_);
    SHOAL_TRY(meter->prepare());
    return meter;
  }

  Result<CallCosts> measure();

 private:
  Result<void> prepare();

  // Carries out what was recorded and waits for its end; what it takes.
  Result<CallCost> time(const Words& say) {
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

  Result<void> finish() {
    recorder_.say(OnSubmittedWorkDone{.serial = 1});
    SHOAL_TRY(executor_->execute(recorder_.words()));
    recorder_.clear();
    while (!executor_->poll(true).empty()) {
    }
    return {};
  }

  // What one of `count` costs that `more` says and `fewer` does not, in turns; `before` is not timed.
  Result<CallCost> cost(u32 count, const Words& more, const Words& fewer, const Words& before = {}) {
    std::vector<double> call_us, whole_us;
    for (int i = 0; i <= kRepetitions; ++i) {
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

  u32 begin_encoder() {
    const u32 encoder = recorder_.new_id();
    recorder_.say(CreateCommandEncoder{.encoder = encoder, .label = "costs"});
    return encoder;
  }
  u32 finish_encoder(u32 encoder) {
    const u32 commands = recorder_.new_id();
    recorder_.say(Finish{.encoder = encoder, .command_buffer = commands});
    return commands;
  }
  void submit(std::span<const u32> commands) { recorder_.say(Submit{.command_buffers = commands}); }
  void submit_encoder(u32 encoder) {
    const u32 commands = finish_encoder(encoder);
    submit(std::span(&commands, 1));
  }

  void compute_pass(u32 encoder, u32 pipeline, u32 dispatches) {
    const u32 pass = recorder_.new_id();
    recorder_.say(BeginComputePass{.encoder = encoder, .pass = pass, .label = "costs"});
    recorder_.say(SetPipeline{.pass = pass, .pipeline = pipeline});
    if (pipeline == touch_) recorder_.say(SetBindGroup{.pass = pass, .index = 0, .bind_group = group_});
    for (u32 i = 0; i < dispatches; ++i) recorder_.say(DispatchWorkgroups{.pass = pass, .x = 1, .y = 1, .z = 1});
    recorder_.say(EndPass{.pass = pass});
  }
  // `passes` of `draws` each, in one submission.
  void compute(u32 pipeline, u32 passes, u32 dispatches) {
    const u32 encoder = begin_encoder();
    for (u32 i = 0; i < passes; ++i) compute_pass(encoder, pipeline, dispatches);
    submit_encoder(encoder);
  }
  void render(u32 view, u32 passes, u32 draws) {
    const u32 encoder = begin_encoder();
    for (u32 i = 0; i < passes; ++i) {
      const u32 pass = recorder_.new_id();
      recorder_.say(BeginRenderPass{.encoder = encoder,
                                    .pass = pass,
                                    .label = "costs",
                                    .targets = {.color_attachments = {{.view = view,
                                                                       .depth_slice = kAllOrNone,
                                                                       .load = LoadOp::kLoad,
                                                                       .store = StoreOp::kStore}},
                                                .depth_stencil = {}}});
      recorder_.say(SetRenderPipeline{.pass = pass, .pipeline = cover_});
      for (u32 j = 0; j < draws; ++j) {
        recorder_.say(Draw{.pass = pass, .vertex_count = 3, .instance_count = 1});
      }
      recorder_.say(EndPass{.pass = pass});
    }
    submit_encoder(encoder);
  }
  u32 make_view(u32 side) {
    const u32 texture = recorder_.new_id(), view = recorder_.new_id();
    recorder_.say(CreateTexture{.texture = texture,
                                .label = "costs",
                                .descriptor = {.dimension = TextureDimension::k2d,
                                               .format = TextureFormat::kRgba8unorm,
                                               .usage = TextureUsage::kRenderAttachment,
                                               .width = side,
                                               .height = side,
                                               .depth_or_layers = 1,
                                               .mip_level_count = 1,
                                               .sample_count = 1,
                                               .view_formats = {}}});
    recorder_.say(
        CreateTextureView{.view = view,
                          .label = "costs",
                          .texture = texture,
                          .descriptor = {.mip_level_count = kAllOrNone, .array_layer_count = kAllOrNone}});
    return view;
  }
  u32 make_compute_pipeline(u32 module, std::string_view entry_point) {
    const u32 pipeline = recorder_.new_id();
    recorder_.say(CreateComputePipeline{
        .pipeline = pipeline, .label = "costs", .module = module, .entry_point = entry_point, .constants = {}});
    return pipeline;
  }
  u32 make_module() {
    const u32 module = recorder_.new_id();
    recorder_.say(CreateShaderModule{.module = module, .label = "costs", .code = code_});
    return module;
  }

  Result<void> measure_encoding(CallCosts& costs);
  Result<void> measure_objects(CallCosts& costs);
  Result<void> measure_transfers(CallCosts& costs);
  Result<double> map_us();
  Result<CallCost> write_cost(u64 size_bytes, u32 count);
  Result<CallCost> mapped_cost(u64 size_bytes, u32 count);
  Result<CallCost> staged_cost(u64 size_bytes, u32 count);
  Result<CallCost> copy_cost(u64 size_bytes, u32 count);

  NativeDevice device_;
  std::unique_ptr<NativeExecutor> executor_;
  Recorder recorder_;
  std::string code_;
  u32 idle_ = 0, touch_ = 0, cover_ = 0, group_ = 0, layout_ = 0;
  u32 small_ = 0, large_ = 0;     // views
  u32 source_ = 0, target_ = 0;   // of kMostBytes
  std::vector<std::byte> bytes_;  // what is uploaded
};

Result<void> CallMeter::prepare() {
  SHOAL_TRY_SET(code_, kernel_code({.kernel = &call_costs_kernel().variant({})}, ShaderTarget::kNaga));
  bytes_.assign(kSizes[std::size(kSizes) - 1], std::byte{1});
  const u32 module = make_module();
  idle_ = make_compute_pipeline(module, "idle");
  touch_ = make_compute_pipeline(module, "touch");
  cover_ = recorder_.new_id();
  recorder_.say(
      CreateRenderPipeline{.pipeline = cover_,
                           .label = "costs",
                           .state = {.module = module,
                                     .entry_point = "corner",
                                     .constants = {},
                                     .buffers = {},
                                     .topology = PrimitiveTopology::kTriangleList,
                                     .front_face = FrontFace::kCcw,
                                     .cull_mode = CullMode::kNone,
                                     .depth_stencil = {},
                                     .sample_count = 1,
                                     .sample_mask = ~0u,
                                     .fragment = {{.module = module,
                                                   .entry_point = "cover",
                                                   .constants = {},
                                                   .targets = {{.format = TextureFormat::kRgba8unorm,
                                                                .blend = {},
                                                                .write_mask = static_cast<ColorWrite>(15)}}}}}});
  source_ = recorder_.create_buffer("costs", kMostBytes, kStorage | kCopySrc | kCopyDst);
  target_ = recorder_.create_buffer("costs", kMostBytes, kCopyDst);
  layout_ = recorder_.new_id();
  recorder_.say(GetBindGroupLayout{.layout = layout_, .pipeline = touch_, .index = 0});
  group_ = recorder_.new_id();
  recorder_.say(CreateBindGroup{.bind_group = group_,
                                .label = "costs",
                                .layout = layout_,
                                .entries = {{.binding = 0, .buffer = source_, .size_bytes = 256}}});
  small_ = make_view(kSmallSide);
  large_ = make_view(kLargeSide);
  return finish();
}

Result<void> CallMeter::measure_encoding(CallCosts& costs) {
  constexpr u32 kDispatches = 256, kPasses = 64, kRenderPasses = 16, kSubmissions = 32;
  SHOAL_TRY_SET(costs.dispatch, cost(
                                    kDispatches, [&](Recorder&) { compute(idle_, 1, kDispatches + 1); },
                                    [&](Recorder&) { compute(idle_, 1, 1); }));
  SHOAL_TRY_SET(costs.barrier, cost(
                                   kDispatches, [&](Recorder&) { compute(touch_, 1, kDispatches); },
                                   [&](Recorder&) { compute(idle_, 1, kDispatches); }));
  SHOAL_TRY_SET(costs.compute_pass, cost(
                                        kPasses, [&](Recorder&) { compute(idle_, kPasses + 1, 1); },
                                        [&](Recorder&) { compute(idle_, 1, kPasses + 1); }));
  const auto render_pass = [&](u32 view) {
    return cost(
        kRenderPasses, [&, view](Recorder&) { render(view, kRenderPasses + 1, 1); },
        [&, view](Recorder&) { render(view, 1, kRenderPasses + 1); });
  };
  SHOAL_TRY_SET(costs.render_pass, render_pass(small_));
  SHOAL_TRY_SET(const CallCost large, render_pass(large_));
  constexpr double kMoreBytes = 4.0 * (kLargeSide * kLargeSide - kSmallSide * kSmallSide);
  // One stores it, the next loads it.
  costs.attachment_ns_per_byte =
      std::max(0.0, 1e3 * (large.whole_us - costs.render_pass.whole_us) / kMoreBytes / 2);
  const auto encode_all = [&] {
    std::vector<u32> commands;
    for (u32 i = 0; i <= kSubmissions; ++i) {
      const u32 encoder = begin_encoder();
      compute_pass(encoder, idle_, 1);
      commands.push_back(finish_encoder(encoder));
    }
    return commands;
  };
  SHOAL_TRY_SET(costs.submission, cost(
                                      kSubmissions,
                                      [&](Recorder&) {
                                        for (const u32 one : encode_all()) submit(std::span(&one, 1));
                                      },
                                      [&](Recorder&) { submit(encode_all()); }));
  return {};
}

Result<void> CallMeter::measure_objects(CallCosts& costs) {
  constexpr u32 kGroups = 256, kPipelines = 8;
  const auto nothing = [](Recorder&) {};
  SHOAL_TRY_SET(costs.bind_group,
                cost(
                    kGroups,
                    [&](Recorder& recorder) {
                      for (u32 i = 0; i < kGroups; ++i) {
                        const u32 group = recorder.new_id();
                        recorder.say(CreateBindGroup{.bind_group = group,
                                                     .label = "costs",
                                                     .layout = layout_,
                                                     .entries = {{.buffer = source_, .size_bytes = 256}}});
                        recorder.say(Release{.kind = ObjectKind::kBindGroup, .object = group});
                      }
                    },
                    nothing));
  SHOAL_TRY_SET(costs.compute_pipeline,
                cost(
                    kPipelines,
                    [&](Recorder& recorder) {
                      for (u32 i = 0; i < kPipelines; ++i) {
                        const u32 module = make_module(), pipeline = make_compute_pipeline(module, "touch");
                        recorder.say(Release{.kind = ObjectKind::kComputePipeline, .object = pipeline});
                        recorder.say(Release{.kind = ObjectKind::kShaderModule, .object = module});
                      }
                    },
                    nothing));
  SHOAL_TRY_SET(costs.map_us, map_us());
  return {};
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

// Side by side into one buffer, as a program fills it.
Result<CallCost> CallMeter::write_cost(u64 size_bytes, u32 count) {
  return cost(
      count,
      [&](Recorder& recorder) {
        for (u32 i = 0; i < count; ++i) {
          recorder.write_lent({source_, i * size_bytes, size_bytes},
                              std::span(bytes_).first(static_cast<size_t>(size_bytes)));
        }
        compute(idle_, 1, 1);
      },
      [&](Recorder&) { compute(idle_, 1, 1); });
}

Result<CallCost> CallMeter::mapped_cost(u64 size_bytes, u32 count) {
  return cost(
      count,
      [&](Recorder& recorder) {
        const u32 encoder = begin_encoder();
        std::vector<u32> buffers;
        for (u32 i = 0; i < count; ++i) {
          const u32 buffer = buffers.emplace_back(recorder.new_id());
          recorder.say(CreateBuffer{.buffer = buffer,
                                    .label = "costs",
                                    .size_bytes = size_bytes,
                                    .usage = kCopySrc,
                                    .mapped_at_creation = 1});
          recorder.say(
              WriteMapped{.buffer = buffer, .data = std::span(bytes_).first(static_cast<size_t>(size_bytes))});
          recorder.say(Unmap{.buffer = buffer});
          recorder.copy(encoder, {buffer, 0, size_bytes}, {source_, i * size_bytes, size_bytes});
        }
        submit_encoder(encoder);
        for (const u32 buffer : buffers) recorder.say(DestroyBuffer{.buffer = buffer});
      },
      [&](Recorder&) { submit_encoder(begin_encoder()); });
}

Result<CallCost> CallMeter::staged_cost(u64 size_bytes, u32 count) {
  std::vector<u32> ring;
  for (u32 i = 0; i < count; ++i)
    ring.push_back(recorder_.create_buffer("costs", size_bytes, kMapWrite | kCopySrc));
  const auto map_all = [&](Recorder& recorder) {
    for (const u32 buffer : ring) {
      recorder.say(MapAsyncWrite{.buffer = buffer, .offset_bytes = 0, .size_bytes = size_bytes, .ticket = buffer});
    }
  };
  SHOAL_TRY_SET(const CallCost measured,
                cost(
                    count,
                    [&](Recorder& recorder) {
                      const u32 encoder = begin_encoder();
                      for (u32 i = 0; i < count; ++i) {
                        recorder.say(WriteMapped{.buffer = ring[i],
                                                 .data = std::span(bytes_).first(static_cast<size_t>(size_bytes))});
                        recorder.say(Unmap{.buffer = ring[i]});
                        recorder.copy(encoder, {ring[i], 0, size_bytes}, {source_, i * size_bytes, size_bytes});
                      }
                      submit_encoder(encoder);
                    },
                    [&](Recorder&) { submit_encoder(begin_encoder()); }, map_all));
  for (const u32 buffer : ring) recorder_.say(DestroyBuffer{.buffer = buffer});
  return measured;
}

Result<CallCost> CallMeter::copy_cost(u64 size_bytes, u32 count) {
  return cost(
      count,
      [&](Recorder& recorder) {
        const u32 encoder = begin_encoder();
        for (u32 i = 0; i < count; ++i) {
          recorder.copy(encoder, {source_, i * size_bytes, size_bytes}, {target_, i * size_bytes, size_bytes});
        }
        submit_encoder(encoder);
      },
      [&](Recorder&) { submit_encoder(begin_encoder()); });
}

Result<void> CallMeter::measure_transfers(CallCosts& costs) {
  constexpr u64 kMostCalls = 32;
  for (const u64 size_bytes : kSizes) {
    const u32 count = static_cast<u32>(std::min(kMostCalls, kMostBytes / size_bytes));
    SHOAL_TRY_SET(const CallCost write, write_cost(size_bytes, count));
    SHOAL_TRY_SET(const CallCost mapped, mapped_cost(size_bytes, count));
    SHOAL_TRY_SET(const CallCost staged, staged_cost(size_bytes, count));
    SHOAL_TRY_SET(const CallCost copied, copy_cost(size_bytes, count));
    costs.write.push_back({size_bytes, write});
    costs.mapped_at_creation.push_back({size_bytes, mapped});
    costs.staged.push_back({size_bytes, staged});
    costs.copy.push_back({size_bytes, copied});
  }
  return {};
}

Result<CallCosts> CallMeter::measure() {
  CallCosts costs;
  SHOAL_TRY(measure_encoding(costs));
  SHOAL_TRY(measure_objects(costs));
  SHOAL_TRY(measure_transfers(costs));
  return costs;
}

}  // namespace

Result<CallCosts> measure_call_costs(const std::string& adapter) {
  SHOAL_TRY_SET(const auto meter, CallMeter::open(adapter));
  return meter->measure();
}

}  // namespace shoal::gpu
