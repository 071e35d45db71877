// Drawing: what a stream says appears in the picture, and whatever it says wrongly is dropped and reported.
#include "gpu/native/executor.h"

#include <array>

#include <gtest/gtest.h>

#include "gpu/native/executor_fixture.h"

namespace shoal::gpu {
namespace {

using enum BufferUsage;

// Clip positions and texture coordinates come from vertices; texel (x, y) of the texture is drawn as it is.
constexpr std::string_view kDraw = R"(
struct Out { @builtin(position) at: vec4f, @location(0) uv: vec2f }
@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var nearest: sampler;
@group(0) @binding(2) var<uniform> tint: vec4f;
@vertex fn place(@location(0) at: vec3f, @location(1) uv: vec2f) -> Out { return Out(vec4f(at, 1), uv); }
@fragment fn shade(in: Out) -> @location(0) vec4f { return textureSample(picture, nearest, in.uv) * tint; }
)";
constexpr u32 kSide = 16;
using Pixel = std::array<u8, 4>;

struct Vertex {
  float x, y, z, u, v;
};

class ExecutorRenderTest : public ExecutorTest {
 protected:
  static TextureDescriptor texture_of(TextureFormat format, TextureUsage usage, u32 side = kSide) {
    return {.dimension = TextureDimension::k2d,
            .format = format,
            .usage = usage,
            .width = side,
            .height = side,
            .depth_or_layers = 1,
            .mip_level_count = 1,
            .sample_count = 1,
            .view_formats = {}};
  }

  u32 make_texture(const TextureDescriptor& descriptor, std::string_view label = "texture") {
    const u32 texture = recorder_.new_id();
    recorder_.say(CreateTexture{.texture = texture, .label = label, .descriptor = descriptor});
    return texture;
  }

  u32 view_of(u32 texture,
              ViewDescriptor descriptor = {.mip_level_count = kAllOrNone, .array_layer_count = kAllOrNone}) {
    const u32 view = recorder_.new_id();
    recorder_.say(CreateTextureView{.view = view, .label = "view", .texture = texture, .descriptor = descriptor});
    return view;
  }

  u32 target(TextureFormat format = TextureFormat::kRgba8unorm) {
    picture_ =
        make_texture(texture_of(format, TextureUsage::kRenderAttachment | TextureUsage::kCopySrc), "picture");
    return view_of(picture_);
  }

  u32 module_of(std::string_view code) {
    const u32 module = recorder_.new_id();
    recorder_.say(CreateShaderModule{.module = module, .label = "module", .code = code});
    return module;
  }

  static RenderState state_of(u32 module) {
    return {.layout = 0,
            .module = module,
            .entry_point = "place",
            .buffers = {{.stride_bytes = sizeof(Vertex),
                         .step_mode = VertexStepMode::kVertex,
                         .attributes = {{.format = VertexFormat::kFloat32x3, .offset_bytes = 0, .location = 0},
                                        {.format = VertexFormat::kFloat32x2, .offset_bytes = 12, .location = 1}}}},
            .topology = PrimitiveTopology::kTriangleList,
            .depth_stencil = {{.format = TextureFormat::kDepth32float,
                               .depth_write_enabled = 1,
                               .depth_compare = CompareFunction::kLess}},
            .sample_count = 1,
            .sample_mask = ~0u,
            .fragment = {
                {.module = module,
                 .entry_point = "shade",
                 .targets = {{.format = TextureFormat::kRgba8unorm, .write_mask = static_cast<ColorWrite>(15)}}}}};
  }

  u32 pipeline_of(RenderState state) {
    const u32 pipeline = recorder_.new_id();
    recorder_.say(CreateRenderPipeline{.pipeline = pipeline, .label = "pipeline", .state = std::move(state)});
    return pipeline;
  }

  PassTargets targets_of(u32 view, u32 depth = 0) {
    PassTargets targets;
    targets.color_attachments = {{.view = view,
                                  .depth_slice = kAllOrNone,
                                  .load = LoadOp::kClear,
                                  .store = StoreOp::kStore,
                                  .clear_value = {0, 0, 0, 1}}};
    if (depth != 0) {
      targets.depth_stencil = {
          {.view = depth, .depth_load = LoadOp::kClear, .depth_store = StoreOp::kStore, .depth_clear_value = 1}};
    }
    return targets;
  }

  u32 begin_pass(u32 encoder, PassTargets targets) {
    const u32 pass = recorder_.new_id();
    recorder_.say(
        BeginRenderPass{.encoder = encoder, .pass = pass, .label = "draw", .targets = std::move(targets)});
    return pass;
  }

