// Any bytes as a trace: what reads as one is reviewed, printed in each format, and every fix applied.
#include <cstring>
#include <vector>

#include "gpu/trace.h"
#include "review/review_report.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shoal;
  // The start is given, so that inputs are spent on what follows it.
  std::vector<u32> file(3 + size / 4);
  std::memcpy(file.data(), gpu::kTraceMagic.data(), gpu::kTraceMagic.size());
  file[2] = gpu::kTraceVersion;
  if (size >= 4) std::memcpy(file.data() + 3, data, size / 4 * 4);
  const auto trace = gpu::read_trace(std::as_bytes(std::span(file)));
  if (!trace) return 0;
  const review::TraceModel model(*trace);
  const review::Review found = review::review(model);
  for (const auto format : {review::ReportFormat::kText, review::ReportFormat::kJson, review::ReportFormat::kSarif,
                            review::ReportFormat::kHtml}) {
    static_cast<void>(review::format_review(found, model, "a.trace", format));
  }
  for (const review::ReviewedFinding& finding : found.findings) {
    const review::EditedTrace edited = review::apply(model, finding.finding.fix);
    const review::TraceModel after(edited.trace);
    static_cast<void>(review::review(after));
  }
  return 0;
}
