// A trace that is written while a program runs and may end at any moment.
//
// The file is mapped, so what was written survives the process, however it ends, without a system call for each
// command. A record's size grows with what it holds; behind the last record lie zeros.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/int.h"
#include "gpu/commands.gen.h"
#include "gpu/trace.h"

namespace shoal::review {

// What a record of words is about.
struct Origin {
  u32 device = 0;
  u32 thread = 0;
  friend bool operator==(const Origin&, const Origin&) = default;
};

// Not for two threads at once.
class LiveTrace {
 public:
  // Null where the file is there already or cannot be made; `problem` says why then.
  static std::unique_ptr<LiveTrace> create(const std::string& path, std::string& problem);

  // The command and when it was said. The address of its duration stays valid: writing it needs no lock.
  template <class Command>
  u32* say(Origin origin, u64 now_ns, u32 stack, const Command& command) {
    u32* duration_ns = begin_call(origin, now_ns, stack);
    words_.clear();
    gpu::WireWriter(words_).write(command);
    append(words_);
    return duration_ns;
  }
  // A command that nobody waits for.
  template <class Command>
  void add(Origin origin, u64 now_ns, const Command& command) {
    write(gpu::TraceKind::kStream, origin, now_ns, command);
  }
  template <class Event>
  void hear(Origin origin, u64 now_ns, const Event& event) {
    write(gpu::TraceKind::kEvents, origin, now_ns, event);
  }
  template <class Note>
  void note(u64 now_ns, const Note& note) {
    write(gpu::TraceKind::kNotes, {}, now_ns, note);
  }
  // The blob's number. Equal bytes are stored once.
  u32 store(std::span<const std::byte> bytes);

  // Whether nothing more can be written, since the disk is full.
  bool is_full() const { return is_full_; }

 private:
  LiveTrace(int file, std::byte* memory) : file_(file), memory_(memory) {}

  template <class Item>
  void write(gpu::TraceKind kind, Origin origin, u64 now_ns, const Item& item) {
    open_record(kind, origin, now_ns);
    words_.clear();
    gpu::WireWriter(words_).write(item);
    append(words_);
  }
  u32* begin_call(Origin origin, u64 now_ns, u32 stack);
  void open_record(gpu::TraceKind kind, Origin origin, u64 now_ns);
  void append(std::span<const u32> words);
  bool reserve(u64 size_bytes);
  void put_u64(u64 at, u64 value);

  int file_;
  std::byte* memory_;
  u64 reserved_bytes_ = 0;  // of the file
  u64 end_ = 0;             // behind the last whole word
  u64 size_at_ = 0;         // where the open record's size lies; 0: none is open
  gpu::TraceKind kind_ = gpu::TraceKind::kEnd;
  Origin origin_;
  u64 began_ns_ = 0;
  bool is_full_ = false;
  u32 nowhere_ = 0;  // takes durations when nothing can be written
  std::vector<u32> words_;
  std::unordered_map<u64, u32> blobs_;  // hash -> number
};

}  // namespace shoal::review
