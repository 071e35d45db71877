// Counts rows into bins: counts[bin] += 1 for every row that has one; rows without are tallied by the reason.
// Method: one workgroup takes one block of 4,096 rows, four rows an invocation at a time, and adds straight into
// GPU memory: private copies of a picture-sized array would not fit. Of neighbours among the four that fall into one bin
// the last adds for all. With `runs` neighbouring invocations whose four rows all fall into one bin are a run, found by
// ballot, whose first adds for all: rows that lie in the order of the plane mostly do.
// Moves what the slot reads, and at most one atomic add a row that falls into a bin. Bound by those adds, whatever
// the layout of the columns: random rows by scattered ones, ordered rows by those to one address, which `runs` spares.
import package::primitives::blocks::{block_of, rows_per_block};
import slots::{bins, block_is_shown, block_passes, row_count};

const row_filtered = 0xffffffffu;  // instead of a bin: the row does not pass the filter
const row_null = 0xfffffffeu;      // it passes, but has no value to be placed by
const row_outside = 0xfffffffdu;   // its value lies outside the picture

// Few invocations with many rows each: on software adapters an invocation that meets a barrier costs as much as a row.
const lanes = 64u;
const quads_per_lane = rows_per_block / (4u * lanes);

// host-shareable
struct DensityParams {
  bin_count: u32,
}

@group(0) @binding(0) var<uniform> params: DensityParams;
// bin_count counts, then the tallies: rows that fell into a bin, null, outside, and rows of blocks that were read.
@group(0) @binding(1) var<storage, read_write> counts: array<atomic<u32>>;

var<workgroup> tallies: array<atomic<u32>, 3>;

fn count_of(four: vec4<bool>) -> u32 {
  let ones = select(vec4u(0u), vec4u(1u), four);
  return ones.x + ones.y + ones.z + ones.w;
}

fn add(bin: u32, rows: u32) {
  if rows != 0u {
    atomicAdd(&counts[bin], rows);
  }
}

@if(runs)
fn ones_above(ballot: vec4u, lane: u32, lanes_in_subgroup: u32) -> u32 {
  // The next invocation above `lane` whose bit is set, or the subgroup's end.
  for (var word = lane / 32u; word * 32u < lanes_in_subgroup; word++) {
    var bits = ballot[word];
    if word == lane / 32u {
      bits &= 0xfffffffeu << (lane % 32u);
    }
    if bits != 0u {
      return word * 32u + firstTrailingBit(bits);
    }
  }
  return lanes_in_subgroup;
}

@compute @workgroup_size(lanes)
fn density(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
           @builtin(local_invocation_index) lane: u32,
           @if(runs) @builtin(subgroup_invocation_id) subgroup_lane: u32,
           @if(runs) @builtin(subgroup_size) subgroup_lanes: u32) {
  let block = block_of(group, grid);
  let rows = row_count();
  if block * rows_per_block >= rows || !block_passes(block) {
    return;
  }
  // wgpu-native does not clear workgroup memory in trusted modules.
  if lane < 3u {
    atomicStore(&tallies[lane], 0u);
  }
  workgroupBarrier();
  let is_shown = block_is_shown(block);
  var drawn = 0u;
  var nulls = 0u;
  var outside = 0u;
  for (var i = 0u; i < quads_per_lane; i++) {
    let row = block * rows_per_block + (i * lanes + lane) * 4u;
    @if(!runs)
    if row >= rows {
      break;
    }
    // Subgroups stay together, so there is no way out for a few.
    @if(runs)
    var bin = bins(min(row, (rows - 1u) & ~3u), is_shown);
    @else
    var bin = bins(row, is_shown);
    bin = select(bin, vec4u(row_filtered), vec4u(row) + vec4u(0u, 1u, 2u, 3u) >= vec4u(rows));
    let has_bin = bin < vec4u(params.bin_count);
    let is_same = has_bin.xyz & (bin.xyz == bin.yzw);
    // Rows of the run that ends here; those of a run that goes on are added by its last.
    let one = select(vec4u(0u), vec4u(1u), has_bin);
    let second = one.y + select(0u, one.x, is_same.x);
    let third = one.z + select(0u, second, is_same.y);
    let fourth = one.w + select(0u, third, is_same.z);
    add(bin.x, select(one.x, 0u, is_same.x));
    add(bin.y, select(second, 0u, is_same.y));
    add(bin.z, select(third, 0u, is_same.z));
    @if(runs) {
      // The bin of an invocation whose four rows share one.
      let shared_bin = select(row_filtered, bin.w, all(is_same));
      let before = subgroupShuffleUp(shared_bin, 1u);
      let follows = subgroup_lane != 0u && shared_bin != row_filtered && shared_bin == before;
      let next = ones_above(subgroupBallot(!follows), subgroup_lane, min(subgroup_lanes, lanes));
      let followers = select(0u, next - subgroup_lane - 1u, shared_bin != row_filtered);
      add(bin.w, select(fourth + 4u * followers, 0u, follows));
    }
    @else {
      add(bin.w, fourth);
    }
    drawn += count_of(has_bin);
    nulls += count_of(bin == vec4u(row_null));
    outside += count_of(bin == vec4u(row_outside));
  }
  atomicAdd(&tallies[0], drawn);
  if nulls + outside != 0u {
    atomicAdd(&tallies[1], nulls);
    atomicAdd(&tallies[2], outside);
  }
  workgroupBarrier();
  if lane < 3u {
    let tally = atomicLoad(&tallies[lane]);
    if tally != 0u {
      atomicAdd(&counts[params.bin_count + lane], tally);
    }
  }
  if lane == 3u {
    atomicAdd(&counts[params.bin_count + 3u], min(rows - block * rows_per_block, rows_per_block));
  }
}
