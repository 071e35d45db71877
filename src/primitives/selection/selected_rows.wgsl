// The slot `kept` from a test of single rows.
import slots::keep;

// Bit k: row `first` + k is kept; `first` is a multiple of 4. Rows from `count` on never are, and are not asked about.
fn kept(first: u32, count: u32) -> u32 {
  let last = count - 1u;
  let mask = select(0u, 1u, keep(min(first, last))) | select(0u, 2u, keep(min(first + 1u, last))) |
             select(0u, 4u, keep(min(first + 2u, last))) | select(0u, 8u, keep(min(first + 3u, last)));
  return mask & ((1u << min(4u, max(first, count) - first)) - 1u);
}
