// Images as ordered_key.wgsl makes them, where the host says of which kind keys are: an integer's takes one instruction.
@if(floats) import package::primitives::ordered_key::{KeyOrder, ordered_word};
import package::primitives::word::Word;

// `flips`: what turns an integer's words; of a float the first says whether to descend (key_order.h's image_flips).
fn image_of(bits: Word, flips: vec2u) -> Word {
  @if(wide)
  return bits ^ flips;
  @elif(floats)
  return ordered_word(bits, KeyOrder(0u, 1u, flips.x));
  @else
  return bits ^ flips.x;
}

fn is_before(a: Word, b: Word) -> bool {
  @if(wide)
  return (a.y < b.y) | ((a.y == b.y) & (a.x < b.x));
  @else
  return a < b;
}

fn earlier(a: Word, b: Word) -> Word {
  @if(wide)
  return select(b, a, is_before(a, b));
  @else
  return min(a, b);
}
