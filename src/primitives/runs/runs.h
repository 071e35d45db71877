// Runs of equal neighbours: one of each (unique), one of each with its length, and all of them back.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/element_type.h"

namespace shoal::primitives {

struct RunOptions {
  ElementType type = ElementType::kU32;  // compared bit by bit
};

struct Unique {
  RunOptions options = {};
  gpu::View values = {};  // count elements
  gpu::Count count = {};
  gpu::View result = {};        // the first element of each run; as many as there are elements fit in any case
  gpu::View result_count = {};  // one u32
  gpu::View scratch = {};
};

Result<bool> prepare_unique(gpu::Device& device, const RunOptions& options);
u64 unique_scratch_bytes(const gpu::Device& device, u32 most_elements);

// Appends the first element of each run, in order. Three dispatches; reads elements twice, and writes one a run.
// Errors: kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> unique(gpu::Frame& frame, const Unique& args);

struct RunLengthEncode {
  RunOptions options = {};
  gpu::View values = {};  // count elements
  gpu::Count count = {};
  gpu::View run_values = {};  // an element a run, as unique's result
  gpu::View lengths = {};     // u32, as many
  gpu::View run_count = {};   // one u32
  gpu::View scratch = {};
};

Result<bool> prepare_run_length_encode(gpu::Device& device, const RunOptions& options);
u64 run_length_encode_scratch_bytes(const gpu::Device& device, u32 most_elements);

// Appends the runs and their lengths. Four dispatches; reads elements twice, and moves 16 bytes a run of words.
Result<void> run_length_encode(gpu::Frame& frame, const RunLengthEncode& args);

struct RunLengthDecode {
  RunOptions options = {};
  gpu::View run_values = {};  // an element a run
  gpu::View lengths = {};     // u32, which add up to less than 2^32 - 2^20; a run may be of none
  gpu::Count run_count = {};
  gpu::View result = {};        // what does not fit is left out
  gpu::View result_count = {};  // one u32: how many elements the runs make, also where they do not fit
  gpu::View scratch = {};
};

Result<bool> prepare_run_length_decode(gpu::Device& device, const RunOptions& options);
u64 run_length_decode_scratch_bytes(const gpu::Device& device, u32 most_runs);

// Appends each run's value as often as its length says. Six dispatches; 12 bytes a run, and what elements take,
// once. A workgroup writes 1,024 elements however long runs are; runs of none among them are its work too.
Result<void> run_length_decode(gpu::Frame& frame, const RunLengthDecode& args);

}  // namespace shoal::primitives
