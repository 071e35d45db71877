// How many elements fall into each bin: codes that are bins, bytes, or floats between edges.
// Method: up to 2,048 bins a workgroup counts 32,768 elements in its own memory and adds what it has to GPU memory; with
// more bins each element is added there. Of neighbours among four that share a bin the last adds for all. A float's bin
// is guessed by arithmetic and then held against the edges, as integers in the order of floats, so that every adapter
// counts alike whatever its rounding. Moves what elements are read from; bound by atomic adds.
import package::primitives::blocks::block_of;
import package::primitives::ordered_key::{KeyOrder, ordered_word};

// host-shareable
struct HistogramParams {
  count: u32,
  bin_count: u32,
  low: f32,    // of floats: the first edge
  scale: f32,  // bins in a unit
}

@group(0) @binding(0) var<uniform> params: HistogramParams;
@group(0) @binding(1) var<storage, read> values: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> counts: array<atomic<u32>>;
@if(floats) @group(0) @binding(3) var<storage, read> edges: array<u32>;  // bin_count + 1, rising

const lanes = 256u;
const elements_per_group = 32768u;
const own_bins = 2048u;
const no_bin = 0xffffffffu;

@if(own)
var<workgroup> own_counts: array<atomic<u32>, own_bins>;

// Bins are cleared 4,096 a workgroup.
@compute @workgroup_size(lanes)
fn clear_bins(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  for (var i = 0u; i < 16u; i++) {
    let bin = (group.x * 16u + i) * lanes + lane;
    if bin < params.bin_count {
      atomicStore(&counts[bin], 0u);
    }
  }
}

fn add(bin: u32, elements: u32) {
  if elements != 0u {
    @if(own)
    atomicAdd(&own_counts[bin], elements);
    @else
    atomicAdd(&counts[bin], elements);
  }
}

// Neighbours that share a bin are added once.
fn add_four(bin: vec4u) {
  let has_bin = bin < vec4u(params.bin_count);
  let one = select(vec4u(0u), vec4u(1u), has_bin);
  let is_same = has_bin.xyz & (bin.xyz == bin.yzw);
  let second = one.y + select(0u, one.x, is_same.x);
  let third = one.z + select(0u, second, is_same.y);
  let fourth = one.w + select(0u, third, is_same.z);
  add(bin.x, select(one.x, 0u, is_same.x));
  add(bin.y, select(second, 0u, is_same.y));
  add(bin.z, select(third, 0u, is_same.z));
  add(bin.w, fourth);
}

// An integer in the order of floats, in which -0 and 0 are one.
@if(floats)
fn image_of(bits: u32) -> u32 {
  return ordered_word(select(bits, 0u, bits == 0x80000000u), KeyOrder(0u, 1u, 0u));
}

@if(floats)
fn bin_of(bits: u32) -> u32 {
  // No arithmetic guesses anything for a NaN, which would walk along all edges.
  let is_nan = (bits & 0x7fffffffu) > 0x7f800000u;
  let number = select(bits, bitcast<u32>(params.low), is_nan);
  let own = image_of(number);
  let last = params.bin_count - 1u;
  let guess = clamp((bitcast<f32>(number) - params.low) * params.scale, 0.0, f32(last));
  var bin = min(u32(guess), last);
  while bin > 0u && own < image_of(edges[bin]) {
    bin--;
  }
  while bin < last && own >= image_of(edges[bin + 1u]) {
    bin++;
  }
  let is_inside = !is_nan && own >= image_of(edges[bin]) && own <= image_of(edges[bin + 1u]);
  return select(no_bin, bin, is_inside);
}

@if(floats)
fn bins_of(four: vec4u) -> vec4u {
  return vec4u(bin_of(four.x), bin_of(four.y), bin_of(four.z), bin_of(four.w));
}

@if(!floats)
fn bins_of(four: vec4u) -> vec4u {
  return four;
}

// Four neighbours, the first of which is element `first`; those past the end count nowhere.
fn count_four(bin: vec4u, first: u32) {
  add_four(select(vec4u(no_bin), bin, vec4u(first) + vec4u(0u, 1u, 2u, 3u) < vec4u(params.count)));
}

@compute @workgroup_size(lanes)
fn histogram(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
             @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * elements_per_group;
  if begin >= params.count {
    return;
  }
  @if(own) {
    for (var bin = lane; bin < params.bin_count; bin += lanes) {
      atomicStore(&own_counts[bin], 0u);
    }
    workgroupBarrier();
  }
  let end = begin + min(elements_per_group, params.count - begin);
  @if(bytes) {
    for (var first = begin + 16u * lane; first < end; first += 16u * lanes) {
      let words = values[first / 16u];
      for (var k = 0u; k < 4u; k++) {
        count_four((vec4u(words[k]) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(0xffu), first + 4u * k);
      }
    }
  }
  @else {
    for (var first = begin + 4u * lane; first < end; first += 4u * lanes) {
      count_four(bins_of(values[first / 4u]), first);
    }
  }
  @if(own) {
    workgroupBarrier();
    for (var bin = lane; bin < params.bin_count; bin += lanes) {
      let own = atomicLoad(&own_counts[bin]);
      if own != 0u {
        atomicAdd(&counts[bin], own);
      }
    }
  }
}
