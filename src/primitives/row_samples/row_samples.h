// Samples of rows: exactly so many of all, or each with the same chance; rows in their order, the same for a seed.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"

namespace shoal::primitives {

struct SampleRows {
  u64 seed = 0, stream = 0;
  gpu::Count count = {};        // of all rows
  u32 k = 1000;                 // of them, at least 1; all rows where there are fewer
  gpu::View words = {};         // u32, count of them: their random words, while it runs
  gpu::View rows = {};          // u32, k of them
  gpu::View result_count = {};  // one u32: min(k, count)
  gpu::View scratch = {};
};

Result<bool> prepare_sample_rows(gpu::Device& device);

u64 sample_rows_scratch_bytes(const gpu::Device& device, u32 most_rows, u32 k);

// Appends the numbers of k rows, each set of as many as likely as any other, in rising order: those whose
// random_numbers of this seed and stream are smallest, of equal ones the first. The same on every adapter. Twelve
// dispatches; 24 bytes a row of all and 8 of each sampled. Errors: kInvalidArgument, kUnsupported as
// Arguments::check says.
Result<void> sample_rows(gpu::Frame& frame, const SampleRows& args);

struct BernoulliRows {
  u64 seed = 0, stream = 0;
  float chance = 0.01f;         // of each row, 0 to 1, in steps of 2^-32
  gpu::Count count = {};        // of all rows
  gpu::View bits = {};          // a bit a row, the lowest of a word first, set where it is drawn
  gpu::View rows = {};          // u32, as many as all rows, since all may be drawn
  gpu::View result_count = {};  // one u32
  gpu::View scratch = {};
};

Result<bool> prepare_bernoulli_rows(gpu::Device& device);

u64 bernoulli_rows_scratch_bytes(const gpu::Device& device, u32 most_rows);

// Appends the numbers of rows that are drawn, each independently of all others, in rising order: those whose
// random_numbers of this seed and stream are below chance times 2^32. The same on every adapter. Four dispatches;
// 0.4 bytes a row of all, and 4 of each drawn. Errors: kInvalidArgument, kUnsupported as Arguments::check says.
Result<void> bernoulli_rows(gpu::Frame& frame, const BernoulliRows& args);

}  // namespace shoal::primitives
