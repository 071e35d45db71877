// A trace that a test writes.
#pragma once

#include <cstring>
#include <span>
#include <vector>

#include "gpu/commands.gen.h"
#include "gpu/payload_hash.h"
#include "gpu/trace.h"

namespace shoal::review {

class TestTrace {
 public:
  TestTrace() {
    words_.resize(3);
    std::memcpy(words_.data(), gpu::kTraceMagic.data(), gpu::kTraceMagic.size());
    words_[2] = gpu::kTraceVersion;
  }

  // `took_ns` later comes the next one.
  template <class Command>
  void say(const Command& command, u32 took_ns = 100) {
    std::vector<u32> stream;
    gpu::WireWriter writer(stream);
    writer.write(gpu::Call{.begin_ns = 0, .duration_ns = took_ns, .stack = 0});
    writer.write(command);
    add(gpu::TraceKind::kStream, stream);
    now_ns_ += took_ns;
  }
  template <class Note>
  void note(const Note& note) {
    std::vector<u32> notes;
    gpu::WireWriter(notes).write(note);
    add(gpu::TraceKind::kNotes, notes);
  }

  // Its number is one more than the last one's.
  void blob(std::span<const std::byte> bytes) {
    const u64 hash = gpu::payload_hash(bytes);
    std::vector<u32> payload(2 + (bytes.size() + 3) / 4);
    std::memcpy(payload.data(), &hash, sizeof hash);
    std::memcpy(payload.data() + 2, bytes.data(), bytes.size());
    ++records_;
    const u32 head[] = {static_cast<u32>(gpu::TraceKind::kBlob), static_cast<u32>(sizeof hash + bytes.size()), 0};
    words_.insert(words_.end(), std::begin(head), std::end(head));
    words_.insert(words_.end(), payload.begin(), payload.end());
  }

  // The end is written with the first question.
  const std::vector<u32>& file() {
    if (is_open_) {
      const u32 end[] = {static_cast<u32>(gpu::TraceKind::kEnd), 8, 0, records_, 0};
      words_.insert(words_.end(), std::begin(end), std::end(end));
      is_open_ = false;
    }
    return words_;
  }
  // Points into this trace.
  gpu::Trace read() { return *gpu::read_trace(std::as_bytes(std::span(file()))); }

 private:
  void add(gpu::TraceKind kind, std::span<const u32> words) {
    ++records_;
    const u64 size_bytes = gpu::kTraceTimedHeadBytes + 4 * words.size();
    const u32 head[] = {static_cast<u32>(kind),
                        static_cast<u32>(size_bytes),
                        0,
                        static_cast<u32>(now_ns_),
                        static_cast<u32>(now_ns_ >> 32),
                        1,
                        1};
    words_.insert(words_.end(), std::begin(head), std::end(head));
    words_.insert(words_.end(), words.begin(), words.end());
  }

  std::vector<u32> words_;
  u64 now_ns_ = 0;
  u32 records_ = 0;
  bool is_open_ = true;
};

}  // namespace shoal::review
