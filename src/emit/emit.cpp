#include "emit/emit.h"

#include "emit/kernel_text.h"

namespace shoal::emit {

Result<std::vector<EmittedFile>> emit_pipeline(const EmitRequest& request) {
  Emitted emitted;
  emitted.target = request.target;
  emitted.command = request.command;
  emitted.measured = request.measured;
  SHOAL_TRY_SET(emitted.pipeline, make_pipeline(request.pipeline));
  SHOAL_TRY_SET(const std::vector<u32> words, record_pipeline(emitted.pipeline, capabilities_for(request.target)));
  SHOAL_TRY_SET(emitted.program, make_program(emitted.pipeline, words));
  for (const Shader& shader : emitted.program.shaders) {
    SHOAL_TRY_SET(const bool uses, uses_subgroups(shader.code));
    emitted.uses_subgroups = emitted.uses_subgroups || uses;
  }
  if (request.language == Language::kWgsl) return write_wgsl(emitted);
  SHOAL_TRY_SET(EmittedFile file, request.language == Language::kCpp
                                      ? write_cpp(emitted, request.with_main)
                                      : write_typescript(emitted, request.with_main));
  return std::vector<EmittedFile>{std::move(file)};
}

}  // namespace shoal::emit