  // The picture's pixels, copied out by an encoder of their own.
  std::vector<Pixel> pixels() {
    const u32 out = recorder_.create_buffer("out", 256 * kSide, kMapRead | kCopyDst);
    const u32 encoder = begin("copy out");
    recorder_.say(CopyTextureToBuffer{.encoder = encoder,
                                      .source = {.texture = picture_, .aspect = TextureAspect::kAll},
                                      .target = out,
                                      .layout = {.bytes_per_row = 256, .rows_per_image = kSide},
                                      .size = {kSide, kSide, 1}});
    submit(encoder);
    recorder_.say(MapAsync{.buffer = out, .offset_bytes = 0, .size_bytes = kWholeSize, .ticket = 1});
    mapped_.clear();
    execute();
    std::vector<Pixel> result(kSide * kSide);
    if (mapped_.size() != 1) {
      ADD_FAILURE() << "nothing was mapped";
      return result;
    }
    for (u32 y = 0; y < kSide; ++y) std::memcpy(&result[y * kSide], mapped_[0].data() + 256 * y, 4 * kSide);
    return result;
  }

  // Two triangles that share the square's diagonal, at a depth.
  static std::array<Vertex, 4> square(float left, float top, float side, float z) {
    return {{{left, top, z, 0, 0},
             {left + side, top, z, 1, 0},
             {left, top - side, z, 0, 1},
             {left + side, top - side, z, 1, 1}}};
  }

  u32 picture_ = 0;
};

// A texel of the 4 x 4 texture.
Pixel texel(u32 x, u32 y) { return {static_cast<u8>(60 * x), static_cast<u8>(60 * y), 200, 255}; }

// A textured square, half of it behind a nearer one that is drawn first; by a pass or by a bundle of its own.
TEST_F(ExecutorRenderTest, DrawsTexturedIndexedTrianglesInTheirDepthAlsoFromABundle) {
  for (const bool by_bundle : {false, true}) {
    const u32 view = target();
    const u32 depth =
        view_of(make_texture(texture_of(TextureFormat::kDepth32float, TextureUsage::kRenderAttachment)));
    const u32 pipeline = pipeline_of(state_of(module_of(kDraw)));
    const u32 layout = recorder_.new_id();
    recorder_.say(GetBindGroupLayout{.layout = layout, .pipeline = pipeline, .index = 0});

    const u32 image = make_texture(
        texture_of(TextureFormat::kRgba8unorm, TextureUsage::kTextureBinding | TextureUsage::kCopyDst, 4), "image");
    std::array<Pixel, 16> texels;
    for (u32 i = 0; i < 16; ++i) texels[i] = texel(i % 4, i / 4);
    recorder_.say(WriteTexture{.target = {.texture = image, .aspect = TextureAspect::kAll},
                               .layout = {.bytes_per_row = 16, .rows_per_image = 4},
                               .size = {4, 4, 1},
                               .data = std::as_bytes(std::span(texels))});
    const u32 sampler = recorder_.new_id();
    recorder_.say(CreateSampler{.sampler = sampler,
                                .label = "nearest",
                                .descriptor = {.mag_filter = FilterMode::kNearest,
                                               .min_filter = FilterMode::kNearest,
                                               .lod_max = 32,
                                               .max_anisotropy = 1}});
    // The tint is written while its buffer is mapped, since its creation.
    const u32 tint = recorder_.new_id();
    recorder_.say(CreateBuffer{
        .buffer = tint, .label = "tint", .size_bytes = 16, .usage = kUniform, .mapped_at_creation = 1});
    const float white[] = {1, 1, 1, 1};
    recorder_.say(WriteMapped{.buffer = tint, .offset_bytes = 0, .data = std::as_bytes(std::span(white))});
    recorder_.say(Unmap{.buffer = tint});
    const u32 group = recorder_.new_id();
    recorder_.say(CreateBindGroup{.bind_group = group,
                                  .label = "group",
                                  .layout = layout,
                                  .entries = {{.binding = 0, .texture_view = view_of(image)},
                                              {.binding = 1, .sampler = sampler},
                                              {.binding = 2, .buffer = tint, .size_bytes = kWholeSize}}});
    std::vector<Vertex> vertices;
    // The near square covers the right half of the picture and shows texels scaled to 2 x 4 pixels.
    for (const Vertex& vertex : square(0, 1, 1, 0.25f)) vertices.push_back(vertex);
    for (const Vertex& vertex : square(-1, 1, 2, 0.5f)) vertices.push_back(vertex);
    const u16 indices[] = {0, 1, 2, 2, 1, 3};
    const u32 vertex_buffer = recorder_.create_buffer("vertices", 8 * sizeof(Vertex), kVertex | kCopyDst);
    const u32 index_buffer = recorder_.create_buffer("indices", 12, kIndex | kCopyDst);
    recorder_.write({vertex_buffer, 0, 0}, std::as_bytes(std::span(vertices)));
    recorder_.write({index_buffer, 0, 0}, std::as_bytes(std::span(indices)));

    const auto draw = [&](u32 pass) {
      recorder_.say(PushDebugGroup{.scope = pass, .label = "squares"});
      recorder_.say(SetRenderPipeline{.pass = pass, .pipeline = pipeline});
      recorder_.say(SetBindGroup{.pass = pass, .index = 0, .bind_group = group});
      recorder_.say(SetVertexBuffer{.pass = pass, .slot = 0, .buffer = vertex_buffer, .size_bytes = kWholeSize});
      recorder_.say(SetIndexBuffer{
          .pass = pass, .buffer = index_buffer, .format = IndexFormat::kUint16, .size_bytes = kWholeSize});
      recorder_.say(DrawIndexed{.pass = pass, .index_count = 6, .instance_count = 1});
      recorder_.say(DrawIndexed{.pass = pass, .index_count = 6, .instance_count = 1, .base_vertex = 4});
      recorder_.say(PopDebugGroup{.scope = pass});
    };
    u32 bundle = 0;
    if (by_bundle) {
      const u32 bundle_encoder = recorder_.new_id();
      bundle = recorder_.new_id();
      recorder_.say(CreateRenderBundleEncoder{.pass = bundle_encoder,
                                              .label = "bundle",
                                              .targets = {.color_formats = {TextureFormat::kRgba8unorm},
                                                          .depth_stencil_format = TextureFormat::kDepth32float,
                                                          .sample_count = 1}});
      draw(bundle_encoder);
      recorder_.say(FinishBundle{.pass = bundle_encoder, .bundle = bundle});
    }
    const u32 encoder = begin("frame");
    const u32 pass = begin_pass(encoder, targets_of(view, depth));
    if (by_bundle) {
      recorder_.say(ExecuteBundles{.pass = pass, .bundles = std::span(&bundle, 1)});
    } else {
      draw(pass);
    }
    recorder_.say(EndPass{.pass = pass});
    submit(encoder);
    const std::vector<Pixel> picture = pixels();
    EXPECT_TRUE(errors_.empty()) << errors_.front();
    for (u32 y = 0; y < kSide; ++y) {
      for (u32 x = 0; x < kSide; ++x) {
        // The near square is the upper right quarter: its texels are 2 pixels wide, the far one's 4.
        const bool is_near = x >= 8 && y < 8;
        const Pixel expected = is_near ? texel((x - 8) / 2, y / 2) : texel(x / 4, y / 4);
        ASSERT_EQ(picture[y * kSide + x], expected) << x << ", " << y << (by_bundle ? " by bundle" : "");
      }
    }
  }
}

constexpr std::string_view kFill = R"(
@vertex fn place(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  return vec4f(f32(i & 1) * 4 - 1, f32(i >> 1) * 4 - 1, 0, 1);
}
@fragment fn shade() -> @location(0) vec4f { return vec4f(1, 0, 0, 1); }
)";

