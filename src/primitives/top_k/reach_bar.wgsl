// Which elements may be among the k: those that do not come after the bar, an image.
import package::primitives::key_image::{image_of, is_before};
import package::primitives::word::{Four, Word};

// Of four neighbours, by the number of their quad, in an array of `count`: bits 0 to 3.
fn reach_bar(four: Four, quad: u32, bar: Word, flips: vec2u, count: u32) -> u32 {
  let is_after = vec4<bool>(is_before(bar, image_of(four.a, flips)), is_before(bar, image_of(four.b, flips)),
                            is_before(bar, image_of(four.c, flips)), is_before(bar, image_of(four.d, flips)));
  let present = vec4u(quad) * 4u + vec4u(0u, 1u, 2u, 3u) < vec4u(count);
  return dot(vec4u(1u, 2u, 4u, 8u), select(vec4u(0u), vec4u(1u), present & !is_after));
}
