// Every shape a C++ mirror can have.
import super::wide::U64;

const kLevels = 3u;

struct NotMirrored {
  x: u32,
}

// The kind of padding each member meets is the point.
// host-shareable
struct Mirror {
  direction: vec3f,
  halves: array<f16, 3>,
  half: f16,
  normal: vec3h,
  nested: U64,
  points: array<vec3f, kLevels>,
  columns: mat3x3f,
  @size(20) counter: atomic<u32>,
  flags: i32,
  @align(32) inner: array<Inner, 2>,
}

// host-shareable
struct Inner {
  half: f16,
  words: vec2u,
}