class FillTest : public ExecutorRenderTest {
 protected:
  RenderState fill_state() {
    RenderState state = state_of(module_of(kFill));
    state.buffers = {};
    state.depth_stencil = {};
    return state;
  }
};

TEST_F(FillTest, HeedsScissorViewportBlendingAndIndirectArguments) {
  const u32 view = target();
  RenderState state = fill_state();
  const BlendComponent constant{BlendOperation::kAdd, BlendFactor::kConstant, BlendFactor::kZero};
  state.fragment[0].targets[0].blend = {{.color = constant, .alpha = constant}};
  const u32 pipeline = pipeline_of(state);
  const u32 arguments[] = {0, 0, 3, 1, 0, 0};
  const u32 indirect = recorder_.create_buffer("arguments", 24, kIndirect | kCopyDst);
  recorder_.write({indirect, 0, 0}, std::as_bytes(std::span(arguments)));
  const u32 encoder = begin("frame");
  const u32 pass = begin_pass(encoder, targets_of(view));
  recorder_.say(SetRenderPipeline{.pass = pass, .pipeline = pipeline});
  recorder_.say(SetScissorRect{.pass = pass, .x = 4, .y = 0, .width = 8, .height = 16});
  recorder_.say(
      SetViewport{.pass = pass, .x = 0, .y = 8, .width = 16, .height = 8, .min_depth = 0, .max_depth = 1});
  recorder_.say(SetBlendConstant{.pass = pass, .value = {0.2, 0, 0, 1}});
  recorder_.say(DrawIndirect{.pass = pass, .buffer = indirect, .offset_bytes = 8});
  recorder_.say(EndPass{.pass = pass});
  submit(encoder);
  const std::vector<Pixel> picture = pixels();
  EXPECT_TRUE(errors_.empty()) << errors_.front();
  for (u32 y = 0; y < kSide; ++y) {
    for (u32 x = 0; x < kSide; ++x) {
      const bool is_drawn = x >= 4 && x < 12 && y >= 8;
      ASSERT_EQ(picture[y * kSide + x], (Pixel{static_cast<u8>(is_drawn ? 51 : 0), 0, 0, 255})) << x << ", " << y;
    }
  }
}

