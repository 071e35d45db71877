// Records commands as words. Nothing is said to a GPU here; an executor carries the words out.
#pragma once

#include <vector>

#include "base/int.h"
#include "gpu/commands.gen.h"

namespace shoal::gpu {

// A part of a buffer. Offsets are multiples of 256 where it is bound, of 4 elsewhere.
struct View {
  u32 buffer = 0;
  u64 offset_bytes = 0;
  u64 size_bytes = 0;

  friend bool operator==(const View&, const View&) = default;
};

class Recorder {
 public:
  // A command that is too long to be said is left out and remembered: see refused().
  template <class Command>
  void say(const Command& command) {
    if (!WireWriter(words_).write(command) && refused_.empty()) refused_ = Command::kName;
  }
  // The first command that was left out; empty when none was.
  std::string_view refused() const { return refused_; }

  // Every resource, encoder and pass of a device has a number of its own; 0 is none.
  u32 new_id() { return ++last_id_; }

  u32 create_buffer(std::string_view label, u64 size_bytes, BufferUsage usage);
  // In several commands where one does not carry so much.
  void write(const View& target, std::span<const std::byte> data);
  // `data` must stay as it is until the stream has been executed.
  void write_lent(const View& target, std::span<const std::byte> data);
  void copy(u32 encoder, const View& source, const View& target);

  bool empty() const { return words_.empty(); }
  std::span<const u32> words() const { return words_; }
  void clear() { words_.clear(); }

 private:
  std::vector<u32> words_;
  std::string_view refused_;
  u32 last_id_ = 0;
};

}  // namespace shoal::gpu
