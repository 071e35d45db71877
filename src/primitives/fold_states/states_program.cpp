#include "primitives/fold_states/states_program.h"

#include <algorithm>

namespace shoal::primitives {
namespace {

constexpr u32 kMostWords = 16;

bool has_words(const FoldStatesOptions& options) {
  return options.state_words >= 1 && options.state_words <= kMostWords;
}

}  // namespace

StatesProgram states_program(const FoldStatesOptions& options, std::span<const std::string_view> arrays) {
  const MonoidProgram& given = options.program;
  StatesProgram program{.text = std::string(given.text),
                        .bindings = {given.bindings.begin(), given.bindings.end()}};
  // A State of more words than was said does not compile.
  for (const std::string_view name : arrays) {
    const u32 binding = static_cast<u32>(program.bindings.size());
    program.text +=
        fmt::format("\n@group(1) @binding({}) var<storage, read_write> {}: array<State>;", binding, name);
    program.bindings.push_back({.group = 1,
                                .binding = binding,
                                .kind = wgsl::BindingKind::kStorageReadWrite,
                                .name = name,
                                .min_size_bytes = u64{options.state_words} * 4});
  }
  // Kernels of one text are one kernel.
  program.text += fmt::format("\nconst state_words = {}u;\n", options.state_words);
  return program;
}

Result<void> require_states_text(const FoldStatesOptions& options, std::string_view primitive) {
  if (!options.program.text.empty()) return {};
  return fail(ErrorCode::kInvalidArgument,
              "`program` of {} is empty. Give WGSL with State, identity, lift and combine.", primitive);
}

void require_states(Arguments& arguments, const FoldStatesOptions& options,
                    std::span<const gpu::View> program_views) {
  arguments.require(has_words(options), "`state_words` is not from 1 to 16. Give the words of a State in an array.")
      .require(program_views.size() == options.program.bindings.size(),
               "`program_views` has not a view for each binding of the program. Give one each.");
  for (const gpu::View& view : program_views) arguments.read_bytes("program_views", view, 4);
}

u32 state_words_of(const FoldStatesOptions& options) { return has_words(options) ? options.state_words : 1; }

u64 state_partials_bytes(const FoldStatesOptions& options, u32 most_rows) {
  const u64 strips = divide_round_up(u64{most_rows}, u64{kRowsPerStateStrip});
  return align_up(std::max<u64>(strips, 1) * options.state_words * 4, u64{16});
}

}  // namespace shoal::primitives