TEST_F(FillTest, CountsOcclusionResolvesSamplesAndWritesTimestamps) {
  const u32 view = target();
  TextureDescriptor many = texture_of(TextureFormat::kRgba8unorm, TextureUsage::kRenderAttachment);
  many.sample_count = 4;
  RenderState state = fill_state();
  state.sample_count = 4;
  const u32 pipeline = pipeline_of(state);
  const u32 occlusion = recorder_.new_id(), times = recorder_.new_id();
  recorder_.say(CreateQuerySet{.query_set = occlusion, .label = "seen", .type = QueryType::kOcclusion, .count = 2});
  recorder_.say(CreateQuerySet{.query_set = times, .label = "times", .type = QueryType::kTimestamp, .count = 2});
  const u32 resolved = recorder_.create_buffer("resolved", 512, kQueryResolve | kCopySrc);
  const u32 out = recorder_.create_buffer("counts", 512, kMapRead | kCopyDst);
  PassTargets targets = targets_of(view_of(make_texture(many)));
  targets.color_attachments[0].resolve_target = view;
  targets.occlusion_query_set = occlusion;
  targets.query_set = times;
  targets.begin_query = 0;
  targets.end_query = 1;
  const u32 encoder = begin("frame");
  const u32 pass = begin_pass(encoder, targets);
  recorder_.say(SetRenderPipeline{.pass = pass, .pipeline = pipeline});
  recorder_.say(BeginOcclusionQuery{.pass = pass, .query = 0});
  recorder_.say(Draw{.pass = pass, .vertex_count = 3, .instance_count = 1});
  recorder_.say(EndOcclusionQuery{.pass = pass});
  recorder_.say(BeginOcclusionQuery{.pass = pass, .query = 1});
  recorder_.say(EndOcclusionQuery{.pass = pass});
  recorder_.say(EndPass{.pass = pass});
  recorder_.say(
      ResolveQuerySet{.encoder = encoder, .query_set = occlusion, .first = 0, .count = 2, .target = resolved});
  recorder_.say(ResolveQuerySet{.encoder = encoder,
                                .query_set = times,
                                .first = 0,
                                .count = 2,
                                .target = resolved,
                                .target_offset_bytes = 256});
  recorder_.copy(encoder, {resolved, 0, 512}, {out, 0, 512});
  submit(encoder);
  recorder_.say(MapAsync{.buffer = out, .offset_bytes = 0, .size_bytes = 512, .ticket = 7});
  execute();
  EXPECT_TRUE(errors_.empty()) << errors_.front();
  ASSERT_EQ(mapped_.size(), 1u);
  u64 counts[2], ticks[2];
  std::memcpy(counts, mapped_[0].data(), 16);
  std::memcpy(ticks, mapped_[0].data() + 256, 16);
  EXPECT_GE(counts[0], u64{kSide} * kSide);
  EXPECT_EQ(counts[1], 0u);
  EXPECT_LE(ticks[0], ticks[1]);
  EXPECT_GT(ticks[0], 0u);
  EXPECT_EQ(pixels()[17], (Pixel{255, 0, 0, 255}));
}

TEST_F(FillTest, ServesATextureForACanvas) {
  const u32 canvas = recorder_.new_id();
  recorder_.say(ConfigureCanvas{.canvas = canvas,
                                .label = "canvas",
                                .configuration = {.format = TextureFormat::kRgba8unorm,
                                                  .usage = TextureUsage::kRenderAttachment,
                                                  .width = kSide,
                                                  .height = kSide}});
  const u32 pipeline = pipeline_of(fill_state());
  for (int frame = 0; frame < 3; ++frame) {
    const u32 texture = recorder_.new_id();
    recorder_.say(GetCurrentTexture{.canvas = canvas, .texture = texture});
    const u32 encoder = begin("frame");
    const u32 pass = begin_pass(encoder, targets_of(view_of(texture)));
    recorder_.say(SetRenderPipeline{.pass = pass, .pipeline = pipeline});
    recorder_.say(Draw{.pass = pass, .vertex_count = 3, .instance_count = 1});
    recorder_.say(EndPass{.pass = pass});
    submit(encoder);
    picture_ = texture;
    EXPECT_EQ(pixels()[0], (Pixel{255, 0, 0, 255}));
    recorder_.say(Present{.canvas = canvas});
    recorder_.say(DestroyTexture{.texture = texture});
  }
  execute();
  EXPECT_TRUE(errors_.empty()) << errors_.front();
  recorder_.say(UnconfigureCanvas{.canvas = canvas});
  recorder_.say(GetCurrentTexture{.canvas = canvas, .texture = recorder_.new_id()});
  execute();
  expect_error("is not configured");
}

