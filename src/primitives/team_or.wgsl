// All bits that any lane of a team has. Once in a kernel.
import package::primitives::team::Team;

@if(subgroups)
fn team_or(team: Team, own: u32) -> u32 {
  return subgroupOr(own);
}

@if(!subgroups)
var<workgroup> team_bits: atomic<u32>;

@if(!subgroups)
fn team_or(team: Team, own: u32) -> u32 {
  if team.lane == 0u {
    atomicStore(&team_bits, 0u);
  }
  workgroupBarrier();
  atomicOr(&team_bits, own);
  workgroupBarrier();
  return atomicLoad(&team_bits);
}
