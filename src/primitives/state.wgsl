// What a scan carries from element to element: their combination, and where segmented whether a segment began in it,
// which cuts off all that stood before.
import package::primitives::word::Word;
import slots::{combine, identity};

struct State {
  value: Word,
  @if(segmented) has_head: u32,
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
  return State(select(combine(a.value, b.value), b.value, b.has_head != 0u), a.has_head | b.has_head);
}

@if(!segmented)
fn join(a: State, b: State) -> State {
  return State(combine(a.value, b.value));
}

@if(segmented)
fn choose(a: State, b: State, takes_b: bool) -> State {
  return State(select(a.value, b.value, takes_b), select(a.has_head, b.has_head, takes_b));
}

@if(!segmented)
fn choose(a: State, b: State, takes_b: bool) -> State {
  return State(select(a.value, b.value, takes_b));
}
