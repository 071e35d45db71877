#include "review/record/live_trace.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "gpu/payload_hash.h"

namespace shoal::review {
namespace {

using gpu::TraceKind;

// Address space, not memory: the mapping never moves, so the address of a duration holds.
constexpr u64 kMostBytes = u64{64} << 30;
constexpr u64 kStepBytes = u64{16} << 20;
// A record that is cut off in its middle loses nothing, but a reader decodes it whole.
constexpr u64 kLongestRecordBytes = u64{1} << 20;
// Call times are 32 bits of nanoseconds.
constexpr u64 kLongestRecordNs = u64{4'000'000'000};

}  // namespace

std::unique_ptr<LiveTrace> LiveTrace::create(const std::string& path, std::string& problem) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (file < 0) {
    problem = std::strerror(errno);
    return nullptr;
  }
  void* memory = ::mmap(nullptr, kMostBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, file, 0);
  if (memory == MAP_FAILED) {
    problem = std::strerror(errno);
    ::close(file);
    return nullptr;
  }
  std::unique_ptr<LiveTrace> trace(new LiveTrace(file, static_cast<std::byte*>(memory)));
  if (!trace->reserve(kStepBytes / 2)) {
    problem = "the disk is full";
    return nullptr;
  }
  std::memcpy(trace->memory_, gpu::kTraceMagic.data(), gpu::kTraceMagic.size());
  std::memcpy(trace->memory_ + gpu::kTraceMagic.size(), &gpu::kTraceVersion, sizeof gpu::kTraceVersion);
  trace->end_ = gpu::kTraceHeadBytes;
  return trace;
}

// Room behind the end. Blocks are asked for before they are written to: a page of a file on a full disk would end
// the program with SIGBUS.
bool LiveTrace::reserve(u64 size_bytes) {
  if (is_full_) return false;
  if (end_ + size_bytes <= reserved_bytes_) return true;
  const u64 wanted = align_up(end_ + size_bytes, kStepBytes);
  if (wanted > kMostBytes || ::posix_fallocate(file_, static_cast<off_t>(reserved_bytes_),
                                               static_cast<off_t>(wanted - reserved_bytes_)) != 0) {
    is_full_ = true;
    return false;
  }
  reserved_bytes_ = wanted;
  return true;
}

void LiveTrace::put_u64(u64 at, u64 value) { std::memcpy(memory_ + at, &value, sizeof value); }

void LiveTrace::open_record(TraceKind kind, Origin origin, u64 now_ns) {
  const bool fits = size_at_ != 0 && kind == kind_ && origin == origin_ && kind != TraceKind::kBlob &&
                    end_ - size_at_ < kLongestRecordBytes && now_ns - began_ns_ < kLongestRecordNs &&
                    // Events and notes have one time for all of a record.
                    (kind == TraceKind::kStream || now_ns == began_ns_);
  if (fits || !reserve(kLongestRecordBytes)) return;
  size_at_ = end_ + sizeof kind;
  kind_ = kind;
  origin_ = origin;
  began_ns_ = now_ns;
  put_u64(size_at_, gpu::kTraceTimedHeadBytes);
  put_u64(size_at_ + 8, now_ns);
  std::memcpy(memory_ + size_at_ + 16, &origin, sizeof origin);
  // The kind last: until then the file ends before this record.
  std::memcpy(memory_ + end_, &kind, sizeof kind);
  end_ = size_at_ + 8 + gpu::kTraceTimedHeadBytes;
}

void LiveTrace::append(std::span<const u32> words) {
  if (!reserve(words.size_bytes() + 64)) return;
  std::memcpy(memory_ + end_, words.data(), words.size_bytes());
  end_ += words.size_bytes();
  put_u64(size_at_, end_ - size_at_ - 8);
}

u32* LiveTrace::begin_call(Origin origin, u64 now_ns, u32 stack) {
  open_record(TraceKind::kStream, origin, now_ns);
  words_.clear();
  gpu::WireWriter(words_).write(
      gpu::Call{.begin_ns = static_cast<u32>(now_ns - began_ns_), .duration_ns = gpu::kAllOrNone, .stack = stack});
  append(words_);
  if (is_full_) return &nowhere_;
  return reinterpret_cast<u32*>(memory_ + end_) - 2;  // stack comes behind it
}

u32 LiveTrace::store(std::span<const std::byte> bytes) {
  const u64 hash = gpu::payload_hash(bytes);
  if (const auto stored = blobs_.find(hash); stored != blobs_.end()) return stored->second;
  const u64 size_bytes = sizeof hash + bytes.size();
  if (!reserve(align_up(size_bytes, u64{4}) + 64)) return 0;
  constexpr TraceKind kKind = TraceKind::kBlob;
  put_u64(end_ + sizeof kKind, size_bytes);
  put_u64(end_ + gpu::kTraceRecordHeadBytes, hash);
  if (!bytes.empty()) {
    std::memcpy(memory_ + end_ + gpu::kTraceRecordHeadBytes + sizeof hash, bytes.data(), bytes.size());
  }
  std::memcpy(memory_ + end_, &kKind, sizeof kKind);
  end_ += gpu::kTraceRecordHeadBytes + align_up(size_bytes, u64{4});
  size_at_ = 0;
  const u32 number = static_cast<u32>(blobs_.size() + 1);
  blobs_[hash] = number;
  return number;
}

}  // namespace shoal::review
