// Every rule, by the name of its file.
#pragma once

#include "review/rules/rule.h"

namespace shoal::review {

extern const Rule kUnchangedUpload, kManySmallWrites, kWholeUpload, kRedundantState, kManySubmits,
    kObjectsMadeAgain, kDuplicatePipelines, kMapThenWait, kCopyNeverRead, kNeverUsed, kCreateDestroyChurn,
    kMemoryGrowing, kStoreNeverRead, kAdjacentPasses, kZeroCountDraw, kWideIndices;

}  // namespace shoal::review
