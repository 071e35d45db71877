// What things cost on the adapter that a trace was recorded on, beyond the call that the recorder timed.
#pragma once

#include <string_view>

#include "review/analysis/trace_model.h"

namespace shoal::review {

struct Costs {
  std::string_view adapter_class;
  double upload_ns_per_byte = 0;      // from staging memory to where it is used
  double copy_ns_per_byte = 0;        // a byte copied: read once and written once
  double submit_us = 0;               // a submission more: what its call does not show
  double pass_us = 0;                 // a pass more
  double attachment_ns_per_byte = 0;  // storing or loading one between passes
  double draw_us = 0;                 // a draw of a few vertices more
  bool is_tiled = false;              // attachments that are discarded never leave the chip

  double upload_ns(u64 size_bytes) const { return upload_ns_per_byte * static_cast<double>(size_bytes); }
  double copy_ns(u64 size_bytes) const { return copy_ns_per_byte * static_cast<double>(size_bytes); }
};

// By the adapter's type as its note names it.
Costs costs_of(const TraceModel& model);

}  // namespace shoal::review
