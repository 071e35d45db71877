// Which elements may be among a few that come first: those that reach a bar, an image of a sample (sampled_row.wgsl).
// - take_heads: each of 256 workgroups looks at every 256th sample, so that sorted arrays do not favour one, and leaves the
//   first 8 of its lanes' best. place_ranked.wgsl makes the one of a rank the bar.
// - take_reached reads all elements and takes those that do not come after the bar, in no order: they are few.
// - settle decides whether they are the ones to rank, or too few or too many: then top_k.wgsl's second way is gone.
// Moves 4 bytes an element of one word, and a sector of memory a sample.
import package::primitives::blocks::block_of;
import package::primitives::key_image::{earlier, image_of, is_before};
import package::primitives::samples::sampled_row::{sample_total, sampled_row};
import package::primitives::top_k::reach_bar::reach_bar;
import package::primitives::word::{Four, Word, four_of, is_equal, pick};

// host-shareable
struct FewParams {
  count: u32,
  k: u32,
  flips: vec2u,  // make an image
  room: u32,     // for elements that reach the bar
  stride: u32,   // of samples
}

@group(0) @binding(0) var<uniform> params: FewParams;
@group(0) @binding(1) var<storage, read> values: array<vec4u>;
@group(0) @binding(2) var<storage, read_write> bar: array<Word>;
@group(0) @binding(3) var<storage, read_write> chosen_values: array<Word>;
@group(0) @binding(4) var<storage, read_write> chosen_rows: array<u32>;
// How many are chosen, how many are left to choose from by the second way, how many reached the bar.
@group(0) @binding(5) var<storage, read_write> counts: array<atomic<u32>>;

const lanes = 256u;
const quads_at_once = 4u;
const at_once = 8u;
const elements_per_group = 32768u;
const head_groups = 256u;
const heads_per_group = 8u;

var<workgroup> best_images: array<Word, lanes>;

fn element(row: u32) -> Word {
  @if(wide) {
    let pair = values[row / 2u];
    return select(pair.xy, pair.zw, row % 2u == 1u);
  }
  @else {
    return values[row / 4u][row % 4u];
  }
}

@compute @workgroup_size(lanes)
fn take_heads(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let total = sample_total(params.count, params.stride);
  var best_image = ~Word(0u);  // which comes last
  for (var first = group.x + head_groups * lane; first < total; first += at_once * head_groups * lanes) {
    // Loads that do not wait for each other.
    var looked_at: array<Word, at_once>;
    for (var i = 0u; i < at_once; i++) {
      looked_at[i] = element(sampled_row(min(first + i * head_groups * lanes, total - 1u), params.count, params.stride));
    }
    for (var i = 0u; i < at_once; i++) {
      let image = image_of(looked_at[i], params.flips);
      best_image = select(best_image, image, is_before(image, best_image));
    }
  }
  best_images[lane] = best_image;
  workgroupBarrier();
  var rank = 0u;
  for (var first = 0u; first < lanes; first += at_once) {
    for (var k = 0u; k < at_once; k++) {
      let image = best_images[first + k];
      rank += select(0u, 1u, is_before(image, best_image) | (is_equal(image, best_image) & (first + k < lane)));
    }
  }
  if rank < heads_per_group {
    // An image; of a lane without samples the last one.
    let place = group.x * heads_per_group + rank;
    chosen_values[place] = best_image;
    chosen_rows[place] = place;
  }
  if group.x == 0u && lane == 0u {
    atomicStore(&counts[2], 0u);
  }
}

// The first image of four elements, of which few reach the bar.
fn first_image(four: Four) -> Word {
  return earlier(earlier(image_of(four.a, params.flips), image_of(four.b, params.flips)),
                  earlier(image_of(four.c, params.flips), image_of(four.d, params.flips)));
}

fn load_four(quad: u32) -> Four {
  let inside = min(quad, (params.count - 1u) / 4u);
  @if(wide)
  return four_of(values[2u * inside], values[2u * inside + 1u]);
  @else
  return four_of(values[inside]);
}

fn reach(four: Four, quad: u32, last: Word) -> u32 {
  return reach_bar(four, quad, last, params.flips, params.count);
}

@compute @workgroup_size(lanes)
fn take_reached(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
                @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * elements_per_group;
  if begin >= params.count {
    return;
  }
  let last = bar[0];
  let end = (begin + min(elements_per_group, params.count - begin) + 3u) / 4u;
  var is_full = false;
  for (var first = begin / 4u + lane; first < end; first += quads_at_once * lanes) {
    let a = load_four(first);
    let b = load_four(first + lanes);
    let c = load_four(first + 2u * lanes);
    let d = load_four(first + 3u * lanes);
    let best = earlier(earlier(first_image(a), first_image(b)), earlier(first_image(c), first_image(d)));
    if is_full || is_before(last, best) {
      continue;
    }
    let reached = reach(a, first, last) | (reach(b, first + lanes, last) << 4u) |
                  (reach(c, first + 2u * lanes, last) << 8u) | (reach(d, first + 3u * lanes, last) << 12u);
    var place = atomicAdd(&counts[2], countOneBits(reached));
    is_full = place > params.room;
    for (var left = reached; left != 0u; left &= left - 1u) {
      let bit = firstTrailingBit(left);
      let quad = first + bit / 4u * lanes;
      if place < params.room {
        chosen_values[place] = pick(load_four(quad), bit % 4u);
        chosen_rows[place] = quad * 4u + bit % 4u;
      }
      place++;
    }
  }
}

@compute @workgroup_size(1)
fn settle() {
  let wanted = min(params.k, params.count);
  let reached = atomicLoad(&counts[2]);
  let does = reached >= wanted && reached <= params.room;
  atomicStore(&counts[0], select(wanted, reached, does));
  atomicStore(&counts[1], select(params.count, 0u, does));
}
