#include "primitives/sanitizer/sanitizer.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "primitives/launch.h"
#include "primitives/sanitizer/poison.kernel.h"
#include "primitives/sanitizer/poison_layout.gen.h"
#include "primitives/sanitizer/sanitizer.kernel.h"
#include "primitives/sanitizer/sanitizer_layout.gen.h"

namespace shoal::primitives {
namespace {

constexpr u64 kGuardBytes = 256;         // before and behind, at least; a multiple of what a binding may begin at
constexpr u32 kPoison = 0xa5a5a5a5u;     // no small number, no place in any array, no float of a usual size
constexpr u32 kElementsPerGroup = 4096;  // sanitizer.wgsl's and poison.wgsl's

enum KernelName : size_t { kLend, kTakeBack, kPoisonWords };

Result<Kernels> kernels_for(gpu::Device& device) {
  const KernelChoice choices[] = {{.kernel = &sanitizer_kernel(), .entry_point = "lend"},
                                  {.kernel = &sanitizer_kernel(), .entry_point = "take_back"},
                                  {.kernel = &poison_kernel()}};
  return request_kernels(device, choices);
}

u64 end_of(const gpu::View& view) { return view.offset_bytes + view.size_bytes; }

bool contains(const gpu::View& outer, const gpu::View& inner) {
  return outer.buffer == inner.buffer && outer.offset_bytes <= inner.offset_bytes && end_of(inner) <= end_of(outer);
}

u64 lent_bytes(const gpu::View& array) { return 2 * kGuardBytes + align_up(array.size_bytes, kGuardBytes); }

// Where views of one buffer overlap they are lent as one.
std::vector<gpu::MemoryWatch::Use> joined(std::span<const gpu::MemoryWatch::Use> uses) {
  std::vector<gpu::MemoryWatch::Use> sorted(uses.begin(), uses.end());
  std::ranges::sort(sorted, {}, [](const gpu::MemoryWatch::Use& use) {
    return std::pair(use.view.buffer, use.view.offset_bytes);
  });
  std::vector<gpu::MemoryWatch::Use> areas;
  for (const gpu::MemoryWatch::Use& use : sorted) {
    const bool meets = !areas.empty() && areas.back().view.buffer == use.view.buffer &&
                       use.view.offset_bytes < end_of(areas.back().view);
    if (!meets) {
      areas.push_back(use);
      continue;
    }
    gpu::MemoryWatch::Use& area = areas.back();
    area.view.size_bytes = std::max(end_of(area.view), end_of(use.view)) - area.view.offset_bytes;
  }
  return areas;
}

}  // namespace

Result<bool> Sanitizer::prepare(gpu::Device& device) {
  SHOAL_TRY_SET(const Kernels kernels, kernels_for(device));
  return are_ready(kernels);
}

Sanitizer::Sanitizer(gpu::Device& device, u64 most_bytes)
    : device_(device), most_bytes_(most_bytes), kernels_(kernels_for(device).value()) {
  using enum gpu::BufferUsage;
  report_ =
      device_.recorder.create_buffer("sanitizer report", sizeof(SanitizerReport), kStorage | kCopySrc | kCopyDst);
  device_.watch = this;
}

Sanitizer::~Sanitizer() {
  device_.watch = nullptr;
  const auto destroy = [this](u32 buffer) {
    device_.bind_groups.forget(device_.recorder, buffer);
    device_.recorder.say(gpu::DestroyBuffer{.buffer = buffer});
  };
  destroy(report_);
  for (const auto& lender : lenders_) destroy(lender->all().buffer);
}

gpu::Ticket Sanitizer::read(gpu::Frame& frame) {
  const gpu::View report{report_, 0, sizeof(SanitizerReport)};
  const gpu::Ticket ticket = frame.read(report);
  frame.clear(report);
  return ticket;
}

Result<void> Sanitizer::judge(std::span<const std::byte> bytes) const {
  SanitizerReport report;
  if (bytes.size() != sizeof report) {
    return fail(ErrorCode::kInvalidArgument,
                "A sanitizer's report has {} bytes, not {}. Give it what `read` brought.", sizeof report,
                bytes.size());
  }
  std::memcpy(&report, bytes.data(), sizeof report);
  if (report.changes == 0) return {};
  const u32 end = report.first + report.array_words;
  const bool is_behind = report.word >= end;
  return fail(
      ErrorCode::kInternal,
      "{} was written outside of its {} words: word {} {} holds {:#010x}. {} words around arrays were changed. "
      "A kernel, or WGSL that it was given, computes a wrong place or does not compare it with the count.",
      report.name < names_.size() ? names_[report.name] : "An array", group_thousands(report.array_words),
      group_thousands(is_behind ? report.word - end : report.first - 1 - report.word),
      is_behind ? "behind its end" : "before its begin", report.value, group_thousands(report.changes));
}

void Sanitizer::name(std::string_view work, std::string_view argument, const gpu::View& view) {
  arguments_.insert_or_assign(std::pair(std::string(work), std::string(argument)), view);
}

// By the argument's name where the work named it, else as the kernel calls it: what the device's scratch lends, and
// all that is bound by works which name no arguments.
u32 Sanitizer::name_of(std::string_view work, const Use& use) {
  std::string found, elsewhere;
  for (const auto& [key, view] : arguments_) {
    if (!contains(view, use.view)) continue;
    const auto& [named_by, argument] = key;
    if (named_by != work) {
      elsewhere = fmt::format(", in `{}` of {},", argument, named_by);
      continue;
    }
    found = fmt::format("`{}` of {}", argument, work);
    if (view != use.view) {
      found +=
          fmt::format(", in its part from byte {} on,", group_thousands(use.view.offset_bytes - view.offset_bytes));
    }
    break;
  }
  if (found.empty()) found = fmt::format("`{}` of {}{}", use.binding, work, elsewhere);
  const auto known = std::ranges::find(names_, found);
  if (known != names_.end()) return static_cast<u32>(known - names_.begin());
  names_.push_back(std::move(found));
  return static_cast<u32>(names_.size() - 1);
}

void Sanitizer::poison(gpu::Frame& frame, const gpu::View& view) {
  constexpr u64 kMostBytes = u64{64} << 20;  // every device binds as much
  for (u64 at = 0; at < view.size_bytes; at += kMostBytes) {
    const gpu::View part{view.buffer, view.offset_bytes + at, std::min(kMostBytes, view.size_bytes - at) / 4 * 4};
    Step step{.kernel = kernels_[kPoisonWords], .views = {part}, .elements_per_group = kElementsPerGroup};
    run_alone(frame, static_cast<u32>(part.size_bytes / 4), step.with(PoisonParams{.poison = kPoison}));
  }
}

void Sanitizer::lend(gpu::Frame& frame, std::string_view work, std::span<Use> uses) {
  u32 buffer = 0;
  u64 lent_in_buffer = 0;
  std::vector<u64> needed_bytes;
  loans_.clear();
  std::vector<size_t> lender_of;
  for (const Use& area : joined(uses)) {
    const u64 bytes = lent_bytes(area.view);
    const u64 most_bytes = device_.capabilities.limits.max_storage_binding_size_bytes;
    if (area.view.size_bytes > most_bytes_ || bytes > most_bytes) continue;
    // A buffer for each buffer: what no dispatch may both read and write stays apart.
    if (area.view.buffer != buffer) {
      buffer = area.view.buffer;
      lent_in_buffer = 0;
      needed_bytes.push_back(0);
    }
    loans_.push_back({.array = area.view, .name = name_of(work, area), .lent_offset_bytes = lent_in_buffer});
    lender_of.push_back(needed_bytes.size() - 1);
    needed_bytes.back() = lent_in_buffer += bytes;
  }
  for (size_t i = 0; i < needed_bytes.size(); ++i) {
    if (lenders_.size() == i) {
      lenders_.push_back(std::make_unique<gpu::GrowingBuffer>("sanitizer", gpu::BufferUsage::kStorage));
    }
    lenders_[i]->reserve(device_, needed_bytes[i]);
  }
  for (size_t i = 0; i < loans_.size(); ++i) {
    loans_[i].lender = lenders_[lender_of[i]].get();
    run(frame, loans_[i], kernels_[kLend]);
  }
  for (Use& use : uses) {
    const auto loan = std::ranges::find_if(loans_, [&](const Loan& one) { return contains(one.array, use.view); });
    if (loan == loans_.end()) continue;
    const u64 offset_bytes =
        loan->lent_offset_bytes + kGuardBytes + use.view.offset_bytes - loan->array.offset_bytes;
    // With guard words behind it, since what is written outside of a binding can be lost without a trace.
    use.view = {loan->lender->all().buffer, offset_bytes, align_up(use.view.size_bytes, u64{4}) + kGuardBytes};
  }
}

void Sanitizer::take_back(gpu::Frame& frame) {
  for (const Loan& loan : loans_) run(frame, loan, kernels_[kTakeBack]);
  loans_.clear();
}

void Sanitizer::run(gpu::Frame& frame, const Loan& loan, const gpu::Kernel* kernel) {
  const gpu::View lent{loan.lender->all().buffer, loan.lent_offset_bytes, lent_bytes(loan.array)};
  Step step{.kernel = kernel,
            .views = {loan.array, lent, {report_, 0, sizeof(SanitizerReport)}},
            .elements_per_group = kElementsPerGroup};
  step.with(SanitizerParams{.first = static_cast<u32>(kGuardBytes / 4),
                            .array_words = static_cast<u32>(loan.array.size_bytes / 4),
                            .name = loan.name});
  run_alone(frame, static_cast<u32>(lent.size_bytes / 4), step);
}

// Nobody watches the watch.
void Sanitizer::run_alone(gpu::Frame& frame, u32 words, const Step& step) {
  device_.watch = nullptr;
  run_steps(frame, "sanitizer", 0, words, words, std::span(&step, 1));
  device_.watch = this;
}

}  // namespace shoal::primitives
