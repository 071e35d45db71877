// Counts rows into bins: counts[bin] += 1 for every row that has one; rows without are tallied by the reason.
// Method: one workgroup takes one block of 4,096 rows, four rows an invocation at a time, and adds straight into
// GPU memory: private copies of a picture-sized array would not fit.
// Moves what the slot reads, and one atomic add a row that falls into a bin. Bound by those adds, whatever
// the layout of the columns; four rows of one invocation that fall into one bin are added at once.
import package::primitives::blocks::{block_of, rows_per_block};
import slots::{bins, block_passes, row_count};

const row_filtered = 0xffffffffu;  // instead of a bin: the row does not pass the filter
const row_null = 0xfffffffeu;      // it passes, but has no value to be placed by
const row_outside = 0xfffffffdu;   // its value lies outside the picture

// host-shareable
struct DensityParams {
  bin_count: u32,
}

@group(0) @binding(0) var<uniform> params: DensityParams;
// bin_count counts, then the tallies: rows that fell into a bin, null, outside, and rows of blocks that were read.
@group(0) @binding(1) var<storage, read_write> counts: array<atomic<u32>>;

var<workgroup> tallies: array<atomic<u32>, 3>;

fn add(bin: u32, rows: u32) {
  atomicAdd(&counts[bin], rows);
}

@compute @workgroup_size(256)
fn density(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
           @builtin(local_invocation_index) lane: u32) {
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
  var drawn = 0u;
  var nulls = 0u;
  var outside = 0u;
  for (var i = 0u; i < 4u; i++) {
    let row = block * rows_per_block + (i * 256u + lane) * 4u;
    if row >= rows {
      break;
    }
    var bin = bins(row);
    bin = select(bin, vec4u(row_filtered), vec4u(row) + vec4u(0u, 1u, 2u, 3u) >= vec4u(rows));
    if all(bin == bin.xxxx) && bin.x < params.bin_count {
      add(bin.x, 4u);
      drawn += 4u;
    } else {
      for (var k = 0u; k < 4u; k++) {
        if bin[k] < params.bin_count {
          add(bin[k], 1u);
          drawn++;
        }
      }
      nulls += dot(vec4u(1u), select(vec4u(0u), vec4u(1u), bin == vec4u(row_null)));
      outside += dot(vec4u(1u), select(vec4u(0u), vec4u(1u), bin == vec4u(row_outside)));
    }
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
