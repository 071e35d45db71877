// What a scan carries from element to element: their combination, and where segmented how many segments began in it:
// one cuts off all that stood before.
import package::primitives::word::Word;
import slots::{combine, identity};

struct State {
  value: Word,
  @if(segmented) heads: u32,
}

@if(segmented)
fn no_state() -> State {
  return State(identity(), 0u);
}

@if(!segmented)
fn no_state() -> State {
  return State(identity());
}

// `a` stands left of `b`.
@if(segmented)
fn join(a: State, b: State) -> State {
  return State(select(combine(a.value, b.value), b.value, b.heads != 0u), a.heads + b.heads);
}

@if(!segmented)
fn join(a: State, b: State) -> State {
  return State(combine(a.value, b.value));
}

@if(segmented)
fn choose(a: State, b: State, takes_b: bool) -> State {
  return State(select(a.value, b.value, takes_b), select(a.heads, b.heads, takes_b));
}

@if(!segmented)
fn choose(a: State, b: State, takes_b: bool) -> State {
  return State(select(a.value, b.value, takes_b));
}
