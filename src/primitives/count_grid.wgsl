// Turns a count that only the GPU knows into parameters and workgroups of the dispatches that follow: copies each of a
// range of parameter slots, puts the count where the host would have, and the grid for it at the end.
// One workgroup a slot; 512 bytes a slot.

// host-shareable
struct CountGridParams {
  most_groups: u32,  // in one dimension
  first_slot: u32,
  count_word: u32,  // of count_words
  most: u32,        // the count is cut to it
}

const slot_words = 64u;
const grid_word = 60u;  // of a slot: elements a workgroup takes in, the grid out

@group(0) @binding(0) var<uniform> params: CountGridParams;
@group(0) @binding(1) var<storage, read> host_slots: array<u32>;
@group(0) @binding(2) var<storage, read_write> gpu_slots: array<u32>;
@group(0) @binding(3) var<storage, read> count_words: array<u32>;

@compute @workgroup_size(64)
fn count_grid(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_index) lane: u32) {
  let first = (params.first_slot + group.x) * slot_words;
  let count = min(count_words[params.count_word], params.most);
  let per_group = max(1u, host_slots[first + grid_word]);
  let groups = count / per_group + select(0u, 1u, count % per_group != 0u);
  let y = groups / params.most_groups + select(0u, 1u, groups % params.most_groups != 0u);
  let x = (groups + y - 1u) / max(1u, y);
  var word = host_slots[first + lane];
  word = select(word, count, lane == 0u);
  word = select(word, x, lane == grid_word);
  word = select(word, y, lane == grid_word + 1u);
  word = select(word, 1u, lane == grid_word + 2u);
  gpu_slots[first + lane] = word;
}
