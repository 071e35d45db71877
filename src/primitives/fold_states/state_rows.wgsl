// How rows are dealt out where states are combined: a workgroup takes a strip, a lane 16 neighbours of it, in their order.
import slots::{State, combine, identity, lift};

const lanes = 128u;
const rows_per_lane = 16u;
const rows_per_strip = 2048u;

// All rows of a lane that are below the count.
fn folded_rows(first: u32, count: u32) -> State {
  var own = identity();
  for (var row = first; row < min(first + rows_per_lane, count); row++) {
    own = combine(own, lift(row));
  }
  return own;
}

fn strips_of(count: u32) -> u32 {
  return (count + rows_per_strip - 1u) / rows_per_strip;
}
