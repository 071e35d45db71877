// Prefix sums, minima, maxima, or those of any associative operation.
#pragma once

#include "gpu/count.h"
#include "gpu/device.h"
#include "primitives/element_type.h"

namespace shoal::primitives {

struct ScanOptions {
  ElementType type = ElementType::kU32;
  Operator op = Operator::kSum;
  // Instead of `op`, where its text is not empty.
  MonoidProgram monoid = {};
};

struct Scan {
  ScanOptions options = {};
  gpu::View values = {};  // count elements
  gpu::Count count = {};
  gpu::View result = {};  // count elements; what lies behind them stays as it is
  gpu::View total = {};   // one element, the combination of all; may be left out
  bool is_inclusive = false;
  std::span<const gpu::View> program_views = {};  // what the monoid's text binds, by binding number
  gpu::View scratch = {};                         // scan_scratch_bytes; the device's pool where left out
};

// Asks for the kernels; true once they can be used. Errors: kDevice when one does not compile.
Result<bool> prepare_scan(gpu::Device& device, const ScanOptions& options);

u64 scan_scratch_bytes(const gpu::Device& device, const ScanOptions& options, u32 most_elements);

// Appends result[i] = values[0] o ... o values[i - 1], up to values[i] where inclusive; the first of an exclusive
// scan is the identity. Integers are exact, modulo their width. Floating sums are the same on every run of one
// device. GPUs read words once, but for floating sums and other monoids, whose order counts: two dispatches, 8
// bytes an element; else three dispatches, 12 bytes an element of one word. No workgroup depends on another's
// progress. Errors: kInvalidArgument for arguments that cannot be, kUnsupported for more than one binding holds.
Result<void> scan(gpu::Frame& frame, const Scan& args);

}  // namespace shoal::primitives