TEST_F(FillTest, WritesABufferMappedForWriting) {
  const u32 source = recorder_.create_buffer("source", 64, kMapWrite | kCopySrc);
  const u32 out = recorder_.create_buffer("out", 64, kMapRead | kCopyDst);
  recorder_.say(MapAsyncWrite{.buffer = source, .offset_bytes = 8, .size_bytes = 32, .ticket = 1});
  execute();
  ASSERT_EQ(mapped_.size(), 1u);
  EXPECT_TRUE(mapped_[0].empty());
  mapped_.clear();
  const u32 words[] = {3, 1, 4, 1};
  for (const u64 wrong : {u64{0}, u64{12}, u64{32}, u64{1} << 40, kWholeSize - 7}) {
    recorder_.say(WriteMapped{.buffer = source, .offset_bytes = wrong, .data = std::as_bytes(std::span(words))});
    execute();
    expect_error("is not mapped for writing 16 bytes");
  }
  recorder_.say(WriteMapped{.buffer = source, .offset_bytes = 16, .data = std::as_bytes(std::span(words))});
  recorder_.say(Unmap{.buffer = source});
  const u32 encoder = begin("copy");
  recorder_.copy(encoder, {source, 0, 64}, {out, 0, 64});
  submit(encoder);
  recorder_.say(MapAsync{.buffer = out, .offset_bytes = 0, .size_bytes = 64, .ticket = 2});
  mapped_.clear();
  execute();
  ASSERT_EQ(mapped_.size(), 1u);
  EXPECT_EQ(std::memcmp(mapped_[0].data() + 16, words, 16), 0);
  recorder_.say(WriteMapped{.buffer = source, .offset_bytes = 16, .data = std::as_bytes(std::span(words))});
  execute();
  expect_error("is not mapped");
}

// wgpu-native ends the process where a submission finds one of these.
TEST_F(FillTest, DropsSubmissionsOfWhatIsMappedOrDestroyed) {
  const u32 mapped = recorder_.new_id();
  recorder_.say(CreateBuffer{.buffer = mapped,
                             .label = "mapped",
                             .size_bytes = 64,
                             .usage = kVertex | kIndex | kIndirect | kUniform | kCopySrc,
                             .mapped_at_creation = 1});
  const u32 pipeline = pipeline_of(fill_state());
  const u32 layout = recorder_.new_id(), group = recorder_.new_id();
  recorder_.say(CreateBindGroupLayout{
      .layout = layout,
      .label = "uniform",
      .entries = {{.binding = 0, .visibility = ShaderStage::kFragment, .kind = BindingKind::kUniform}}});
  recorder_.say(CreateBindGroup{.bind_group = group,
                                .label = "group",
                                .layout = layout,
                                .entries = {{.binding = 0, .buffer = mapped, .size_bytes = kWholeSize}}});
  for (int use = 0; use < 5; ++use) {
    const u32 view = target();
    const u32 encoder = begin("mapped");
    const u32 pass = begin_pass(encoder, targets_of(view));
    recorder_.say(SetRenderPipeline{.pass = pass, .pipeline = pipeline});
    if (use == 0) recorder_.say(SetVertexBuffer{.pass = pass, .buffer = mapped, .size_bytes = kWholeSize});
    if (use == 1) {
      recorder_.say(
          SetIndexBuffer{.pass = pass, .buffer = mapped, .format = IndexFormat::kUint32, .size_bytes = kWholeSize});
    }
    if (use == 2) recorder_.say(DrawIndirect{.pass = pass, .buffer = mapped});
    if (use == 3) recorder_.say(SetBindGroup{.pass = pass, .index = 0, .bind_group = group});
    recorder_.say(EndPass{.pass = pass});
    if (use == 4) recorder_.copy(encoder, {mapped, 0, 16}, {recorder_.create_buffer("to", 16, kCopyDst), 0, 16});
    submit(encoder);
    execute();
    expect_error("is mapped or destroyed");
  }
  // Destroyed behind work that names it, and before.
  const u32 texture = make_texture(texture_of(TextureFormat::kRgba8unorm, TextureUsage::kRenderAttachment));
  const u32 view = view_of(texture);
  u32 encoder = begin("in time");
  u32 pass = begin_pass(encoder, targets_of(view));
  recorder_.say(EndPass{.pass = pass});
  recorder_.say(DestroyTexture{.texture = texture});
  submit(encoder);
  execute();
  EXPECT_TRUE(errors_.empty()) << errors_.front();
  encoder = begin("too late");
  pass = begin_pass(encoder, targets_of(view));
  recorder_.say(Draw{.pass = pass, .vertex_count = 3, .instance_count = 1});
  recorder_.say(EndPass{.pass = pass});
  submit(encoder);
  execute();
  expect_error("which was destroyed");
}

