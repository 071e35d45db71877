// Kernels and a draw that do next to nothing, so that what they cost is what it costs to say them.
// Moves 4 bytes a workgroup in `touch`, and 4 a pixel in `cover`.

@group(0) @binding(0) var<storage, read_write> words: array<u32>;
@group(0) @binding(1) var<storage, read> colors: array<vec4f>;

@compute @workgroup_size(1)
fn idle() {}

// One that the next of its kind must wait for.
@compute @workgroup_size(1)
fn touch() {
  words[0] += 1u;
}

// A triangle over the whole target.
@vertex
fn corner(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  return vec4f(f32(index & 1u) * 4.0 - 1.0, f32(index >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}

@fragment
fn cover() -> @location(0) vec4f {
  return vec4f(0.5);
}

// The same of what a storage buffer holds.
@fragment
fn shade() -> @location(0) vec4f {
  return colors[0];
}
