// How many elements fall into each bin: codes that are bins, bytes, or floats between edges.
// Method: up to 2,048 bins a workgroup counts 32,768 elements or more in its own memory and adds what it has to GPU memory;
// with more bins each element is added there. Of neighbours among four that share a bin the last adds for all. Where columned,
// lanes count in columns instead, 16 of 256 bins, so that few of a subgroup meet in a bank, whatever the elements are.
// A float's bin is guessed by arithmetic and then held against the edges, as integers in the order of floats, so that every
// adapter counts alike whatever its rounding; where columned and edges are alike, only a float near an edge is.
// Moves what elements are read from; bound by atomic adds; columned floats by instructions.
import package::primitives::blocks::block_of;
import package::primitives::ordered_key::{KeyOrder, ordered_word};

// host-shareable
struct HistogramParams {
  count: u32,
  bin_count: u32,
  low: f32,      // of floats: the first edge
  scale: f32,    // bins in a unit
  elements_per_group: u32,
  columns: u32,  // where columned: 32, or as many as there is room for
  // A guess in units, of which a bin has 2^unit_bits:
  unit_bits: u32,
  unit_scale: f32,
  margin: u32,  // one that is farther from an edge is right, where edges are alike
}

@group(0) @binding(0) var<uniform> params: HistogramParams;
@group(0) @binding(1) var<storage, read> values: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> counts: array<atomic<u32>>;
@if(floats) @group(0) @binding(3) var<storage, read> edges: array<u32>;  // bin_count + 1, rising

const lanes = 256u;
const no_bin = 0xffffffffu;
@if(columned)
const loads = 4u;  // of a lane at once

@if(!columned)
const own_words = 2048u;  // a bin each
@if(columned)
const own_words = 4096u;  // of a bin and a column

@if(own || columned)
var<workgroup> own_counts: array<atomic<u32>, own_words>;

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

@if(columned)
fn add_four(bin: vec4u, column: u32) {
  @unroll for (var k = 0u; k < 4u; k++) {
    if bin[k] < params.bin_count {
      atomicAdd(&own_counts[bin[k] * params.columns + column], 1u);
    }
  }
}

@if(columned)
fn columns_sum(bin: u32, lane: u32) -> u32 {
  var sum = 0u;
  for (var i = 0u; i < params.columns; i++) {
    // Lanes begin at different columns, which lie in different banks.
    sum += atomicLoad(&own_counts[bin * params.columns + (lane + i) % params.columns]);
  }
  return sum;
}

@if(!columned)
fn add(bin: u32, elements: u32) {
  if elements != 0u {
    @if(own)
    atomicAdd(&own_counts[bin], elements);
    @else
    atomicAdd(&counts[bin], elements);
  }
}

