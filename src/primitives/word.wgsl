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

fn pick(four: Four, k: u32) -> Word {
  return select(select(four.a, four.b, k == 1u), select(four.c, four.d, k == 3u), k >= 2u);
}
