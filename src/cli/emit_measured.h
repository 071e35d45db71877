// What `shoal emit --measure` says of speed.
#pragma once

#include <string>
#include <vector>

#include "emit/pipeline.h"
#include "emit/record_pipeline.h"

namespace shoal::cli {

// A sentence for each benchmark of the pipeline's primitives, run with as many elements as the code is for, with or
// without subgroups as it is. Errors: those of benchmarks.
Result<std::vector<std::string>> measured_sentences(const emit::Pipeline& pipeline,
                                                    const emit::TargetOptions& target, const std::string& adapter);

}  // namespace shoal::cli
