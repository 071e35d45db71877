// What stands before a tile, found while other tiles are still at work: each says what it has itself as soon as it knows, and
// then what all up to its end have.
// Method: decoupled look-back (Merrill & Garland 2016, "Single-pass Parallel Prefix Scan with Decoupled Look-back") with
// fallback (Smith, Levien & Owens 2025, "Decoupled Fallback: A Portable Single-Pass GPU Scan"). A workgroup looks at as many
// tiles at once as it has lanes. One that waits in vain finds out for itself what the nearest silent tile has, so no
// workgroup depends on another's progress.
// A value goes in two words, half in each, both tagged with how far it reaches; whoever reads two equal tags has one value,
// whatever the order in which words become visible. Tags only grow, so a late stand-in takes nothing back.
// The operation commutes and is exact: where the walk joins what it finds changes from run to run.
import slots::{combine, identity};

// A tile is as large as a workgroup can be: with few tiles in flight fewer looks reach one that has said all.
@if(large)
const tile_lanes = 512u;
@if(!large)
const tile_lanes = 256u;
const lines = 8u;  // of quads of elements, a subgroup's side by side
const tile_elements = lines * 4u * tile_lanes;
const most_teams = tile_lanes / 4u;
// Before a tile is stood in for; a look takes about a microsecond.
override patient_looks = 64u;

const said_own = 1u;  // of the tile alone
const said_all = 2u;  // of all up to its end

@group(0) @binding(1) var<storage, read_write> tiles: array<atomic<u32>>;  // the next tile, a word, then two words a tile

// For tests: of so many tiles one says nothing, ever. 0: all speak.
override silent_every = 0u;

var<workgroup> taken_tile: u32;

// Tiles are taken in their order, so those before one are at work or done where workgroups make progress.
fn take_tile(lane: u32) -> u32 {
  if lane == 0u {
    taken_tile = atomicAdd(&tiles[0], 1u);
  }
  return workgroupUniformLoad(&taken_tile);
}

fn say(tile: u32, reach: u32, value: u32) {
  let every = max(silent_every, 1u);  // compilers refuse to divide by a constant 0
  if silent_every != 0u && tile % every == every - 1u {
    return;
  }
  stand_in(tile, reach, value);
}

fn stand_in(tile: u32, reach: u32, value: u32) {
  atomicMax(&tiles[2u + 2u * tile], (reach << 30u) | (value & 0xffffu));
  atomicMax(&tiles[3u + 2u * tile], (reach << 30u) | (value >> 16u));
}

struct Around {
  before: u32,
  total: u32,
}

// Over the lanes of a subgroup.
fn scan_team(team_lane: u32, team_lanes: u32, own: u32) -> Around {
  var inclusive = own;
  for (var reach = 1u; reach < team_lanes; reach *= 2u) {
    let left = subgroupShuffleUp(inclusive, reach);
    inclusive = select(inclusive, combine(left, inclusive), team_lane >= reach);
  }
  return Around(select(subgroupShuffleUp(inclusive, 1u), identity(), team_lane == 0u),
                subgroupShuffle(inclusive, team_lanes - 1u));
}

var<workgroup> team_totals: array<u32, most_teams>;

// Over the subgroups of a workgroup, of which each has one total.
fn scan_teams(lane: u32, team_lane: u32, team_lanes: u32, own: u32) -> Around {
  if team_lane == 0u {
    team_totals[lane / team_lanes] = own;
  }
  workgroupBarrier();
  var around = Around(identity(), identity());
  for (var team = 0u; team < tile_lanes / team_lanes; team++) {
    around.before = select(around.before, around.total, team == lane / team_lanes);
    around.total = combine(around.total, team_totals[team]);
  }
  workgroupBarrier();
  return around;
}

// Where a lane's quads begin; those of its other lines lie team_lanes apart.
fn first_quad(tile: u32, lane: u32, team_lane: u32, team_lanes: u32) -> u32 {
  return (tile * tile_lanes + lane / team_lanes * team_lanes) * lines + team_lane;
}

// How far the walk has come.
struct Walk {
  before: u32,  // of the tiles that it has passed
  left: u32,    // tiles before those
  looks: u32,   // in vain, one after the other
}

// What tiles in a row have, up to the first of them that is silent, or says all.
struct Found {
  value: u32,
  passed: u32,  // tiles in `value` that said their own
  reach: u32,   // of the tile behind those; `said_own` where there is none
}

var<workgroup> found: array<Found, most_teams>;
var<workgroup> walked: Walk;

// `b` lies behind `a`.
fn go_on(a: Found, b: Found) -> Found {
  let goes_on = a.reach == said_own;
  return Found(combine(a.value, select(identity(), b.value, goes_on)), a.passed + select(0u, b.passed, goes_on),
               select(a.reach, b.reach, goes_on));
}

// The same over the lanes of a subgroup.
fn found_by_team(team_lane: u32, team_lanes: u32, own: Found) -> Found {
  let stop = subgroupMin(select(team_lanes, team_lane, own.reach != said_own));
  let counts = team_lane <= stop;
  let value = scan_team(team_lane, team_lanes, select(identity(), own.value, counts)).total;
  let passed = subgroupAdd(select(0u, own.passed, counts));
  let reach = subgroupShuffle(own.reach, min(stop, team_lanes - 1u));
  return Found(value, passed, reach);
}

// Each lane looks at one tile, the nearest first; the walk goes on to the first that is silent, or ends at the first that
// says all.
fn look(lane: u32, team_lane: u32, team_lanes: u32, walk: Walk) -> Walk {
  var own = Found(identity(), 0u, said_all);  // before the first tile
  if lane < walk.left {
    let at = 2u * (walk.left - lane);
    let low = atomicLoad(&tiles[at]);
    let high = atomicLoad(&tiles[at + 1u]);
    let reach = select(0u, low >> 30u, low >> 30u == high >> 30u);
    own = Found(select(identity(), (low & 0xffffu) | (high << 16u), reach != 0u), select(0u, 1u, reach == said_own), reach);
  }
  let by_team = found_by_team(team_lane, team_lanes, own);
  if team_lane == 0u {
    found[lane / team_lanes] = by_team;
  }
  workgroupBarrier();
  // Each subgroup finds the same.
  let teams = tile_lanes / team_lanes;
  let teams_a_lane = max(1u, teams / team_lanes);
  var some = Found(identity(), 0u, said_own);
  for (var i = 0u; i < teams_a_lane; i++) {
    let team = team_lane * teams_a_lane + i;
    if team < teams {
      some = go_on(some, found[team]);
    }
  }
  let all = found_by_team(team_lane, team_lanes, some);
  if lane == 0u {
    let is_vain = all.passed == 0u && all.reach == 0u;
    walked = Walk(combine(all.value, walk.before), select(walk.left - min(all.passed, walk.left), 0u, all.reach == said_all),
                  select(0u, walk.looks + 1u, is_vain));
  }
  return workgroupUniformLoad(&walked);
}

// The nearest tile has been silent for too long; `silent` is what it has.
fn pass_silent(lane: u32, walk: Walk, silent: u32) -> Walk {
  if lane == 0u {
    stand_in(walk.left - 1u, said_own, silent);
    walked = Walk(combine(silent, walk.before), walk.left - 1u, 0u);
  }
  return workgroupUniformLoad(&walked);
}
