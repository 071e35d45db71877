// The slot `kept` from an array: a row is kept where its word is not 0, or where bits, where its bit is set, lowest first.

@if(!written_elsewhere) @group(1) @binding(0) var<storage, read> selection_flags: array<vec4u>;
@if(written_elsewhere) @group(1) @binding(0) var<storage, read_write> selection_flags: array<vec4u>;

// Bit k: row `first` + k is kept; `first` is a multiple of 4. Rows from `count` on never are.
@if(bits)
fn kept(first: u32, count: u32) -> u32 {
  let inside = min(first, count - 1u);
  let word = selection_flags[inside / 128u][(inside / 32u) % 4u] >> (first % 32u);
  return word & 0xfu & ((1u << min(4u, max(first, count) - first)) - 1u);
}

@if(!bits)
fn kept(first: u32, count: u32) -> u32 {
  let four = selection_flags[min(first, count - 1u) / 4u];
  let mask = dot(select(vec4u(0u), vec4u(1u, 2u, 4u, 8u), four != vec4u(0u)), vec4u(1u));
  return mask & ((1u << min(4u, max(first, count) - first)) - 1u);
}
