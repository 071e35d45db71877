// States that tests combine: products of matrices, which do not commute, and boxes of eight words.
#pragma once

#include <string_view>

#include "wgsl/kernel_template.h"

namespace shoal::primitives {

inline constexpr wgsl::Binding kValues{
    .group = 1, .binding = 0, .kind = wgsl::BindingKind::kStorageRead, .name = {}, .min_size_bytes = 4};

// Products of matrices of integers, modulo 2^32.
inline constexpr std::string_view kMatrices = R"(
@group(1) @binding(0) var<storage, read> values: array<u32>;
struct State { rows: vec4u }
fn identity() -> State { return State(vec4u(1u, 0u, 0u, 1u)); }
fn lift(row: u32) -> State { return State(vec4u(values[row], 1u, row, 3u)); }
fn combine(a: State, b: State) -> State {
  return State(a.rows.xxzz * b.rows.xyxy + a.rows.yyww * b.rows.zwzw);
}
)";

// Eight words: how many, their sum, and in halves of words the least and the most of each.
inline constexpr std::string_view kBoxes = R"(
@group(1) @binding(0) var<storage, read> values: array<u32>;
struct State { count: u32, sum: u32, least: vec2u, most: array<u32, 3>, last: u32 }
fn identity() -> State { return State(0u, 0u, vec2u(0xffffffffu), array<u32, 3>(0u, 0u, 0u), 0u); }
fn lift(row: u32) -> State {
  let value = values[row];
  let halves = vec2u(value & 0xffffu, value >> 16u);
  return State(1u, value, halves, array<u32, 3>(halves.x, halves.y, value), row);
}
fn combine(a: State, b: State) -> State {
  return State(a.count + b.count, a.sum + b.sum, min(a.least, b.least),
               array<u32, 3>(max(a.most[0], b.most[0]), max(a.most[1], b.most[1]), max(a.most[2], b.most[2])),
               select(b.last, a.last, b.count == 0u));
}
)";

}  // namespace shoal::primitives
