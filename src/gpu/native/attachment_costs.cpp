#include "gpu/native/attachment_costs.h"

#include <algorithm>
#include <optional>
#include <string_view>

namespace shoal::gpu {
namespace {

constexpr u32 kSmallSide = 64, kLargeSide = 1024, kSamples = 4;
constexpr u32 kPasses = 16, kDraws = 512, kStorageDraws = 128;
constexpr double kLargeBytes = 4.0 * kLargeSide * kLargeSide;  // of four bytes a texel

// Draws of one pixel, so that what a pass costs is the pass; `covers`: of every pixel.
struct Pass {
  u32 view = 0, resolve = 0, depth = 0;
  u32 pipeline = 0;
  LoadOp load = LoadOp::kLoad;
  bool covers = false;
  bool sets_again = false;  // its pipeline and a vertex buffer, before each draw
  u32 group = 0;            // 0: its pipeline has none
  u32 instances = 1;        // of each draw
};

class Attachments {
 public:
  explicit Attachments(CallMeter& meter) : meter_(meter), recorder_(meter.recorder()) {}

  Result<void> measure(CallCosts& costs);

 private:
  u32 make_view(u32 side, TextureFormat format, u32 samples);
  u32 make_pipeline(u32 samples, std::optional<CompareFunction> depth, std::string_view fragments = "cover");
  u32 make_group(u32 pipeline);
  Result<void> measure_draws(const Pass& small, CallCosts& costs);
  void say(u32 encoder, const Pass& pass, u32 draws);
  void render(const Pass& pass, u32 passes, u32 draws) {
    const u32 encoder = meter_.begin_encoder();
    for (u32 i = 0; i < passes; ++i) say(encoder, pass, draws);
    meter_.submit_encoder(encoder);
  }
  // What a pass like `more` costs beyond one like `fewer`, for each byte.
  Result<double> ns_per_byte(const Pass& more, const Pass& fewer, double bytes) {
    SHOAL_TRY_SET(const CallCost one, meter_.cost(
                                          kPasses, [&](Recorder&) { render(more, kPasses, 1); },
                                          [&](Recorder&) { render(fewer, kPasses, 1); }));
    return 1e3 * one.whole_us / bytes;
  }

