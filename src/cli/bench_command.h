// `shoal bench [NAME] [--rows N]`: kernels against the roofs measured in the same run, or against one another.
#pragma once

#include <string>

#include "base/result.h"
#include "gpu/capabilities.h"

namespace shoal::cli {

struct BenchArguments {
  std::string name;  // only benchmarks whose name has this in it; empty: all
  u64 rows = u64{1} << 24;
  std::string adapter;  // as gpu::open_device takes it
  gpu::Tier tier = gpu::Tier::kFull;
  bool json = false;
  std::string traces;  // a folder: instead of measuring, each benchmark leaves NAME.trace there; empty: none
  bool tunes = false;  // instead, what can be tuned by that name is, and the best row printed
};

// What goes to stdout: a table, or [{name, n, ms, bytes, roof, share}]; with `traces` how many there are, or
// {traces: [..]}; tuning each row that was tried, or {adapter, current, row, ratio, tried: [{row, ratio,
// is_right}]}. Errors: kNotFound when no benchmark has that name (lists those there are), kInvalidArgument for rows
// that do not fit a binding, and what the device reports.
Result<std::string> run_bench_command(const BenchArguments& arguments);

}  // namespace shoal::cli
