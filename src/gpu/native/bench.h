// What a benchmark of a kernel is: a name and a function that measures it beside the roof that bounds it.
// A layer lists its benchmarks (primitives/benches.h); `shoal bench` runs them.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/median_interval.h"
#include "gpu/native/native_gpu.h"
#include "gpu/native/roofs.h"

namespace shoal::gpu {

struct BenchRequest {
  u64 rows = u64{1} << 24;
  int repetitions = 15;
  bool warms_up = true;  // for 0.3 s, before what counts
  // Forms of the kernel that are to be compared, by what makes each the current one: in turns with
  // one another, without the roof. Empty: as it is.
  std::span<const std::function<void()>> forms = {};
};

struct BenchResult {
  std::string name;
  u64 n = 0;                                     // elements
  double ms = 0;                                 // median
  u64 bytes = 0;                                 // that must move
  std::string roof;                              // "read", "copy" or "atomic"
  double share = 0;                              // of the roof, both medians of repetitions that took turns
  std::vector<MedianInterval> form_ratios = {};  // how many times as fast as the first each form is, turn by turn
  std::vector<bool> are_forms_right = {};        // whether each form gave what the first gave
};

struct Bench {
  std::string_view name;
  Result<BenchResult> (*run)(NativeGpu& gpu, RoofMeter& roofs, const BenchRequest& request) = nullptr;
};

// How many times as fast as the first each form is: `turns_ms` holds the times of all forms, turn by turn.
std::vector<MedianInterval> form_ratios(std::span<const std::vector<double>> turns_ms);

// Makes each form of the request current in turn, or none where there are none.
Result<void> for_each_form(const BenchRequest& request, const std::function<Result<void>()>& with_form);

// Bytes of views, after a frame of its own.
Result<std::vector<std::byte>> read_views(NativeGpu& gpu, std::span<const View> views);

// Runs kernel and roof in turns, each form of the kernel in each. `kernel_ms` is one repetition; `roof_rate` is one
// of the roof's, in `units` (bytes or adds) a second. The turns that warm up do not count. `answer` runs the
// current form by itself and gives what it gave; it is not asked where there are no forms.
Result<BenchResult> run_in_turns(const BenchRequest& request, BenchResult described, u64 units,
                                 const std::function<Result<double>()>& kernel_ms,
                                 const std::function<Result<double>()>& roof_rate,
                                 const std::function<Result<std::vector<std::byte>>()>& answer);

}  // namespace shoal::gpu
