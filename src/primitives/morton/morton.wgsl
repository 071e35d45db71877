// Places of points on a Z-order curve, and back: bits of two or three coordinates in turn, x first.
// Method: spreading bits by halves (Morton 1966; the masks as in Warren, "Hacker's Delight").
// Moves 12 bytes a point, 16 where deep; 4 more where wide.
import package::primitives::blocks::block_of;

// host-shareable
struct MortonParams {
  count: u32,
}

@if(wide) alias Code = vec2u;
@if(!wide) alias Code = u32;

@group(0) @binding(0) var<uniform> params: MortonParams;
@group(0) @binding(1) var<storage, read_write> xs: array<u32>;
@group(0) @binding(2) var<storage, read_write> ys: array<u32>;
@group(0) @binding(3) var<storage, read_write> codes: array<Code>;
@if(deep) @group(0) @binding(4) var<storage, read_write> zs: array<u32>;

const lanes = 256u;
const points_per_lane = 4u;

// Bit i goes to bit 2i; of the low 16.
@if(!deep)
fn spread(bits: u32) -> u32 {
  var spaced = bits & 0xffffu;
  spaced = (spaced | (spaced << 8u)) & 0x00ff00ffu;
  spaced = (spaced | (spaced << 4u)) & 0x0f0f0f0fu;
  spaced = (spaced | (spaced << 2u)) & 0x33333333u;
  return (spaced | (spaced << 1u)) & 0x55555555u;
}

@if(!deep)
fn gathered(spaced: u32) -> u32 {
  var bits = spaced & 0x55555555u;
  bits = (bits | (bits >> 1u)) & 0x33333333u;
  bits = (bits | (bits >> 2u)) & 0x0f0f0f0fu;
  bits = (bits | (bits >> 4u)) & 0x00ff00ffu;
  return (bits | (bits >> 8u)) & 0xffffu;
}

@if(!deep)
fn code_of(point: vec3u) -> Code {
  let low = spread(point.x) | (spread(point.y) << 1u);
  @if(wide)
  return vec2u(low, spread(point.x >> 16u) | (spread(point.y >> 16u) << 1u));
  @else
  return low;
}

@if(!deep)
fn point_of(code: Code) -> vec3u {
  @if(wide)
  return vec3u(gathered(code.x) | (gathered(code.y) << 16u), gathered(code.x >> 1u) | (gathered(code.y >> 1u) << 16u), 0u);
  @else
  return vec3u(gathered(code), gathered(code >> 1u), 0u);
}

// Bit i goes to bit 3i; of the low 10.
@if(deep)
fn spread(bits: vec3u) -> vec3u {
  var spaced = bits & vec3u(0x3ffu);
  spaced = (spaced | (spaced << vec3u(16u))) & vec3u(0x030000ffu);
  spaced = (spaced | (spaced << vec3u(8u))) & vec3u(0x0300f00fu);
  spaced = (spaced | (spaced << vec3u(4u))) & vec3u(0x030c30c3u);
  return (spaced | (spaced << vec3u(2u))) & vec3u(0x09249249u);
}

@if(deep)
fn gathered(spaced: vec3u) -> vec3u {
  var bits = spaced & vec3u(0x09249249u);
  bits = (bits | (bits >> vec3u(2u))) & vec3u(0x030c30c3u);
  bits = (bits | (bits >> vec3u(4u))) & vec3u(0x0300f00fu);
  bits = (bits | (bits >> vec3u(8u))) & vec3u(0x030000ffu);
  return (bits | (bits >> vec3u(16u))) & vec3u(0x3ffu);
}

// 30 bits, of the low 10 of each.
@if(deep)
fn third_of(point: vec3u) -> u32 {
  let spaced = spread(point) << vec3u(0u, 1u, 2u);
  return spaced.x | spaced.y | spaced.z;
}

@if(deep)
fn code_of(point: vec3u) -> Code {
  @if(wide) {
    // Bits 0 to 29, 30 to 59, and 60 to 62.
    let middle = third_of(point >> vec3u(10u));
    let top = third_of((point >> vec3u(20u)) & vec3u(1u));
    return vec2u(third_of(point) | (middle << 30u), (middle >> 2u) | (top << 28u));
  }
  @else
  return third_of(point);
}

@if(deep)
fn three_of(bits: u32) -> vec3u {
  return gathered(vec3u(bits) >> vec3u(0u, 1u, 2u));
}

@if(deep)
fn point_of(code: Code) -> vec3u {
  @if(wide) {
    let middle = (code.x >> 30u) | (code.y << 2u);
    let top = vec3u(code.y >> 28u, code.y >> 29u, code.y >> 30u) & vec3u(1u);
    return three_of(code.x) | (three_of(middle) << vec3u(10u)) | (top << vec3u(20u));
  }
  @else
  return three_of(code);
}

@compute @workgroup_size(lanes)
fn encode(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
          @builtin(local_invocation_index) lane: u32) {
  let first = block_of(group, grid) * lanes * points_per_lane + lane;
  for (var k = 0u; k < points_per_lane; k++) {
    let at = first + k * lanes;
    if at < params.count {
      var point = vec3u(xs[at], ys[at], 0u);
      @if(deep) {
        point.z = zs[at];
      }
      codes[at] = code_of(point);
    }
  }
}

@compute @workgroup_size(lanes)
fn decode(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
          @builtin(local_invocation_index) lane: u32) {
  let first = block_of(group, grid) * lanes * points_per_lane + lane;
  for (var k = 0u; k < points_per_lane; k++) {
    let at = first + k * lanes;
    if at < params.count {
      let point = point_of(codes[at]);
      xs[at] = point.x;
      ys[at] = point.y;
      @if(deep) {
        zs[at] = point.z;
      }
    }
  }
}
