// Where a sample of an array is taken: one element of every `stride` neighbours.

// The last steps of MurmurHash3 (Appleby 2011), which leave no bit of the input alone.
fn mixed(number: u32) -> u32 {
  var bits = number ^ (number >> 16u);
  bits *= 0x85ebca6bu;
  bits ^= bits >> 13u;
  bits *= 0xc2b2ae35u;
  return bits ^ (bits >> 16u);
}

fn sample_total(count: u32, stride: u32) -> u32 {
  return count / stride + select(0u, 1u, count % stride != 0u);
}

// The row of a sample, by its number: below sample_total.
fn sampled_row(number: u32, count: u32, stride: u32) -> u32 {
  let begin = number * stride;
  return begin + mixed(number) % min(stride, count - begin);
}