  CallMeter& meter_;
  Recorder& recorder_;
  u32 vertices_ = 0;
};

u32 Attachments::make_view(u32 side, TextureFormat format, u32 samples) {
  const u32 texture = recorder_.new_id(), view = recorder_.new_id();
  recorder_.say(CreateTexture{.texture = texture,
                              .label = "costs",
                              .descriptor = {.dimension = TextureDimension::k2d,
                                             .format = format,
                                             .usage = TextureUsage::kRenderAttachment,
                                             .width = side,
                                             .height = side,
                                             .depth_or_layers = 1,
                                             .mip_level_count = 1,
                                             .sample_count = samples,
                                             .view_formats = {}}});
  recorder_.say(CreateTextureView{.view = view,
                                  .label = "costs",
                                  .texture = texture,
                                  .descriptor = {.mip_level_count = kAllOrNone, .array_layer_count = kAllOrNone}});
  return view;
}

u32 Attachments::make_pipeline(u32 samples, std::optional<CompareFunction> depth, std::string_view fragments) {
  const u32 pipeline = recorder_.new_id();
  RenderState state{.module = meter_.module(),
                    .entry_point = "corner",
                    .constants = {},
                    .buffers = {},
                    .topology = PrimitiveTopology::kTriangleList,
                    .front_face = FrontFace::kCcw,
                    .cull_mode = CullMode::kNone,
                    .depth_stencil = {},
                    .sample_count = samples,
                    .sample_mask = ~0u,
                    .fragment = {{.module = meter_.module(),
                                  .entry_point = fragments,
                                  .constants = {},
                                  .targets = {{.format = TextureFormat::kRgba8unorm,
                                               .blend = {},
                                               .write_mask = static_cast<ColorWrite>(15)}}}}};
  if (depth) {
    const StencilFace keeps{.compare = CompareFunction::kAlways,
                            .fail_op = StencilOperation::kKeep,
                            .depth_fail_op = StencilOperation::kKeep,
                            .pass_op = StencilOperation::kKeep};
    state.depth_stencil = {
        {.format = TextureFormat::kDepth24plus, .depth_compare = *depth, .front = keeps, .back = keeps}};
  }
  recorder_.say(CreateRenderPipeline{.pipeline = pipeline, .label = "costs", .state = state});
  return pipeline;
}

// Of 256 bytes, at the binding of `shade`.
u32 Attachments::make_group(u32 pipeline) {
  const u32 layout = recorder_.new_id(), group = recorder_.new_id();
  const u32 buffer = recorder_.create_buffer("costs", 256, BufferUsage::kStorage);
  recorder_.say(GetBindGroupLayout{.layout = layout, .pipeline = pipeline, .index = 0});
  recorder_.say(CreateBindGroup{.bind_group = group,
                                .label = "costs",
                                .layout = layout,
                                .entries = {{.binding = 1, .buffer = buffer, .size_bytes = 256}}});
  return group;
}

void Attachments::say(u32 encoder, const Pass& pass, u32 draws) {
  const u32 id = recorder_.new_id();
  PassTargets targets{.color_attachments = {{.view = pass.view,
                                             .depth_slice = kAllOrNone,
                                             .resolve_target = pass.resolve,
                                             .load = pass.load,
                                             .store = StoreOp::kStore}},
                      .depth_stencil = {}};
  if (pass.depth != 0) {
    targets.depth_stencil = {{.view = pass.depth,
                              .depth_load = LoadOp::kClear,
                              .depth_store = StoreOp::kDiscard,
                              .depth_clear_value = 1}};
  }
  recorder_.say(BeginRenderPass{.encoder = encoder, .pass = id, .label = "costs", .targets = targets});
  recorder_.say(SetRenderPipeline{.pass = id, .pipeline = pass.pipeline});
  if (pass.group != 0) recorder_.say(SetBindGroup{.pass = id, .index = 0, .bind_group = pass.group});
  if (!pass.covers) recorder_.say(SetScissorRect{.pass = id, .width = 1, .height = 1});
  for (u32 i = 0; i < draws; ++i) {
    if (pass.sets_again) {
      recorder_.say(SetRenderPipeline{.pass = id, .pipeline = pass.pipeline});
      recorder_.say(SetVertexBuffer{.pass = id, .buffer = vertices_, .size_bytes = 256});
    }
    recorder_.say(Draw{.pass = id, .vertex_count = 3, .instance_count = pass.instances});
  }
  recorder_.say(EndPass{.pass = id});
}

Result<void> Attachments::measure_draws(const Pass& small, CallCosts& costs) {
  Pass shaded = small, instanced = small, again = small;
  shaded.pipeline = make_pipeline(1, {}, "shade");
  shaded.group = make_group(shaded.pipeline);
  instanced.instances = kDraws + 1;
  again.sets_again = true;
  SHOAL_TRY_SET(costs.draw, meter_.cost(
                                kDraws, [&](Recorder&) { render(small, 1, kDraws + 1); },
                                [&](Recorder&) { render(small, 1, 1); }));
  SHOAL_TRY_SET(costs.storage_draw, meter_.cost(
                                        kStorageDraws, [&](Recorder&) { render(shaded, 1, kStorageDraws + 1); },
                                        [&](Recorder&) { render(shaded, 1, 1); }));
  SHOAL_TRY_SET(
      costs.instance,
      meter_.cost(kDraws, [&](Recorder&) { render(instanced, 1, 1); }, [&](Recorder&) { render(small, 1, 1); }));
  SHOAL_TRY_SET(costs.state, meter_.cost(
                                 2 * kDraws, [&](Recorder&) { render(again, 1, kDraws); },
                                 [&](Recorder&) { render(small, 1, kDraws); }));
  return {};
}

Result<void> Attachments::measure(CallCosts& costs) {
  vertices_ = recorder_.create_buffer("costs", 256, BufferUsage::kVertex);
  const u32 plain = make_pipeline(1, {}), passed = make_pipeline(1, CompareFunction::kAlways),
            tested = make_pipeline(1, CompareFunction::kLessEqual), many = make_pipeline(kSamples, {});
  const Pass small{.view = make_view(kSmallSide, TextureFormat::kRgba8unorm, 1), .pipeline = plain};
  const Pass large{.view = make_view(kLargeSide, TextureFormat::kRgba8unorm, 1), .pipeline = plain};
  const u32 samples = make_view(kLargeSide, TextureFormat::kRgba8unorm, kSamples);
  const u32 depth = make_view(kLargeSide, TextureFormat::kDepth24plus, 1);
  const auto pass_more = [&](const Pass& pass) {
    return meter_.cost(
        kPasses, [&, pass](Recorder&) { render(pass, kPasses + 1, 1); },
        [&, pass](Recorder&) { render(pass, 1, kPasses + 1); });
  };
  SHOAL_TRY_SET(costs.render_pass, pass_more(small));
  SHOAL_TRY_SET(const CallCost of_large, pass_more(large));
  // One stores it, the next loads it.
  const double small_bytes = 4.0 * kSmallSide * kSmallSide;
  costs.attachment_ns_per_byte =
      std::max(0.0, 1e3 * (of_large.whole_us - costs.render_pass.whole_us) / (kLargeBytes - small_bytes) / 2);
  SHOAL_TRY(measure_draws(small, costs));
  // Cleared, drawn over and given up, beside a pass that has none.
  Pass with_depth{.view = large.view, .depth = depth, .pipeline = passed, .load = LoadOp::kClear, .covers = true};
  Pass without{.view = large.view, .pipeline = plain, .load = LoadOp::kClear, .covers = true};
  Pass with_test = with_depth;
  with_test.pipeline = tested;
  SHOAL_TRY_SET(costs.depth_ns_per_byte, ns_per_byte(with_depth, without, kLargeBytes));
  SHOAL_TRY_SET(costs.depth_test_ns_per_byte, ns_per_byte(with_test, with_depth, kLargeBytes));
  // Cleared, drawn over and resolved, beside drawing into what they are resolved to.
  const Pass sampled{
      .view = samples, .resolve = large.view, .pipeline = many, .load = LoadOp::kClear, .covers = true};
  SHOAL_TRY_SET(costs.samples_ns_per_byte, ns_per_byte(sampled, without, kSamples * kLargeBytes));
  return {};
}

}  // namespace

Result<void> measure_attachment_costs(CallMeter& meter, CallCosts& costs) {
  return Attachments(meter).measure(costs);
}

}  // namespace shoal::gpu