TEST_F(FillTest, DropsPassesThatLackSomethingOrDoNotFit) {
  const u32 good = pipeline_of(fill_state());
  const u32 small = recorder_.create_buffer("small", 16, kIndirect | kVertex | kIndex);
  const auto expect_dropped = [&](std::string_view part, auto say) {
    const u32 view = target();
    const u32 encoder = begin("lacking");
    const u32 pass = begin_pass(encoder, targets_of(view));
    say(pass, encoder);
    recorder_.say(EndPass{.pass = pass});
    submit(encoder);
    execute();
    expect_error(part);
  };
  expect_dropped("must be set", [&](u32 pass, u32) { recorder_.say(Draw{.pass = pass, .vertex_count = 3}); });
  expect_dropped("Pipeline 7000",
                 [&](u32 pass, u32) { recorder_.say(SetRenderPipeline{.pass = pass, .pipeline = 7000}); });
  expect_dropped("told to compute",
                 [&](u32 pass, u32) { recorder_.say(DispatchWorkgroups{.pass = pass, .x = 1}); });
  expect_dropped("buffer 7001",
                 [&](u32 pass, u32) { recorder_.say(SetVertexBuffer{.pass = pass, .buffer = 7001}); });
  expect_dropped("needs a format",
                 [&](u32 pass, u32) { recorder_.say(SetIndexBuffer{.pass = pass, .buffer = small}); });
  expect_dropped("means nothing", [&](u32 pass, u32) {
    recorder_.say(SetIndexBuffer{.pass = pass, .buffer = small, .format = static_cast<IndexFormat>(9)});
  });
  for (const u64 offset : {u64{4}, u64{1} << 40, kWholeSize - 3}) {
    expect_dropped("indirect arguments", [&](u32 pass, u32) {
      recorder_.say(SetRenderPipeline{.pass = pass, .pipeline = good});
      recorder_.say(DrawIndirect{.pass = pass, .buffer = small, .offset_bytes = offset});
    });
    expect_dropped("indirect arguments", [&](u32 pass, u32) {
      recorder_.say(SetRenderPipeline{.pass = pass, .pipeline = good});
      recorder_.say(MultiDrawIndirect{.pass = pass, .buffer = small, .offset_bytes = offset, .count = ~0u});
    });
  }
  expect_dropped("Render bundle 7002", [&](u32 pass, u32) {
    const u32 none = 7002;
    recorder_.say(ExecuteBundles{.pass = pass, .bundles = std::span(&none, 1)});
  });
  expect_dropped("debug group", [&](u32 pass, u32) { recorder_.say(PopDebugGroup{.scope = pass}); });
  expect_dropped("occlusion", [&](u32 pass, u32) { recorder_.say(BeginOcclusionQuery{.pass = pass, .query = 1}); });
  expect_dropped("iewport", [&](u32 pass, u32) {
    recorder_.say(SetViewport{.pass = pass, .x = -1e30, .width = std::numeric_limits<double>::quiet_NaN()});
  });
  expect_dropped("locked", [&](u32, u32 encoder) {
    recorder_.say(
        ClearBuffer{.encoder = encoder, .buffer = recorder_.create_buffer("c", 16, kCopyDst), .size_bytes = 16});
  });
}

// A bundle's faults are those of the pass that executes it, and a bundle that executes itself ends.
TEST_F(FillTest, SurvivesBundlesWithFaults) {
  const auto bundle_of = [&](auto say) {
    const u32 encoder = recorder_.new_id(), bundle = recorder_.new_id();
    recorder_.say(
        CreateRenderBundleEncoder{.pass = encoder,
                                  .label = "bundle",
                                  .targets = {.color_formats = {TextureFormat::kR8unorm}, .sample_count = 3}});
    say(encoder, bundle);
    recorder_.say(FinishBundle{.pass = encoder, .bundle = bundle});
    return bundle;
  };
  const auto expect_dropped = [&](std::string_view part, u32 bundle) {
    const u32 view = target();
    const u32 encoder = begin("bundles");
    const u32 pass = begin_pass(encoder, targets_of(view));
    recorder_.say(ExecuteBundles{.pass = pass, .bundles = std::span(&bundle, 1)});
    recorder_.say(EndPass{.pass = pass});
    submit(encoder);
    execute();
    expect_error(part);
  };
  expect_dropped("must be set",
                 bundle_of([&](u32 pass, u32) { recorder_.say(Draw{.pass = pass, .vertex_count = 3}); }));
  expect_dropped("Bind group 7003", bundle_of([&](u32 pass, u32) {
                   recorder_.say(SetBindGroup{.pass = pass, .index = 100, .bind_group = 7003});
                 }));
  expect_dropped("cannot execute bundles", bundle_of([&](u32 pass, u32 bundle) {
                   recorder_.say(ExecuteBundles{.pass = pass, .bundles = std::span(&bundle, 1)});
                 }));
  expect_dropped("told to compute",
                 bundle_of([&](u32 pass, u32) { recorder_.say(DispatchWorkgroups{.pass = pass, .x = 1}); }));
  recorder_.say(FinishBundle{.pass = 7004, .bundle = 7005});
  execute();
  expect_error("no open bundle encoder 7004");
}

TEST_F(FillTest, RefusesAttachmentsThatCannotBe) {
  const u32 view = target();
  const auto expect_dropped = [&](std::string_view part, PassTargets targets) {
    const u32 encoder = begin("attachments");
    const u32 pass = begin_pass(encoder, std::move(targets));
    recorder_.say(Draw{.pass = pass, .vertex_count = 3});
    recorder_.say(EndPass{.pass = pass});
    submit(encoder);
    execute();
    expect_error(part);
  };
  expect_dropped("No color attachments", {});
  expect_dropped("view 7006", targets_of(7006));
  PassTargets targets = targets_of(view);
  targets.color_attachments[0].load = LoadOp::kUndefined;
  expect_dropped("how to load and store", targets);
  targets.color_attachments[0].load = static_cast<LoadOp>(77);
  expect_dropped("means nothing", targets);
  targets = targets_of(view);
  targets.color_attachments[0].resolve_target = view;
  expect_dropped("", targets);
  targets = targets_of(view);
  targets.color_attachments.resize(20, targets.color_attachments[0]);
  expect_dropped("exceeds the limit", targets);
  targets = targets_of(view, view);
  expect_dropped("depth-stencil", targets);
  targets = targets_of(view);
  targets.depth_stencil = {{.view = 0}};
  expect_dropped("has no view", targets);
  targets = targets_of(view);
  targets.query_set = 7007;
  expect_dropped("Query set 7007", targets);
}

