// The slot `kept` for runs of equal neighbours: their first rows, or where ends, their last ones. Keys are compared bit by
// bit.

@group(1) @binding(0) var<storage, read> selection_keys: array<vec4u>;

// Bit k: row `first` + k is kept; `first` is a multiple of 4. Rows from `count` on never are.
@if(!wide && !ends)
fn kept(first: u32, count: u32) -> u32 {
  let four = selection_keys[min(first, count - 1u) / 4u];
  let left = selection_keys[min(max(first, 1u) - 1u, count - 1u) / 4u].w;
  let differs = four != vec4u(left, four.xyz);
  return selection_mask(differs, first, count) | select(0u, 1u, first == 0u);
}

@if(!wide && ends)
fn kept(first: u32, count: u32) -> u32 {
  let four = selection_keys[min(first, count - 1u) / 4u];
  let right = selection_keys[min(first + 4u, count - 1u) / 4u].x;
  return selection_mask(four != vec4u(four.yzw, right), first, count) | selection_last(first, count);
}

@if(wide && !ends)
fn kept(first: u32, count: u32) -> u32 {
  let inside = min(first, count - 1u) / 4u;
  let a = selection_keys[2u * inside];
  let b = selection_keys[2u * inside + 1u];
  let left = selection_keys[min(max(first, 1u) - 1u, count - 1u) / 2u].zw;
  let differs = vec4u(a.x, a.z, b.x, b.z) != vec4u(left.x, a.x, a.z, b.x);
  let differs_high = vec4u(a.y, a.w, b.y, b.w) != vec4u(left.y, a.y, a.w, b.y);
  return selection_mask(differs | differs_high, first, count) | select(0u, 1u, first == 0u);
}

@if(wide && ends)
fn kept(first: u32, count: u32) -> u32 {
  let inside = min(first, count - 1u) / 4u;
  let a = selection_keys[2u * inside];
  let b = selection_keys[2u * inside + 1u];
  let right = selection_keys[min(first + 4u, count - 1u) / 2u].xy;
  let differs = vec4u(a.x, a.z, b.x, b.z) != vec4u(a.z, b.x, b.z, right.x);
  let differs_high = vec4u(a.y, a.w, b.y, b.w) != vec4u(a.w, b.y, b.w, right.y);
  return selection_mask(differs | differs_high, first, count) | selection_last(first, count);
}

fn selection_mask(differs: vec4<bool>, first: u32, count: u32) -> u32 {
  let mask = dot(select(vec4u(0u), vec4u(1u, 2u, 4u, 8u), differs), vec4u(1u));
  return mask & ((1u << min(4u, max(first, count) - first)) - 1u);
}

// The last row of all ends a run whatever stands behind it.
@if(ends)
fn selection_last(first: u32, count: u32) -> u32 {
  let k = count - 1u - min(first, count - 1u);
  return select(0u, 1u << min(k, 3u), first < count && k < 4u);
}
