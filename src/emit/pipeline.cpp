#include "emit/pipeline.h"

#include <algorithm>

#include "base/text.h"
#include "emit/resolver.h"
#include "emit/stages.h"

namespace shoal::emit {
namespace {

void put_view(std::vector<u32>& words, const gpu::View& view) {
  words.push_back(view.buffer);
  for (const u64 bytes : {view.offset_bytes, view.size_bytes}) {
    words.push_back(low_word(bytes));
    words.push_back(high_word(bytes));
  }
}

}  // namespace

Result<Pipeline> make_pipeline(const PipelineOptions& options) {
  constexpr u32 kMostElements = 1u << 29;
  if (options.capacity == 0 || options.capacity > kMostElements) {
    return fail(ErrorCode::kInvalidArgument, "The capacity is {} elements. Choose 1 to {}.",
                group_thousands(options.capacity), group_thousands(kMostElements));
  }
  if (!options.name.empty() && !is_name(options.name)) {
    return fail(ErrorCode::kInvalidArgument,
                "{} cannot name the pipeline. Choose lower-case letters, digits and _, and no word of C++ or "
                "TypeScript.",
                quote(options.name));
  }
  SHOAL_TRY_SET(const std::vector<Stage> stages, parse_stages(options.text));
  Pipeline pipeline;
  pipeline.title = options.text;
  // Arrays are whole vectors of four words, also where a word holds four elements.
  pipeline.capacity = align_up(options.capacity, 16u);
  for (const Stage& stage : stages) {
    pipeline.name += fmt::format("{}{}", pipeline.name.empty() ? "" : "_", stage.primitive->name);
  }
  if (!options.name.empty()) pipeline.name = options.name;
  Resolver resolver(pipeline, options.type);
  for (const Stage& stage : stages) {
    if (auto done = resolver.add(stage); !done) {
      return std::unexpected(
          while_doing(std::move(done).error(), fmt::format("reading {}", stage.primitive->name)));
    }
  }
  return pipeline;
}

std::vector<u32> words_of(const Pipeline& pipeline, const Call& call) {
  std::vector<u32> words;
  for (const Piece& piece : call.pieces) {
    using enum Piece::Kind;
    if (piece.kind == kWords) words.insert(words.end(), piece.words.begin(), piece.words.end());
    if (piece.kind == kCount || piece.kind == kHostCount) words.push_back(1);
    if (piece.kind == kHostCount) put_view(words, pipeline.counts[piece.index].view);
    if (piece.kind == kView || piece.kind == kCount) {
      gpu::View view = pipeline.arrays[piece.index].view;
      if (piece.kind == kCount) view.size_bytes = 4;
      put_view(words, view);
    }
  }
  return words;
}

}  // namespace shoal::emit
