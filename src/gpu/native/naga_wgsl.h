// WGSL as browsers take it, said to naga, which has subgroup operations wherever a device has them and refuses the
// directive that the language asks for (gfx-rs/wgpu issue 5555).
#pragma once

#include <string>
#include <string_view>

namespace shoal::gpu {

// The same text with `subgroups` taken out of its `enable` directives: blanks stand in its place, so that what a
// compiler says about lines and columns stays right. Text that is no WGSL comes back as it is.
std::string without_enabled_subgroups(std::string_view code);

}  // namespace shoal::gpu
