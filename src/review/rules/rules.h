// Every rule, by the name of its file.
#pragma once

#include "review/rules/rule.h"

namespace shoal::review {

extern const Rule kUnchangedUpload, kManySmallWrites, kWholeUpload, kWriteThenCopy, kRoundTrip, kMapThenWait,
    kReadbackRingShort, kReadbackDecides, kCopyNeverRead, kManySubmits, kRedundantState, kObjectsMadeAgain,
    kDuplicatePipelines, kPipelineInFrame, kTinyDraws, kZeroCountDraw, kOffScreen, kAdjacentPasses, kStoreNeverRead,
    kLoadThenOverwrite, kNeedlessDepth, kNeedlessSamples, kWideIndices, kUnusedAttributes, kNeverUsed, kOversized,
    kNeverUnmapped, kCreateDestroyChurn, kLeftToCollector, kMemoryGrowing, kCrossingPerCall;

}  // namespace shoal::review
