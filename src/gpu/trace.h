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
constexpr u32 kTraceVersion = 1;
constexpr u64 kTraceHeadBytes = 12;  // magic and version

// A record is its kind (u32), its payload's size in bytes (u64), the payload, and zeros up to a multiple of 4.
// Streams, events and notes begin with nanoseconds since the trace began (u64), the device that they are of (u32, 0
// is none) and the thread (u32); then come words of schema/commands.schema.
enum class TraceKind : u32 {
  kNotes = 1,   // what is known of the program
  kBlob = 2,    // XXH3-64 (u64), then the bytes; the first blob of a file is blob 1
  kStream = 3,  // what was said
  kEvents = 4,  // what was answered
  kEnd = 5,     // the number of records before it (u64); a trace without it was not finished
};
constexpr u64 kTraceRecordHeadBytes = 12;
constexpr u64 kTraceTimedHeadBytes = 16;

struct TraceBlob {
  u64 hash = 0;
  std::span<const std::byte> bytes;
};

// Records in the order in which they happened.
struct TraceRecord {
  TraceKind kind = TraceKind::kStream;
  u64 host_time_ns = 0;  // of all but blobs, as what follows
  u32 device = 0, thread = 0;
  std::span<const u32> words;
  u32 blob = 0;  // the number of a blob
};

// Points into the bytes that it was read from.
struct Trace {
  std::vector<TraceBlob> blobs;  // blob n is blobs[n - 1]
  std::vector<TraceRecord> records;
  u64 whole_bytes = 0;  // of the file, up to the end of the last whole record
  std::string damage;   // why reading ended there, a whole sentence; empty when the trace is whole
};

// `bytes` begin at a multiple of 4. All words of the answer decode, and every blob that they name lies before them,
// has the hash that it says, and has the range that is read. Errors: kCorrupt for what
// is no trace, kUnsupported for another version.
Result<Trace> read_trace(std::span<const std::byte> bytes);

}  // namespace shoal::gpu
