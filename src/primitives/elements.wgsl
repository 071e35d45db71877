// Four elements of a fold, as the slot `elements` gives them: low and high words, and in bit k of `present` whether
// element k counts.
struct Elements {
  low: vec4u,
  @if(wide) high: vec4u,
  present: u32,
}
