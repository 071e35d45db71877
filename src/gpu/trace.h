// A trace: what was said to a GPU and what it answered, with every byte that went to it. docs/trace.md has the
// format.
//
// Traces come from crashed programs and from strangers, so reading never trusts one: what is whole is given, where
// and why it ends is said, and no more memory is used than a few times the file's size.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/int.h"
#include "base/result.h"

namespace shoal::gpu {

constexpr std::string_view kTraceMagic = "SHOALTRC";
constexpr u32 kTraceVersion = 0;  // readable by this version of shoal only, until traces are a feature

// A record is its kind (u32), its payload's size in bytes (u64), the payload, and zeros up to a multiple of 4.
enum class TraceKind : u32 {
  kAdapter = 1,  // its name, UTF-8
  kBlob = 2,     // XXH3-64 (u64), then the bytes; the first blob of a file is blob 1
  kStream = 3,   // nanoseconds since the trace began (u64), then a command stream's words
  kEvents = 4,   // the same of a batch of events
  kEnd = 5,      // the number of records before it (u64); a trace without it was not finished
};
constexpr u64 kTraceRecordHeadBytes = 12;

struct TraceBlob {
  u64 hash = 0;
  std::span<const std::byte> bytes;
};

// Records in the order in which they happened.
struct TraceRecord {
  TraceKind kind = TraceKind::kStream;
  u64 host_time_ns = 0;        // of a stream or a batch of events
  std::span<const u32> words;  // theirs
  u32 blob = 0;                // the number of a blob
};

// Points into the bytes that it was read from.
struct Trace {
  std::string_view adapter;
  std::vector<TraceBlob> blobs;  // blob n is blobs[n - 1]
  std::vector<TraceRecord> records;
  u64 whole_bytes = 0;  // of the file, up to the end of the last whole record
  std::string damage;   // why reading ended there, a whole sentence; empty when the trace is whole
};

// `bytes` begin at a multiple of 4. Every stream and every batch of the answer decodes, and every blob that a
// stream names lies before it, has the hash that it says, and has the range that is read. Errors: kCorrupt for what
// is no trace, kUnsupported for another version.
Result<Trace> read_trace(std::span<const std::byte> bytes);

}  // namespace shoal::gpu
