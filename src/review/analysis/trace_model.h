// What a trace says, laid out for questions: its commands by number, frames, objects, and what touched each buffer
// and texture in the order in which the GPU did it.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "gpu/commands.gen.h"
#include "gpu/trace.h"

namespace shoal::review {

constexpr u32 kNone = ~u32{0};  // no step

// A command of the trace; `Call` is no step but says when its step was.
struct Step {
  u64 at_ns = 0;        // since the trace began
  u32 duration_ns = 0;  // 0 where the recorder knew none
  u32 stack = 0;        // 0: unknown
  u32 record = 0;       // of the trace
  u32 word = 0;         // of the record's words: where its head is
  u32 frame = 0;        // from 0
  u32 opcode = 0;
};

struct Object {
  gpu::ObjectKind kind = gpu::ObjectKind::kBuffer;
  u32 made = kNone, destroyed = kNone, released = kNone;  // steps
  std::string_view label{};
  u32 of = 0;                // the texture of a view, the pipeline of a layout
  u64 size_bytes = 0;        // of buffers and textures
  gpu::BufferUsage usage{};  // of buffers
  bool is_canvas_s = false;  // a texture that a canvas gave
  u32 uses = 0;              // commands that name it besides those that make, label and end it
};

// By a buffer's bytes; textures are touched whole.
struct Access {
  u32 step = 0;
  u32 submission = 0;  // from 0; what the queue does by itself belongs to the submission that follows
  bool reads = false, writes = false;
  u64 begin = 0, end = 0;
};

struct FrameSpan {
  u32 first_step = 0;
  u64 begin_ns = 0, end_ns = 0;
  // Of a page, as its note behind the frame says: calls out of WebAssembly, and how long those took.
  u32 calls_out = 0;
  u64 calls_out_ns = 0;
};

struct Submission {
  u32 step = 0;
  bool has_work = false;  // libraries submit nothing to hear that what came before has ended
};

// An answer of the GPU.
struct MapAnswer {
  u64 at_ns = 0;
  u32 step = 0;  // the number of steps before it
  std::span<const std::byte> bytes{};
};

class TraceModel {
 public:
  // `trace` must outlive it.
  explicit TraceModel(const gpu::Trace& trace);

  const gpu::Trace& trace() const { return trace_; }
  const std::vector<Step>& steps() const { return steps_; }
  const std::vector<FrameSpan>& frames() const { return frames_; }
  const std::unordered_map<u32, Object>& objects() const { return objects_; }
  const Object* object(u32 id) const;
  // In the order of the GPU; empty for what was never touched.
  const std::vector<Access>& accesses(u32 object) const;
  const std::unordered_map<u32, std::vector<Access>>& all_accesses() const { return accesses_; }
  const std::unordered_map<u32, MapAnswer>& map_answers() const { return map_answers_; }  // by ticket
  const std::vector<Submission>& submissions() const { return submissions_; }
  // A trace can say more accesses than memory holds, by a bundle that is executed again and again: those beyond are
  // left out.
  bool is_truncated() const { return budget_ == 0; }
  // From the first command to the end of the last.
  double span_ms() const;
  // As note device_info says it of the first device; "" where it was not said.
  const std::string& adapter_type() const { return adapter_type_; }
  const std::string& adapter() const { return adapter_; }
  const std::string& driver() const { return driver_; }

  // "buffer 'wind'", or "buffer 12" without a label.
  std::string name(u32 object) const;
  // "update (scene.py:40)", innermost first, frames of wgpu's own library left out; at most `most`.
  std::vector<std::string> stack(u32 stack, size_t most = 4) const;
  // The numbers of its frames, innermost first.
  std::span<const u32> stack_frames(u32 stack) const;
  // Those from the innermost in WebAssembly outwards: where it called out. Empty where none is.
  std::span<const u32> wasm_callers(u32 stack) const;

  // Calls visitor(number of the step, step, command) for each command that is one of the types, in order.
  template <class... Commands, class Visitor>
  void for_each(Visitor&& visitor) const {
    for (u32 i = 0; i < steps_.size(); ++i) {
      (void)((steps_[i].opcode == Commands::kOpcode && (visitor(i, steps_[i], read<Commands>(i)), true)) || ...);
    }
  }
  template <class Command>
  Command read(u32 step) const {
    gpu::WireReader reader(trace_.records[steps_[step].record].words.subspan(steps_[step].word));
    reader.begin();
    auto command = reader.read<Command>();  // read_trace has seen that it decodes
    return command ? *std::move(command) : Command{};
  }
  // The command as it lies in the trace.
  std::span<const u32> words(u32 step) const;
  // The bytes that a command carries, inline or by blob.
  template <class Command>
  std::span<const std::byte> payload(const Command& command) const {
    if constexpr (requires { command.blob; }) {
      return trace_.blobs[command.blob - 1].bytes.subspan(static_cast<size_t>(command.blob_offset_bytes),
                                                          static_cast<size_t>(command.size_bytes));
    } else {
      return command.data;
    }
  }

 private:
  friend class ModelBuilder;

  struct StackFrameText {
    std::string text;
    bool is_library = false;
    bool is_wasm = false;
  };

  const gpu::Trace& trace_;
  std::vector<Step> steps_;
  std::vector<FrameSpan> frames_;
  std::unordered_map<u32, Object> objects_;
  std::unordered_map<u32, std::vector<Access>> accesses_;
  std::unordered_map<u32, MapAnswer> map_answers_;
  std::vector<StackFrameText> stack_frames_;
  std::vector<std::vector<u32>> stacks_;
  std::string adapter_type_, adapter_, driver_;
  std::vector<Submission> submissions_;
  u64 budget_ = u64{8} << 20;  // accesses, of 40 bytes
};

}  // namespace shoal::review
