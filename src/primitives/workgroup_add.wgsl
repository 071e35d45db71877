// Sums over the 128 lanes of a workgroup: of those left of each lane, and of all. Method: Hillis & Steele 1986.

const summing_lanes = 128u;

struct WorkgroupAdd {
  before: u32,
  total: u32,
}

var<workgroup> summed: array<u32, summing_lanes>;

fn workgroup_add(lane: u32, own: u32) -> WorkgroupAdd {
  var inclusive = own;
  summed[lane] = own;
  workgroupBarrier();
  for (var reach = 1u; reach < summing_lanes; reach *= 2u) {
    let left = summed[max(lane, reach) - reach];
    workgroupBarrier();
    inclusive += select(0u, left, lane >= reach);
    summed[lane] = inclusive;
    workgroupBarrier();
  }
  let total = summed[summing_lanes - 1u];
  workgroupBarrier();
  return WorkgroupAdd(inclusive - own, total);
}
