// An element of one word or of two, whatever they mean, and four neighbouring ones.

@if(wide)
alias Word = vec2u;

@if(!wide)
alias Word = u32;

fn is_equal(a: Word, b: Word) -> bool {
  @if(wide)
  return all(a == b);
  @else
  return a == b;
}

struct Four {
  a: Word,
  b: Word,
  c: Word,
  d: Word,
}

// As they lie in memory.
@if(!wide)
fn four_of(words: vec4u) -> Four {
  return Four(words.x, words.y, words.z, words.w);
}

@if(wide)
fn four_of(front: vec4u, back: vec4u) -> Four {
  return Four(front.xy, front.zw, back.xy, back.zw);
}

fn pick(four: Four, k: u32) -> Word {
  return select(select(four.a, four.b, k == 1u), select(four.c, four.d, k == 3u), k >= 2u);
}
