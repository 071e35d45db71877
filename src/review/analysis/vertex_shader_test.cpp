// Where vertices lie is worked out where a shader's text says so plainly, and not claimed elsewhere.
#include "review/analysis/vertex_shader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace shoal::review {
namespace {

using testing::ElementsAre;
using testing::Optional;

std::optional<Position> nothing(u32) { return std::nullopt; }

TEST(VertexShader, WorksOutTrianglesThatCoverThePicture) {
  const VertexShader list(R"(
    @vertex fn cover(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
      let corners = array<vec2f, 3>(vec2f(-1, -1), vec2f(3, -1), vec2f(-1, 3));
      return vec4f(corners[i], 0, 1);
    })",
                          "cover");
  EXPECT_THAT(list.position(0, 0, nothing), Optional(ElementsAre(-1, -1, 0, 1)));
  EXPECT_THAT(list.position(1, 0, nothing), Optional(ElementsAre(3, -1, 0, 1)));
  EXPECT_EQ(list.position(3, 0, nothing), std::nullopt);  // beyond the array
  const VertexShader bits(R"(
    struct Out { @location(0) uv: vec2<f32>, @builtin(position) at: vec4<f32> }
    @vertex fn cover(@builtin(vertex_index) i: u32) -> Out {
      let uv = vec2<f32>(f32((i << 1u) & 2u), f32(i & 2u));
      return Out(uv, vec4<f32>(uv * 2.0 - 1.0, 0.0, 1.0));
    })",
                          "");
  EXPECT_THAT(bits.position(1, 0, nothing), Optional(ElementsAre(3, -1, 0, 1)));
  EXPECT_THAT(bits.position(2, 0, nothing), Optional(ElementsAre(-1, 3, 0, 1)));
}

TEST(VertexShader, TakesAttributesAsManyAsItsTypesHave) {
  const VertexShader shader(R"(
    const kScale = 0.5;
    struct In { @location(3) at: vec2f, @location(1) unused: vec3f }
    struct Out { @builtin(position) at: vec4f, @location(0) tint: vec4f }
    @vertex fn vs(in: In, @builtin(instance_index) n: u32) -> Out {
      var out: Out;
      out.at = vec4f(kScale * in.at, f32(n), 1.0);
      out.tint = vec4f(1);
      return out;
    })",
                            "vs");
  const auto position = shader.position(0, 7, [](u32 location) -> std::optional<Position> {
    if (location != 3) return std::nullopt;
    return Position{4, -2, 0, 1};
  });
  EXPECT_THAT(position, Optional(ElementsAre(2, -1, 7, 1)));
  EXPECT_TRUE(shader.may_read(3));
  EXPECT_FALSE(shader.may_read(1));
  EXPECT_FALSE(shader.may_read(2));
}

TEST(VertexShader, ClaimsNothingWhereAnythingElseHasAPart) {
  for (const char* body :
       {"return camera * vec4f(at, 0, 1);", "if (at.x > 0) { return vec4f(0); } return vec4f(at, 0, 1);",
        "return moved(at);", "var p = at; p.x += 1.0; return vec4f(p, 0, 1);"}) {
    const VertexShader shader(
        fmt::format("@group(0) @binding(0) var<uniform> camera: mat4x4f;\n"
                    "fn moved(at: vec2f) -> vec4f {{ return vec4f(at, 0, 1); }}\n"
                    "@vertex fn vs(@location(0) at: vec2f) -> @builtin(position) vec4f {{ {} }}",
                    body),
        "vs");
    EXPECT_EQ(shader.position(0, 0, [](u32) { return Position{1, 1, 0, 1}; }), std::nullopt) << body;
    EXPECT_TRUE(shader.may_read(0)) << body;
  }
  const VertexShader broken("@vertex fn vs(", "vs");
  EXPECT_TRUE(broken.may_read(0));
  EXPECT_EQ(broken.position(0, 0, nothing), std::nullopt);
  // A struct that is handed on whole is read whole.
  const VertexShader whole(R"(
    struct In { @location(0) at: vec4f, @location(1) normal: vec3f }
    fn place(in: In) -> vec4f { return in.at; }
    @vertex fn vs(in: In) -> @builtin(position) vec4f { return place(in); })",
                           "vs");
  EXPECT_TRUE(whole.may_read(1));
}

TEST(VertexShader, ReadsAttributesByTheirFormat) {
  const std::array<float, 2> floats = {1.5f, -2};
  EXPECT_THAT(read_attribute(gpu::VertexFormat::kFloat32x2, std::as_bytes(std::span(floats))),
              Optional(ElementsAre(1.5f, -2, 0, 1)));
  EXPECT_EQ(read_attribute(gpu::VertexFormat::kFloat32x3, std::as_bytes(std::span(floats))), std::nullopt);
  const std::array<u8, 4> bytes = {255, 0, 0x81, 0};
  EXPECT_THAT(read_attribute(gpu::VertexFormat::kUnorm8x4, std::as_bytes(std::span(bytes))),
              Optional(ElementsAre(1, 0, testing::FloatEq(129.0f / 255), 0)));
  EXPECT_THAT(read_attribute(gpu::VertexFormat::kSnorm8x4, std::as_bytes(std::span(bytes))),
              Optional(ElementsAre(testing::FloatEq(-1.0f / 127), 0, -1, 0)));
  EXPECT_EQ(attribute_bytes(gpu::VertexFormat::kUint16x4), 8u);
  EXPECT_EQ(attribute_bytes(gpu::VertexFormat::kSint32x3), 12u);
  EXPECT_EQ(attribute_bytes(gpu::VertexFormat::kUnorm1010102), 4u);
  EXPECT_EQ(attribute_bytes(gpu::VertexFormat::kFloat16x2), 4u);
}

}  // namespace
}  // namespace shoal::review
