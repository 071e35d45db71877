#include "gpu/trace.h"

#include <cstring>
#include <type_traits>

#include "base/text.h"
#include "gpu/commands.gen.h"
#include "gpu/payload_hash.h"

namespace shoal::gpu {
namespace {

constexpr u64 kHeadBytes = kTraceMagic.size() + sizeof(u32);

template <class T>
T load(std::span<const std::byte> bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

class TraceReader {
 public:
  explicit TraceReader(std::span<const std::byte> bytes) : bytes_(bytes) { trace_.whole_bytes = kHeadBytes; }

  Trace read() {
    while (!is_finished_) {
      if (auto read = next_record(); !read) {
        trace_.damage =
            fmt::format("The trace is whole up to byte {} and read no further. {} What comes before is unaffected.",
                        group_thousands(trace_.whole_bytes), read.error().message());
        break;
      }
    }
    return std::move(trace_);
  }

 private:
  Result<void> next_record() {
    const auto rest = bytes_.subspan(static_cast<size_t>(trace_.whole_bytes));
    if (rest.empty()) return fail(ErrorCode::kCorrupt, "The program that recorded it did not finish it.");
    if (rest.size() < kTraceRecordHeadBytes) {
      return fail(ErrorCode::kCorrupt, "A record is cut off (a record begins with {} bytes, {} are there).",
                  kTraceRecordHeadBytes, rest.size());
    }
    const u32 kind = load<u32>(rest);
    const u64 size_bytes = load<u64>(rest.subspan(4));
    const auto after = rest.subspan(kTraceRecordHeadBytes);
    if (kind < static_cast<u32>(TraceKind::kAdapter) || kind > static_cast<u32>(TraceKind::kEnd)) {
      return fail(ErrorCode::kCorrupt, "A record of unknown kind {} follows.", kind);
    }
    // Aligning the larger of two sizes could wrap around, so the unaligned one is compared first.
    if (size_bytes > after.size() || align_up(size_bytes, u64{4}) > after.size()) {
      return fail(ErrorCode::kCorrupt, "A record is cut off (expected {} bytes, the file ends after {}).",
                  group_thousands(size_bytes), group_thousands(after.size()));
    }
    SHOAL_TRY(take(static_cast<TraceKind>(kind), after.first(static_cast<size_t>(size_bytes))));
    trace_.whole_bytes += kTraceRecordHeadBytes + align_up(size_bytes, u64{4});
    if (is_finished_ && trace_.whole_bytes != bytes_.size()) {
      return fail(ErrorCode::kCorrupt, "Its end is followed by {} bytes.",
                  group_thousands(bytes_.size() - trace_.whole_bytes));
    }
    return {};
  }

  Result<void> take(TraceKind kind, std::span<const std::byte> payload) {
    if (kind == TraceKind::kAdapter) {
      trace_.adapter = {reinterpret_cast<const char*>(payload.data()), payload.size()};
      ++records_;
      return {};
    }
    if (payload.size() < sizeof(u64)) {
      return fail(ErrorCode::kCorrupt, "A record of kind {} is too short ({} bytes).", static_cast<u32>(kind),
                  payload.size());
    }
    const u64 first = load<u64>(payload);
    const auto rest = payload.subspan(sizeof first);
    if (kind == TraceKind::kEnd) {
      if (first != records_) {
        return fail(ErrorCode::kCorrupt, "Its end counts {} records, {} are there.", first, records_);
      }
      is_finished_ = true;
      return {};
    }
    TraceRecord record{.kind = kind, .host_time_ns = 0, .words = {}, .blob = 0};
    if (kind == TraceKind::kBlob) {
      if (const u64 hash = payload_hash(rest); hash != first) {
        return fail(ErrorCode::kCorrupt, "Blob {} has other bytes than were recorded (hash {:016x}, not {:016x}).",
                    trace_.blobs.size() + 1, hash, first);
      }
      trace_.blobs.push_back({first, rest});
      record.blob = static_cast<u32>(trace_.blobs.size());
    } else {
      if (rest.size() % sizeof(u32) != 0) {
        return fail(ErrorCode::kCorrupt, "A stream's {} bytes are no whole words.", rest.size());
      }
      record.host_time_ns = first;
      record.words = {reinterpret_cast<const u32*>(rest.data()), rest.size() / sizeof(u32)};
      SHOAL_TRY(kind == TraceKind::kStream ? check_stream(record.words)
                                           : decode_events(record.words, [](const auto&) {}));
    }
    trace_.records.push_back(record);
    ++records_;
    return {};
  }

  Result<void> check_stream(std::span<const u32> words) const {
    Result<void> blobs_there;
    SHOAL_TRY(decode_commands(words, [&](const auto& command) {
      if constexpr (std::is_same_v<std::remove_cvref_t<decltype(command)>, WriteBufferFromBlob>) {
        const bool is_there = command.blob != 0 && command.blob <= trace_.blobs.size();
        const u64 blob_bytes = is_there ? trace_.blobs[command.blob - 1].bytes.size() : 0;
        if (is_there && command.blob_offset_bytes <= blob_bytes &&
            command.size_bytes <= blob_bytes - command.blob_offset_bytes) {
          return;
        }
        if (!blobs_there) return;
        blobs_there = fail(ErrorCode::kCorrupt, "A stream reads {} bytes at {} of blob {}, which has not got them.",
                           command.size_bytes, command.blob_offset_bytes, command.blob);
      }
    }));
    return blobs_there;
  }

  std::span<const std::byte> bytes_;
  Trace trace_;
  u64 records_ = 0;
  bool is_finished_ = false;
};

}  // namespace

Result<Trace> read_trace(std::span<const std::byte> bytes) {
  if (bytes.size() < kHeadBytes || std::memcmp(bytes.data(), kTraceMagic.data(), kTraceMagic.size()) != 0) {
    return fail(ErrorCode::kCorrupt, "This is no trace: it does not begin with {}. `--trace FILE` records one.",
                kTraceMagic);
  }
  if (const u32 version = load<u32>(bytes.subspan(kTraceMagic.size())); version != kTraceVersion) {
    return fail(ErrorCode::kUnsupported,
                "This trace has version {}, and this shoal reads version {}. Use the shoal that recorded it.",
                version, kTraceVersion);
  }
  return TraceReader(bytes).read();
}

}  // namespace shoal::gpu
