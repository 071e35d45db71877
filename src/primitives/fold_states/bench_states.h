// What benchmarks of states combine: count, mean and variance of floats (Chan, Golub & LeVeque 1979).
#pragma once

#include "primitives/fold_states/fold_states.h"

namespace shoal::primitives {

inline constexpr std::string_view kMoments = R"(
@group(1) @binding(0) var<storage, read> values: array<u32>;
struct State { count: f32, mean: f32, deviations: f32 }
fn identity() -> State { return State(0.0, 0.0, 0.0); }
fn lift(row: u32) -> State { return State(1.0, f32(values[row] >> 8u), 0.0); }
fn combine(a: State, b: State) -> State {
  let count = a.count + b.count;
  let off = b.mean - a.mean;
  let share = b.count / max(count, 1.0);
  return State(count, a.mean + off * share, a.deviations + b.deviations + off * off * a.count * share);
}
)";
inline constexpr wgsl::Binding kMomentsValues{
    .group = 1, .binding = 0, .kind = wgsl::BindingKind::kStorageRead, .name = {}, .min_size_bytes = 4};
inline constexpr FoldStatesOptions kMomentsOptions{
    .program = {.text = kMoments, .bindings = std::span(&kMomentsValues, 1)}, .state_words = 3};

}  // namespace shoal::primitives
