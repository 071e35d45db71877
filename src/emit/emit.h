// `shoal emit`: a pipeline of primitives as code that stands alone.
#pragma once

#include "emit/writers.h"

namespace shoal::emit {

enum class Language : u8 { kWgsl, kCpp, kTypeScript };

struct EmitRequest {
  PipelineOptions pipeline;
  TargetOptions target;
  Language language = Language::kCpp;
  bool with_main = false;
  std::string command;
  std::vector<std::string> measured;
};

// Records the pipeline's host code and writes it down. No GPU is needed. Errors: those of the pipeline's text and
// of its primitives.
Result<std::vector<EmittedFile>> emit_pipeline(const EmitRequest& request);

}  // namespace shoal::emit
