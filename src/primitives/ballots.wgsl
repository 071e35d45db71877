// What a subgroup's ballot says of its lanes, of which there are up to 128.

// How many lanes of it stand before this one.
fn lanes_before(ballot: vec4u, lane: u32) -> u32 {
  let bits_before = vec4u(lane) - min(vec4u(lane), vec4u(0u, 32u, 64u, 96u));
  let before = select((vec4u(1u) << min(bits_before, vec4u(31u))) - vec4u(1u), vec4u(0xffffffffu), bits_before >= vec4u(32u));
  let counts = countOneBits(ballot & before);
  return counts.x + counts.y + counts.z + counts.w;
}

// Its first lane.
fn first_lane(ballot: vec4u) -> u32 {
  let first = firstTrailingBit(ballot);
  return select(select(select(first.w + 96u, first.z + 64u, ballot.z != 0u), first.y + 32u, ballot.y != 0u), first.x,
                ballot.x != 0u);
}
