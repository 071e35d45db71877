// Elements of runs, from where the runs begin.
// Method: a workgroup writes a tile of 1,024 elements. It finds the tile's first run by binary search, marks in workgroup
// memory where the others begin, and each element takes the largest mark up to it (a scan of maxima).
// Moves 4 bytes an element of one word, and 8 a run.
import package::primitives::blocks::block_of;
import package::primitives::word::Word;

// host-shareable
struct ExpandParams {
  count: u32,  // of elements
}

@group(0) @binding(0) var<uniform> params: ExpandParams;
@group(0) @binding(1) var<storage, read_write> starts: array<u32>;
@group(0) @binding(2) var<storage, read_write> run_count: array<u32>;
@group(0) @binding(3) var<storage, read> run_values: array<Word>;
@group(0) @binding(4) var<storage, read_write> result: array<Word>;

const lanes = 256u;
const tile_elements = 1024u;

var<workgroup> marks: array<atomic<u32>, tile_elements>;
var<workgroup> lane_marks: array<u32, lanes>;

// The last run that begins at or before the element: runs of none begin where the next does.
fn run_of(element: u32, runs: u32) -> u32 {
  var low = 0u;
  var high = runs;
  while low + 1u < high {
    let middle = low + (high - low) / 2u;
    let is_left = starts[middle] <= element;
    low = select(low, middle, is_left);
    high = select(middle, high, is_left);
  }
  return low;
}

@compute @workgroup_size(lanes)
fn expand(@builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) grid: vec3u,
          @builtin(local_invocation_index) lane: u32) {
  let begin = block_of(group, grid) * tile_elements;
  if begin >= params.count {
    return;
  }
  for (var i = lane; i < tile_elements; i += lanes) {
    atomicStore(&marks[i], 0u);
  }
  workgroupBarrier();
  let runs = run_count[0];
  let first_run = run_of(begin, runs);
  for (var run = first_run + 1u + lane; run < runs; run += lanes) {
    let at = starts[run] - begin;
    if at >= tile_elements {
      break;
    }
    atomicMax(&marks[at], run);
  }
  workgroupBarrier();
  // Four neighbours a lane.
  var largest: array<u32, 4>;
  var seen = first_run;
  for (var k = 0u; k < 4u; k++) {
    seen = max(seen, atomicLoad(&marks[4u * lane + k]));
    largest[k] = seen;
  }
  lane_marks[lane] = seen;
  workgroupBarrier();
  for (var reach = 1u; reach < lanes; reach *= 2u) {
    let left = lane_marks[max(lane, reach) - reach];
    workgroupBarrier();
    seen = max(seen, left);
    lane_marks[lane] = seen;
    workgroupBarrier();
  }
  let before = select(lane_marks[max(lane, 1u) - 1u], first_run, lane == 0u);
  for (var k = 0u; k < 4u; k++) {
    let at = begin + 4u * lane + k;
    if at < params.count {
      result[at] = run_values[max(before, largest[k])];
    }
  }
}
