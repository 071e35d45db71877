// Quantiles of groups from rows in their order: a lane a group finds by binary search where it begins and ends, and takes what
// stands at each share of it. Moves an element a quantile, and reads about twice log2 of the rows for each group.
import package::primitives::blocks::block_of;
import package::primitives::radix_select::target::ranked;
import package::primitives::word::Word;

// host-shareable
struct PickQuantilesParams {
  count: u32,        // of groups
  share_count: u32,  // of this dispatch
  first_share: u32,
  all_shares: u32,  // of the call
  none: vec4u,      // what a group of no rows has, in its first words
  shares: array<vec4u, 12>,  // two numerators and denominators each
}

@group(0) @binding(0) var<uniform> params: PickQuantilesParams;
@group(0) @binding(1) var<storage, read_write> row_count: array<u32>;
@group(0) @binding(2) var<storage, read_write> numbers: array<u32>;  // of rows' groups, rising
@group(0) @binding(3) var<storage, read> sorted: array<Word>;
@group(0) @binding(4) var<storage, read_write> result: array<Word>;

const lanes = 64u;

// The first row, from `first` on, whose group is not before one.
fn begin_of(group: u32, first: u32) -> u32 {
  var low = first;
  var high = row_count[0];
  while low < high {
    let middle = low + (high - low) / 2u;
    let is_before = numbers[middle] < group;
    low = select(low, middle + 1u, is_before);
    high = select(middle, high, is_before);
  }
  return low;
}

fn no_element() -> Word {
  @if(wide)
  return params.none.xy;
  @else
  return params.none.x;
}

@compute @workgroup_size(lanes)
fn pick_quantiles(@builtin(workgroup_id) workgroup: vec3u, @builtin(num_workgroups) grid: vec3u,
                  @builtin(local_invocation_index) lane: u32) {
  let group = block_of(workgroup, grid) * lanes + lane;
  if group >= params.count {
    return;
  }
  let begin = begin_of(group, 0u);
  let rows = begin_of(group + 1u, begin) - begin;
  for (var i = 0u; i < params.share_count; i++) {
    let pair = params.shares[i / 2u];
    let share = select(pair.xy, pair.zw, i % 2u == 1u);
    var element = no_element();
    if rows != 0u {
      element = sorted[begin + ranked(rows, share.x, share.y, 0)];
    }
    result[group * params.all_shares + params.first_share + i] = element;
  }
}
