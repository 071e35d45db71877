#include "gpu/trace.h"

#include <cstring>
#include <type_traits>

#include "base/text.h"
#include "gpu/commands.gen.h"
#include "gpu/decode.gen.h"
#include "gpu/payload_hash.h"

namespace shoal::gpu {
namespace {

template <class T>
T load(std::span<const std::byte> bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

class TraceReader {
 public:
  explicit TraceReader(std::span<const std::byte> bytes) : bytes_(bytes) { trace_.whole_bytes = kTraceHeadBytes; }

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
    // A recorder reserves room that it has not filled when its program dies.
    if (kind == 0) return fail(ErrorCode::kCorrupt, "The program that recorded it did not finish it.");
    const u64 size_bytes = load<u64>(rest.subspan(4));
    const auto after = rest.subspan(kTraceRecordHeadBytes);
    if (kind > static_cast<u32>(TraceKind::kEnd)) {
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
    TraceRecord record{.kind = kind, .words = {}};
    if (kind == TraceKind::kBlob) {
      if (const u64 hash = payload_hash(rest); hash != first) {
        return fail(ErrorCode::kCorrupt, "Blob {} has other bytes than were recorded (hash {:016x}, not {:016x}).",
                    trace_.blobs.size() + 1, hash, first);
      }
      trace_.blobs.push_back({first, rest});
      record.blob = static_cast<u32>(trace_.blobs.size());
    } else {
      if (payload.size() < kTraceTimedHeadBytes || payload.size() % sizeof(u32) != 0) {
        return fail(ErrorCode::kCorrupt, "A record of kind {} has {} bytes, which are no whole words.",
                    static_cast<u32>(kind), payload.size());
      }
      record.host_time_ns = first;
      record.device = load<u32>(payload.subspan(8));
      record.thread = load<u32>(payload.subspan(12));
      const auto words = payload.subspan(kTraceTimedHeadBytes);
      record.words = {reinterpret_cast<const u32*>(words.data()), words.size() / sizeof(u32)};
      SHOAL_TRY(check(kind, record.words));
    }
    trace_.records.push_back(record);
    ++records_;
    return {};
  }

  // That the words decode, and name only blobs that are there.
  Result<void> check(TraceKind kind, std::span<const u32> words) const {
    Result<void> blobs_there;
    const auto check_blob = [&]<class Item>(const Item& item) {
      if constexpr (requires { item.blob_offset_bytes; }) {
        const bool is_there = item.blob != 0 && item.blob <= trace_.blobs.size();
        const u64 blob_bytes = is_there ? trace_.blobs[item.blob - 1].bytes.size() : 0;
        if (!blobs_there || (is_there && item.blob_offset_bytes <= blob_bytes &&
                             item.size_bytes <= blob_bytes - item.blob_offset_bytes)) {
          return;
        }
        blobs_there = fail(ErrorCode::kCorrupt, "A {} reads {} bytes at {} of blob {}, which has not got them.",
                           Item::kName, item.size_bytes, item.blob_offset_bytes, item.blob);
      }
    };
    if (kind == TraceKind::kStream) {
      SHOAL_TRY(decode_commands(words, check_blob));
    } else if (kind == TraceKind::kEvents) {
      SHOAL_TRY(decode_events(words, check_blob));
    } else {
      SHOAL_TRY(decode_notes(words, [](const auto&) {}));
    }
    return blobs_there;
  }

  std::span<const std::byte> bytes_;
  Trace trace_;
  u64 records_ = 0;
  bool is_finished_ = false;
};

}  // namespace

Result<Trace> read_trace(std::span<const std::byte> bytes) {
  if (bytes.size() < kTraceHeadBytes || std::memcmp(bytes.data(), kTraceMagic.data(), kTraceMagic.size()) != 0) {
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
