// From tokens to global declarations. Function bodies and expressions stay ranges of tokens whose brackets match.
#pragma once

#include "wgsl/module.h"

namespace shoal::wgsl {

// Lexes, resolves conditions for the `enabled` features and parses. `source` must outlive the module.
Result<Module> parse_module(const Source& source, const FeatureNames& enabled);

}  // namespace shoal::wgsl
