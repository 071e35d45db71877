// WESL's conditional translation: @if, @elif and @else before declarations, members, parameters, statements,
// clauses and imports. It comes first of all: what follows sees plain WGSL and imports.
#pragma once

#include <set>
#include <string>

#include "wgsl/lexer.h"
#include "wgsl/text_edit.h"

namespace shoal::wgsl {

using FeatureNames = std::set<std::string, std::less<>>;

struct ConditionalSource {
  std::vector<Token> tokens;      // those that stay
  std::vector<Removal> removals;  // what goes, in the order of the text
  FeatureNames mentioned;         // every name a condition asks for, in removed branches too
};

// A condition is true, false, a name, !, &&, || and parentheses; && and || mix only with parentheses, as in WGSL.
Result<ConditionalSource> resolve_conditions(const Source& source, const LexedSource& lexed,
                                             const FeatureNames& enabled);

}  // namespace shoal::wgsl
