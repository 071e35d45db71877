#include "review/rules/rules.h"

#include <algorithm>

namespace shoal::review {

std::span<const Rule* const> all_rules() {
  static const Rule* const rules[] = {
      &kUnchangedUpload, &kManySmallWrites,   &kWholeUpload,        &kWriteThenCopy,    &kRoundTrip,
      &kMapThenWait,     &kReadbackRingShort, &kReadbackDecides,    &kCopyNeverRead,    &kManySubmits,
      &kRedundantState,  &kObjectsMadeAgain,  &kDuplicatePipelines, &kPipelineInFrame,  &kTinyDraws,
      &kZeroCountDraw,   &kOffScreen,         &kAdjacentPasses,     &kStoreNeverRead,   &kLoadThenOverwrite,
      &kNeedlessDepth,   &kNeedlessSamples,   &kWideIndices,        &kUnusedAttributes, &kNeverUsed,
      &kOversized,       &kNeverUnmapped,     &kCreateDestroyChurn, &kLeftToCollector,  &kMemoryGrowing,
      &kCrossingPerCall,
  };
  return rules;
}

const Rule* find_rule(std::string_view name) {
  const auto rules = all_rules();
  const auto found = std::ranges::find(rules, name, &Rule::name);
  return found == rules.end() ? nullptr : *found;
}

}  // namespace shoal::review
