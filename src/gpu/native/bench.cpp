#include "gpu/native/bench.h"

#include <chrono>
#include <utility>
#include <vector>

#include "gpu/native/pass_timer.h"

namespace shoal::gpu {
namespace {

// An idle GPU has slowed its clocks: an H100 was 2.5 times too slow for its first dozen turns.
constexpr std::chrono::milliseconds kWarmUp{300};

}  // namespace

std::vector<MedianInterval> form_ratios(std::span<const std::vector<double>> turns_ms) {
  std::vector<MedianInterval> ratios;
  for (size_t form = 0; !turns_ms.empty() && form < turns_ms[0].size(); ++form) {
    std::vector<double> of_form;
    for (const std::vector<double>& turn : turns_ms) of_form.push_back(turn[0] / turn[form]);
    ratios.push_back(median_interval(std::move(of_form)));
  }
  return ratios;
}

Result<void> for_each_form(const BenchRequest& request, const std::function<Result<void>()>& with_form) {
  if (request.forms.empty()) return with_form();
  for (const std::function<void()>& make_current : request.forms) {
    make_current();
    SHOAL_TRY(with_form());
  }
  return {};
}

Result<std::vector<std::byte>> read_views(NativeGpu& gpu, std::span<const View> views) {
  Frame frame(gpu.device(), "answers");
  std::vector<Ticket> tickets;
  for (const View& view : views) tickets.push_back(frame.read(view));
  frame.submit();
  std::vector<std::byte> bytes;
  for (const Ticket ticket : tickets) {
    SHOAL_TRY_SET(const auto read, gpu.wait_for(ticket));
    bytes.insert(bytes.end(), read.begin(), read.end());
  }
  return bytes;
}

Result<BenchResult> run_in_turns(const BenchRequest& request, BenchResult described, u64 units,
                                 const std::function<Result<double>()>& kernel_ms,
                                 const std::function<Result<double>()>& roof_rate,
                                 const std::function<Result<std::vector<std::byte>>()>& answer) {
  std::vector<std::byte> first_answer;
  if (!request.forms.empty()) {
    SHOAL_TRY(for_each_form(request, [&]() -> Result<void> {
      SHOAL_TRY_SET(std::vector<std::byte> given, answer());
      if (described.are_forms_right.empty()) first_answer = given;
      described.are_forms_right.push_back(given == first_answer);
      return {};
    }));
  }
  std::vector<double> times, shares;
  std::vector<std::vector<double>> turns;
  const auto begin = std::chrono::steady_clock::now();
  bool is_warm = !request.warms_up;
  while (times.size() < static_cast<size_t>(request.repetitions)) {
    // Forms are held against each other.
    double before = 0;
    if (request.forms.empty()) {
      SHOAL_TRY_SET(before, roof_rate());
    }
    std::vector<double> turn;
    SHOAL_TRY(for_each_form(request, [&]() -> Result<void> {
      SHOAL_TRY_SET(const double ms, kernel_ms());
      turn.push_back(ms);
      return {};
    }));
    if (!std::exchange(is_warm, std::chrono::steady_clock::now() - begin > kWarmUp)) continue;
    times.push_back(turn[0]);
    if (before != 0) shares.push_back(static_cast<double>(units) / turn[0] * 1e3 / before);
    turns.push_back(std::move(turn));
  }
  described.ms = median(times);
  if (!shares.empty()) described.share = median(shares);
  if (!request.forms.empty()) described.form_ratios = form_ratios(turns);
  return described;
}

}  // namespace shoal::gpu
