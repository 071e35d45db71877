// Whether a block can hold a row that passes, by its zone map.
import package::primitives::wide::wide_less;
import package::table::columns::{narrow_zone, wide_zone};

fn narrow_block_passes(column: u32, block: u32, first: u32, last: u32) -> bool {
  let zone = narrow_zone(column, block);
  return zone.x <= last && first <= zone.y;
}

fn wide_block_passes(column: u32, block: u32, first: vec2u, last: vec2u) -> bool {
  let zone = wide_zone(column, block);
  return !wide_less(last, zone.xy) && !wide_less(zone.zw, first);
}