TEST_F(FillTest, RefusesResourcesThatCannotBe) {
  const auto expect_refused = [&](std::string_view part) {
    execute();
    expect_error(part);
  };
  TextureDescriptor odd = texture_of(TextureFormat::kUndefined, TextureUsage::kCopyDst);
  make_texture(odd);
  expect_refused("needs a format");
  odd.format = static_cast<TextureFormat>(0x7777);
  make_texture(odd, "odd");
  expect_refused("odd: The descriptor of create_texture has a value that means nothing");
  odd = texture_of(TextureFormat::kRgba8unorm, static_cast<TextureUsage>(1u << 20));
  make_texture(odd);
  expect_refused("means nothing");
  odd = texture_of(TextureFormat::kRgba8unorm, TextureUsage::kCopyDst, 1u << 30);
  make_texture(odd);
  expect_refused("exceeds the limit");
  const u32 texture = make_texture(texture_of(TextureFormat::kRgba8unorm, TextureUsage::kTextureBinding));
  view_of(texture, {.mip_level_count = 0, .array_layer_count = 1});
  expect_refused("shows nothing");
  view_of(texture,
          {.base_mip_level = ~0u, .mip_level_count = ~0u, .base_array_layer = ~0u, .array_layer_count = ~0u});
  expect_refused("");
  view_of(7008);
  expect_refused("Texture 7008");
  recorder_.say(
      CreateSampler{.sampler = recorder_.new_id(), .label = "s", .descriptor = {.lod_min = -1, .lod_max = 1}});
  expect_refused("lodMinClamp");
  RenderState state = fill_state();
  state.topology = PrimitiveTopology::kUndefined;
  pipeline_of(state);
  expect_refused("no topology");
  state = fill_state();
  state.fragment[0].module = 7009;
  pipeline_of(state);
  expect_refused("shader module 7009");
  state = fill_state();
  state.fragment[0].targets[0].format = TextureFormat::kDepth32float;
  const u32 bad = pipeline_of(state);
  expect_refused("color aspect");
  recorder_.say(GetBindGroupLayout{.layout = recorder_.new_id(), .pipeline = bad, .index = 0});
  expect_refused("color aspect");
  recorder_.say(WriteTexture{.target = {.texture = texture, .aspect = TextureAspect::kAll},
                             .layout = {.bytes_per_row = 4, .rows_per_image = 1},
                             .size = {1000, 1000, 1},
                             .data = std::as_bytes(std::span(&texture, 1))});
  expect_refused("");
  recorder_.say(Unsupported{.object = 7010, .name = "WGPUShaderSourceGLSL"});
  view_of(7010);
  expect_refused("WGPUShaderSourceGLSL, which is not carried out");
  recorder_.say(
      CopyTextureToTexture{.encoder = begin("copy"), .source = {.texture = texture}, .target = {.texture = 7011}});
  submit(recorder_.new_id() - 1);
  expect_refused("texture 7011");
}

