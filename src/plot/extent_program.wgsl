// The slots of primitives/reduce over density values: positive floats keep their order as integers.
import package::plot::density_values::{density_value, shade_params};

fn row_count() -> u32 {
  return shade_params.bins_x * shade_params.bins_y;
}

fn first_block() -> u32 {
  return 0u;
}

fn block_passes(block: u32) -> bool {
  return true;
}

fn elements(first: u32) -> Elements {
  let last = row_count() - 1u;
  return Elements(vec4u(bitcast<u32>(density_value(first)), bitcast<u32>(density_value(min(first + 1u, last))),
                        bitcast<u32>(density_value(min(first + 2u, last))),
                        bitcast<u32>(density_value(min(first + 3u, last)))), 0xfu);
}
