#include "gpu/native/call_costs.h"

#include <algorithm>
#include <functional>

#include "gpu/native/attachment_costs.h"
#include "gpu/native/call_meter.h"

namespace shoal::gpu {
namespace {

using enum BufferUsage;

constexpr u64 kSizes[] = {256, 4096, 65'536, 1u << 20, 4u << 20};
constexpr u64 kMostBytes = u64{8} << 20;  // that a turn moves

// What compute passes, submissions, objects and transfers cost.
class CallCostsMeter {
 public:
  explicit CallCostsMeter(CallMeter& meter) : meter_(meter), recorder_(meter.recorder()) {}
  Result<void> prepare();
  Result<void> measure_encoding(CallCosts& costs);
  Result<void> measure_objects(CallCosts& costs);
  Result<void> measure_transfers(CallCosts& costs);

 private:
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
    const u32 encoder = meter_.begin_encoder();
    for (u32 i = 0; i < passes; ++i) compute_pass(encoder, pipeline, dispatches);
    meter_.submit_encoder(encoder);
  }
  Result<CallCost> write_cost(u64 size_bytes, u32 count);
  Result<CallCost> mapped_cost(u64 size_bytes, u32 count);
  Result<CallCost> staged_cost(u64 size_bytes, u32 count);
  Result<CallCost> copy_cost(u64 size_bytes, u32 count);
  Result<CallCost> write_texture_cost(u64 size_bytes, u32 count);
  void write(u64 offset_bytes, u64 size_bytes) {
    recorder_.write_lent({source_, offset_bytes, size_bytes},
                         std::span(bytes_).first(static_cast<size_t>(size_bytes)));
  }
  void write_texture(u32 side);
  Result<CallCost> create_cost(const std::function<u32()>& create, ObjectKind kind);
  Result<void> measure_first_writes(CallCosts& costs);
  Result<double> zeroing_ns_per_byte();

  CallMeter& meter_;
  Recorder& recorder_;
  u32 idle_ = 0, touch_ = 0, group_ = 0, layout_ = 0;
  u32 source_ = 0, target_ = 0;   // of kMostBytes
  u32 texture_ = 0;               // of as many bytes as the largest write
  std::vector<std::byte> bytes_;  // what is uploaded
};

Result<void> CallCostsMeter::prepare() {
  bytes_.assign(kSizes[std::size(kSizes) - 1], std::byte{1});
  idle_ = meter_.make_compute_pipeline(meter_.module(), "idle");
  touch_ = meter_.make_compute_pipeline(meter_.module(), "touch");
  source_ = recorder_.create_buffer("costs", kMostBytes, kStorage | kCopySrc | kCopyDst);
  target_ = recorder_.create_buffer("costs", kMostBytes, kCopyDst);
  texture_ = recorder_.new_id();
  recorder_.say(CreateTexture{
      .texture = texture_,
      .label = "costs",
      .descriptor = {.dimension = TextureDimension::k2d,
                     .format = TextureFormat::kRgba8unorm,
                     .usage = static_cast<TextureUsage>(static_cast<u32>(TextureUsage::kCopyDst) |
                                                        static_cast<u32>(TextureUsage::kTextureBinding)),
                     .width = 1024,
                     .height = 1024,
                     .depth_or_layers = 1,
                     .mip_level_count = 1,
                     .sample_count = 1,
                     .view_formats = {}}});
  layout_ = recorder_.new_id();
  recorder_.say(GetBindGroupLayout{.layout = layout_, .pipeline = touch_, .index = 0});
  group_ = recorder_.new_id();
  recorder_.say(CreateBindGroup{.bind_group = group_,
                                .label = "costs",
                                .layout = layout_,
                                .entries = {{.binding = 0, .buffer = source_, .size_bytes = 256}}});
  return meter_.finish();
}

Result<void> CallCostsMeter::measure_encoding(CallCosts& costs) {
  constexpr u32 kDispatches = 256, kPasses = 64, kSubmissions = 32;
  SHOAL_TRY_SET(costs.dispatch, meter_.cost(
                                    kDispatches, [&](Recorder&) { compute(idle_, 1, kDispatches + 1); },
                                    [&](Recorder&) { compute(idle_, 1, 1); }));
  SHOAL_TRY_SET(costs.barrier, meter_.cost(
                                   kDispatches, [&](Recorder&) { compute(touch_, 1, kDispatches); },
                                   [&](Recorder&) { compute(idle_, 1, kDispatches); }));
  SHOAL_TRY_SET(costs.compute_pass, meter_.cost(
                                        kPasses, [&](Recorder&) { compute(idle_, kPasses + 1, 1); },
                                        [&](Recorder&) { compute(idle_, 1, kPasses + 1); }));
  const auto encode_all = [&] {
    std::vector<u32> commands;
    for (u32 i = 0; i <= kSubmissions; ++i) {
      const u32 encoder = meter_.begin_encoder();
      compute_pass(encoder, idle_, 1);
      commands.push_back(meter_.finish_encoder(encoder));
    }
    return commands;
  };
  SHOAL_TRY_SET(costs.submission, meter_.cost(
                                      kSubmissions,
                                      [&](Recorder&) {
                                        for (const u32 one : encode_all()) meter_.submit(std::span(&one, 1));
                                      },
                                      [&](Recorder&) { meter_.submit(encode_all()); }));
  return {};
}

// With giving it back.
Result<CallCost> CallCostsMeter::create_cost(const std::function<u32()>& create, ObjectKind kind) {
  constexpr u32 kObjects = 256;
  return meter_.cost(
      kObjects,
      [&](Recorder& recorder) {
        for (u32 i = 0; i < kObjects; ++i) recorder.say(Release{.kind = kind, .object = create()});
      },
      [](Recorder&) {});
}

Result<void> CallCostsMeter::measure_objects(CallCosts& costs) {
  constexpr u32 kPipelines = 8;
  const auto create_group = [&] {
    const u32 group = recorder_.new_id();
    recorder_.say(CreateBindGroup{.bind_group = group,
                                  .label = "costs",
                                  .layout = layout_,
                                  .entries = {{.buffer = source_, .size_bytes = 256}}});
    return group;
  };
  const auto create_view = [&] {
    const u32 view = recorder_.new_id();
    recorder_.say(
        CreateTextureView{.view = view,
                          .label = "costs",
                          .texture = texture_,
                          .descriptor = {.mip_level_count = kAllOrNone, .array_layer_count = kAllOrNone}});
    return view;
  };
  const auto create_sampler = [&] {
    const u32 sampler = recorder_.new_id();
    recorder_.say(
        CreateSampler{.sampler = sampler, .label = "costs", .descriptor = {.lod_max = 32, .max_anisotropy = 1}});
    return sampler;
  };
  SHOAL_TRY_SET(costs.bind_group, create_cost(create_group, ObjectKind::kBindGroup));
  SHOAL_TRY_SET(costs.texture_view, create_cost(create_view, ObjectKind::kTextureView));
  SHOAL_TRY_SET(costs.sampler, create_cost(create_sampler, ObjectKind::kSampler));
  const auto nothing = [](Recorder&) {};
  SHOAL_TRY_SET(costs.compute_pipeline,
                meter_.cost(
                    kPipelines,
                    [&](Recorder& recorder) {
                      for (u32 i = 0; i < kPipelines; ++i) {
                        const u32 module = meter_.make_module(),
                                  pipeline = meter_.make_compute_pipeline(module, "touch");
                        recorder.say(Release{.kind = ObjectKind::kComputePipeline, .object = pipeline});
                        recorder.say(Release{.kind = ObjectKind::kShaderModule, .object = module});
                      }
                    },
                    nothing));
  SHOAL_TRY_SET(costs.map_us, meter_.map_us());
  return {};
}

// Side by side into one buffer, as a program fills it.
Result<CallCost> CallCostsMeter::write_cost(u64 size_bytes, u32 count) {
  return meter_.cost(
      count,
      [&](Recorder&) {
        for (u32 i = 0; i < count; ++i) write(i * size_bytes, size_bytes);
        compute(idle_, 1, 1);
      },
      [&](Recorder&) { compute(idle_, 1, 1); });
}

Result<CallCost> CallCostsMeter::mapped_cost(u64 size_bytes, u32 count) {
  return meter_.cost(
      count,
      [&](Recorder& recorder) {
        const u32 encoder = meter_.begin_encoder();
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
        meter_.submit_encoder(encoder);
        for (const u32 buffer : buffers) recorder.say(DestroyBuffer{.buffer = buffer});
      },
      [&](Recorder&) { meter_.submit_encoder(meter_.begin_encoder()); });
}

Result<CallCost> CallCostsMeter::staged_cost(u64 size_bytes, u32 count) {
  std::vector<u32> ring;
  for (u32 i = 0; i < count; ++i)
    ring.push_back(recorder_.create_buffer("costs", size_bytes, kMapWrite | kCopySrc));
  const auto map_all = [&](Recorder& recorder) {
    for (const u32 buffer : ring) {
      recorder.say(MapAsyncWrite{.buffer = buffer, .offset_bytes = 0, .size_bytes = size_bytes, .ticket = buffer});
    }
  };
  SHOAL_TRY_SET(const CallCost measured,
                meter_.cost(
                    count,
                    [&](Recorder& recorder) {
                      const u32 encoder = meter_.begin_encoder();
                      for (u32 i = 0; i < count; ++i) {
                        recorder.say(WriteMapped{.buffer = ring[i],
                                                 .data = std::span(bytes_).first(static_cast<size_t>(size_bytes))});
                        recorder.say(Unmap{.buffer = ring[i]});
                        recorder.copy(encoder, {ring[i], 0, size_bytes}, {source_, i * size_bytes, size_bytes});
                      }
                      meter_.submit_encoder(encoder);
                    },
                    [&](Recorder&) { meter_.submit_encoder(meter_.begin_encoder()); }, map_all));
  for (const u32 buffer : ring) recorder_.say(DestroyBuffer{.buffer = buffer});
  return measured;
}

Result<CallCost> CallCostsMeter::copy_cost(u64 size_bytes, u32 count) {
  return meter_.cost(
      count,
      [&](Recorder& recorder) {
        const u32 encoder = meter_.begin_encoder();
        for (u32 i = 0; i < count; ++i) {
          recorder.copy(encoder, {source_, i * size_bytes, size_bytes}, {target_, i * size_bytes, size_bytes});
        }
        meter_.submit_encoder(encoder);
      },
      [&](Recorder&) { meter_.submit_encoder(meter_.begin_encoder()); });
}

void CallCostsMeter::write_texture(u32 side) {
  recorder_.say(WriteTexture{.target = {.texture = texture_},
                             .layout = {.bytes_per_row = 4 * side, .rows_per_image = side},
                             .size = {.width = side, .height = side, .depth_or_layers = 1},
                             .data = std::span(bytes_).first(size_t{4} * side * side)});
}

// Squares of four bytes a texel into one texture.
Result<CallCost> CallCostsMeter::write_texture_cost(u64 size_bytes, u32 count) {
  u32 side = 1;
  while (4 * u64{side} * side < size_bytes) side *= 2;
  return meter_.cost(
      count,
      [&, side](Recorder&) {
        for (u32 i = 0; i < count; ++i) write_texture(side);
        compute(idle_, 1, 1);
      },
      [&](Recorder&) { compute(idle_, 1, 1); });
}

// What is written becomes commands of their own before the submission, and what is written must be ready for it:
// as many writes before as many submissions, one before each beside all before one of them.
Result<void> CallCostsMeter::measure_first_writes(CallCosts& costs) {
  constexpr u32 kSubmissions = 17, kSide = 8;
  constexpr u64 kBytes = u64{4} * kSide * kSide;
  const auto write_buffer = [this](u32 i) { write(i * kBytes, kBytes); };
  const auto fill_texture = [this](u32) { write_texture(kSide); };
  const auto submit_all = [this](const std::function<void(u32)>& always, const std::function<void(u32)>& one,
                                 bool is_spread) {
    return [this, always, one, is_spread](Recorder&) {
      for (u32 i = 0; i < kSubmissions; ++i) {
        always(i);
        for (u32 k = 0; k < (is_spread ? 1 : i == 0 ? kSubmissions : 0); ++k) one(k);
        compute(touch_, 1, 1);
      }
    };
  };
  const auto nothing = [](u32) {};
  SHOAL_TRY_SET(costs.first_write, meter_.cost(kSubmissions - 1, submit_all(nothing, write_buffer, true),
                                               submit_all(nothing, write_buffer, false)));
  SHOAL_TRY_SET(costs.first_texture_write,
                meter_.cost(kSubmissions - 1, submit_all(write_buffer, fill_texture, true),
                            submit_all(write_buffer, fill_texture, false)));
  return {};
}

// A buffer's bytes are zero until they are written, and somebody must see to that before its first use.
Result<double> CallCostsMeter::zeroing_ns_per_byte() {
  constexpr u64 kBytes = u64{64} << 20;  // more than an allocator keeps for the next
  const auto use_new = [&](u64 size_bytes) {
    const u32 buffer = recorder_.create_buffer("costs", size_bytes, kCopyDst);
    const u32 encoder = meter_.begin_encoder();
    recorder_.say(ClearBuffer{.encoder = encoder, .buffer = buffer, .size_bytes = size_bytes});
    meter_.submit_encoder(encoder);
    recorder_.say(DestroyBuffer{.buffer = buffer});
  };
  SHOAL_TRY_SET(const CallCost zeroing,
                meter_.cost(1, [&](Recorder&) { use_new(kBytes); }, [&](Recorder&) { use_new(256); }));
  return 1e3 * zeroing.whole_us / static_cast<double>(kBytes);
}

Result<void> CallCostsMeter::measure_transfers(CallCosts& costs) {
  constexpr u64 kMostCalls = 32;
  for (const u64 size_bytes : kSizes) {
    const u32 count = static_cast<u32>(std::min(kMostCalls, kMostBytes / size_bytes));
    SHOAL_TRY_SET(const CallCost write, write_cost(size_bytes, count));
    SHOAL_TRY_SET(const CallCost texture, write_texture_cost(size_bytes, count));
    SHOAL_TRY_SET(const CallCost mapped, mapped_cost(size_bytes, count));
    SHOAL_TRY_SET(const CallCost staged, staged_cost(size_bytes, count));
    SHOAL_TRY_SET(const CallCost copied, copy_cost(size_bytes, count));
    costs.write.push_back({size_bytes, write});
    costs.write_texture.push_back({size_bytes, texture});
    costs.mapped_at_creation.push_back({size_bytes, mapped});
    costs.staged.push_back({size_bytes, staged});
    costs.copy.push_back({size_bytes, copied});
  }
  SHOAL_TRY(measure_first_writes(costs));
  SHOAL_TRY_SET(costs.zeroing_ns_per_byte, zeroing_ns_per_byte());
  return {};
}

}  // namespace

Result<CallCosts> measure_call_costs(const std::string& adapter) {
  SHOAL_TRY_SET(const auto meter, CallMeter::open(adapter));
  CallCosts costs;
  CallCostsMeter calls(*meter);
  SHOAL_TRY(calls.prepare());
  SHOAL_TRY(calls.measure_encoding(costs));
  SHOAL_TRY(measure_attachment_costs(*meter, costs));
  SHOAL_TRY(calls.measure_objects(costs));
  SHOAL_TRY(calls.measure_transfers(costs));
  return costs;
}

}  // namespace shoal::gpu
