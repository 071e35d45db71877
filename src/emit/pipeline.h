// A pipeline with everything named: which arrays there are, whose they are, and each call as words for record_call.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "emit/array_shapes.h"
#include "emit/primitive_table.h"
#include "gpu/recorder.h"

namespace shoal::emit {

struct PipelineOptions {
  std::string text;         // "compact keep=flags | sort"
  std::string type = {};    // of the first stage that says none; empty: the primitive's own
  std::string name;         // of the emitted type; empty: the primitives' names
  u32 capacity = 1u << 20;  // elements
};

enum class Role : u8 { kInput, kResult, kBetween };  // both the caller's; and the pipeline's own

struct Array {
  std::string name;
  Role role = Role::kInput;
  std::string type = {};   // of an element: "u32", "u64", "u8", ...
  std::string shape = {};  // how many, in words
  std::string doc = {};
  u64 elements = 0;  // where a count says, of the capacity
  u64 size_bytes = 0;
  Fill fill = Fill::kRandom;
  u32 fill_below = 0;         // kBelow
  float low = 0, high = 1;    // kEdges
  bool is_per_count = false;  // its length follows a count
  size_t count = 0;           // that one, of Pipeline::counts
  gpu::View view = {};        // filled when it is recorded
};

// A number of the host's, that may differ from call to call.
struct HostCount {
  std::string name;
  gpu::View view = {};  // the word that stands for it while it is recorded
};

// A call's words in pieces: what is known, and where a view comes once its array has one.
struct Piece {
  enum class Kind : u8 { kWords, kView, kCount, kHostCount } kind = Kind::kWords;
  std::vector<u32> words = {};
  size_t index = 0;  // of Pipeline::arrays, or ::counts
};

struct Call {
  const Primitive* primitive = nullptr;
  std::vector<Piece> pieces = {};
};

struct Pipeline {
  std::string name;   // "sort_unique"
  std::string title;  // as it was written
  u32 capacity = 0;
  std::vector<Array> arrays;
  std::vector<HostCount> counts;
  std::vector<Call> calls;
};

// Errors: kInvalidArgument, kNotFound, kIo, which name the stage and the setting.
Result<Pipeline> make_pipeline(const PipelineOptions& options);

// The words of a call, once the arrays have their views.
std::vector<u32> words_of(const Pipeline& pipeline, const Call& call);

}  // namespace shoal::emit