// Every value of every enum, where it fits and where it does not: refused or made, never the end of the process.
TEST_F(FillTest, SurvivesEveryValueOfEveryEnum) {
  const u32 texture = make_texture(texture_of(TextureFormat::kRgba8unorm, TextureUsage::kTextureBinding));
  for (const EnumName& format : kTextureFormatNames) {
    const auto value = static_cast<TextureFormat>(format.value);
    make_texture(texture_of(value, TextureUsage::kCopyDst));
    view_of(texture, {.format = value, .mip_level_count = 1, .array_layer_count = 1});
    RenderState state = fill_state();
    state.fragment[0].targets[0].format = value;
    state.depth_stencil = {{.format = value}};
    pipeline_of(state);
    for (const EnumName& access : kStorageTextureAccessNames) {
      recorder_.say(
          CreateBindGroupLayout{.layout = recorder_.new_id(),
                                .label = "storage",
                                .entries = {{.binding = 0,
                                             .visibility = ShaderStage::kCompute,
                                             .kind = BindingKind::kStorageTexture,
                                             .format = value,
                                             .access = static_cast<StorageTextureAccess>(access.value)}}});
    }
  }
  for (const EnumName& kind : kBindingKindNames) {
    for (const EnumName& sample : kTextureSampleTypeNames) {
      for (const EnumName& dimension : kTextureViewDimensionNames) {
        recorder_.say(CreateBindGroupLayout{
            .layout = recorder_.new_id(),
            .label = "layout",
            .entries = {{.binding = 0,
                         .visibility = ShaderStage::kFragment,
                         .kind = static_cast<BindingKind>(kind.value),
                         .sample_type = static_cast<TextureSampleType>(sample.value),
                         .view_dimension = static_cast<TextureViewDimension>(dimension.value)}}});
      }
    }
  }
  for (const EnumName& format : kVertexFormatNames) {
    RenderState state = fill_state();
    state.buffers = {{.stride_bytes = 32, .attributes = {{.format = static_cast<VertexFormat>(format.value)}}}};
    pipeline_of(state);
  }
  for (u32 value = 0; value < 20; ++value) {
    RenderState state = fill_state();
    state.topology = static_cast<PrimitiveTopology>(value);
    state.strip_index_format = static_cast<IndexFormat>(value);
    state.front_face = static_cast<FrontFace>(value % 3);
    state.cull_mode = static_cast<CullMode>(value % 4);
    pipeline_of(state);
    state = fill_state();
    const BlendComponent blend{static_cast<BlendOperation>(value % 6), static_cast<BlendFactor>(value),
                               static_cast<BlendFactor>(value)};
    state.fragment[0].targets[0].blend = {{.color = blend, .alpha = blend}};
    pipeline_of(state);
    state = fill_state();
    const auto operation = static_cast<StencilOperation>(value);
    const StencilFace face{static_cast<CompareFunction>(value % 9), operation, operation, operation};
    state.depth_stencil = {{.format = TextureFormat::kDepth24plusStencil8,
                            .depth_compare = static_cast<CompareFunction>(value),
                            .front = face,
                            .back = face}};
    pipeline_of(state);
    state = fill_state();
    state.buffers = {{.stride_bytes = 4, .step_mode = static_cast<VertexStepMode>(value)}};
    pipeline_of(state);
    recorder_.say(CreateSampler{.sampler = recorder_.new_id(),
                                .label = "sampler",
                                .descriptor = {.address_u = static_cast<AddressMode>(value),
                                               .mag_filter = static_cast<FilterMode>(value),
                                               .min_filter = static_cast<FilterMode>(value % 3),
                                               .mipmap_filter = static_cast<FilterMode>(value % 3),
                                               .lod_max = 1,
                                               .compare = static_cast<CompareFunction>(value),
                                               .max_anisotropy = value * 5000}});
    view_of(texture, {.dimension = static_cast<TextureViewDimension>(value),
                      .aspect = static_cast<TextureAspect>(value % 4),
                      .mip_level_count = 1,
                      .array_layer_count = 1,
                      .usage = static_cast<TextureUsage>(value)});
    TextureDescriptor descriptor = texture_of(TextureFormat::kRgba8unorm, static_cast<TextureUsage>(value));
    descriptor.dimension = static_cast<TextureDimension>(value % 4);
    descriptor.sample_count = value;
    descriptor.mip_level_count = value;
    make_texture(descriptor);
    recorder_.say(CreateQuerySet{
        .query_set = recorder_.new_id(), .label = "set", .type = static_cast<QueryType>(value), .count = 1});
    recorder_.say(ConfigureCanvas{.canvas = recorder_.new_id(),
                                  .label = "canvas",
                                  .configuration = {.format = static_cast<TextureFormat>(value),
                                                    .usage = static_cast<TextureUsage>(value),
                                                    .width = value,
                                                    .height = 16}});
    recorder_.say(Release{.kind = static_cast<ObjectKind>(value), .object = texture});
  }
  execute();
  EXPECT_GT(errors_.size(), 50u);
  errors_.clear();
  expect_works();
}

TEST_F(FillTest, ReleasesWhatOpenWorkStillNames) {
  const u32 view = target();
  const u32 pipeline = pipeline_of(fill_state());
  const u32 vertices = recorder_.create_buffer("vertices", 64, kVertex | kCopyDst);
  const u32 encoder = begin("released");
  const u32 pass = begin_pass(encoder, targets_of(view));
  recorder_.say(SetRenderPipeline{.pass = pass, .pipeline = pipeline});
  recorder_.say(SetVertexBuffer{.pass = pass, .buffer = vertices, .size_bytes = kWholeSize});
  recorder_.say(Draw{.pass = pass, .vertex_count = 3, .instance_count = 1});
  recorder_.say(Release{.kind = ObjectKind::kRenderPipeline, .object = pipeline});
  recorder_.say(Release{.kind = ObjectKind::kTextureView, .object = view});
  recorder_.say(Release{.kind = ObjectKind::kBuffer, .object = vertices});
  recorder_.say(EndPass{.pass = pass});
  submit(encoder);
  EXPECT_EQ(pixels()[0], (Pixel{255, 0, 0, 255}));
  EXPECT_TRUE(errors_.empty()) << errors_.front();
  // An encoder that nobody finishes holds up no destruction.
  const u32 open = begin("open");
  begin_pass(open, targets_of(view_of(picture_)));
  recorder_.say(Release{.kind = ObjectKind::kCommandEncoder, .object = open});
  recorder_.say(DestroyTexture{.texture = picture_});
  view_of(picture_);
  execute();
  expect_error("unusable");
}

}  // namespace
}  // namespace shoal::gpu