// Neighbours that share a bin are added once.
@if(!columned)
fn add_four(bin: vec4u, column: u32) {
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
fn guess_of(number: f32) -> f32 {
  return (number - params.low) * params.scale;
}

// Whether no edge lies farther than a third of the margin from where a guess puts it.
@if(floats && columned)
fn edge_is_alike(bin: u32) -> bool {
  return abs(guess_of(bitcast<f32>(edges[bin])) - f32(bin)) <= f32(params.margin) / f32(3u << params.unit_bits);
}

@if(floats)
fn bin_between_edges(bits: u32) -> u32 {
  let last = params.bin_count - 1u;
  let own = image_of(bits);
  let is_nan = (bits & 0x7fffffffu) > 0x7f800000u;
  if is_nan || own < image_of(edges[0]) || own > image_of(edges[last + 1u]) {
    return no_bin;
  }
  var bin = min(u32(clamp(guess_of(bitcast<f32>(bits)), 0.0, f32(last))), last);
  while bin > 0u && own < image_of(edges[bin]) {
    bin--;
  }
  while bin < last && own >= image_of(edges[bin + 1u]) {
    bin++;
  }
  return bin;
}

// Of floats from 2^23 to 2^24 the lowest bits are a whole number: one addition rounds a guess to units and converts it.
const whole_units = 8388608.0;
const whole_units_bits = 0x4b000000u;

// What is known of the guess alone: the bin, and whether an edge may lie between that and the number. Infinities and NaNs, from
// which nothing can be guessed, are near one.
@if(floats && columned)
fn bin_of(bits: u32, are_alike: bool) -> u32 {
  let units = fma(bitcast<f32>(bits) - params.low, params.unit_scale, whole_units);
  let beside = bitcast<u32>(units) + (params.margin - whole_units_bits);
  let bin = beside >> params.unit_bits;
  let is_number = (bits & 0x7f800000u) != 0x7f800000u;
  let is_far = (beside & ((1u << params.unit_bits) - 1u)) > 2u * params.margin;
  if are_alike && is_number && is_far && bin < params.bin_count {
    return bin;
  }
  return bin_between_edges(bits);
}

@if(floats && !columned)
fn bin_of(bits: u32, are_alike: bool) -> u32 {
  return bin_between_edges(bits);
}

@if(floats)
fn bins_of(four: vec4u, are_alike: bool) -> vec4u {
  return vec4u(bin_of(four.x, are_alike), bin_of(four.y, are_alike), bin_of(four.z, are_alike), bin_of(four.w, are_alike));
}

@if(!floats)
fn bins_of(four: vec4u, are_alike: bool) -> vec4u {
  return four;
}

// Four neighbours, the first of which is element `first`; those from `end` on count nowhere.
fn count_four(bin: vec4u, first: u32, end: u32, column: u32) {
  add_four(select(vec4u(no_bin), bin, vec4u(first) + vec4u(0u, 1u, 2u, 3u) < vec4u(end)), column);
}

@if(bytes)
fn count_bytes(words: vec4u, first: u32, end: u32, column: u32) {
  @unroll for (var k = 0u; k < 4u; k++) {
    count_four((vec4u(words[k]) >> vec4u(0u, 8u, 16u, 24u)) & vec4u(0xffu), first + 4u * k, end, column);
  }
}

@compute @workgroup_size(lanes)
fn histogram(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
             @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * params.elements_per_group;
  if begin >= params.count {
    return;
  }
  var are_alike = true;
  var column = 0u;
  @if(floats && columned) {
    // The first word says whether any edge is not, before it counts.
    atomicStore(&own_counts[0], 0u);
    workgroupBarrier();
    for (var bin = lane; bin <= params.bin_count; bin += lanes) {
      if !edge_is_alike(bin) {
        atomicStore(&own_counts[0], 1u);
      }
    }
    workgroupBarrier();
    are_alike = atomicLoad(&own_counts[0]) == 0u && params.margin < (1u << params.unit_bits) / 4u;
    workgroupBarrier();
  }
  @if(columned) {
    column = lane % params.columns;
  }
  @if(own || columned) {
    for (var word = lane; word < own_words; word += lanes) {
      atomicStore(&own_counts[word], 0u);
    }
    workgroupBarrier();
  }
  let end = begin + min(params.elements_per_group, params.count - begin);
  @if(bytes && columned) {
    for (var first = begin + 16u * lane; first < end; first += loads * 16u * lanes) {
      if first + (loads - 1u) * 16u * lanes + 16u <= end {
        var words: array<vec4u, loads>;
        @unroll for (var i = 0u; i < loads; i++) {
          words[i] = values[first / 16u + i * lanes];
        }
        @unroll for (var i = 0u; i < loads; i++) {
          @unroll for (var k = 0u; k < 16u; k++) {
            let byte = (words[i][k / 4u] >> (8u * (k % 4u))) & 0xffu;
            atomicAdd(&own_counts[byte * params.columns + column], 1u);
          }
        }
      } else {
        for (var i = first; i < end; i += 16u * lanes) {
          count_bytes(values[i / 16u], i, end, column);
        }
      }
    }
  }
  @elif(bytes) {
    for (var first = begin + 16u * lane; first < end; first += 16u * lanes) {
      count_bytes(values[first / 16u], first, end, column);
    }
  }
  @elif(columned) {
    for (var first = begin + 4u * lane; first < end; first += loads * 4u * lanes) {
      if first + (loads - 1u) * 4u * lanes + 4u <= end {
        var fours: array<vec4u, loads>;
        @unroll for (var i = 0u; i < loads; i++) {
          fours[i] = values[first / 4u + i * lanes];
        }
        @unroll for (var i = 0u; i < loads; i++) {
          add_four(bins_of(fours[i], are_alike), column);
        }
      } else {
        for (var i = first; i < end; i += 4u * lanes) {
          count_four(bins_of(values[i / 4u], are_alike), i, end, column);
        }
      }
    }
  }
  @else {
    for (var first = begin + 4u * lane; first < end; first += 4u * lanes) {
      count_four(bins_of(values[first / 4u], are_alike), first, end, column);
    }
  }
  @if(own || columned) {
    workgroupBarrier();
    for (var bin = lane; bin < params.bin_count; bin += lanes) {
      @if(columned)
      let own = columns_sum(bin, lane);
      @else
      let own = atomicLoad(&own_counts[bin]);
      if own != 0u {
        atomicAdd(&counts[bin], own);
      }
    }
  }
}
