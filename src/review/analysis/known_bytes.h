// What is known of a buffer's contents, from what was written to it and what the GPU may have written since.
#pragma once

#include <map>
#include <span>

#include "review/analysis/trace_model.h"

namespace shoal::review {

class KnownBytes {
 public:
  void write(u64 offset, std::span<const std::byte> data);
  void forget(u64 begin, u64 end);
  // The bytes from `offset` on, as far as one write brought them, at most `size`; empty where they are not known.
  std::span<const std::byte> at(u64 offset, u64 size) const;
  // Whether exactly these bytes are there.
  bool holds(u64 offset, std::span<const std::byte> data) const;

 private:
  std::map<u64, std::span<const std::byte>> pieces_;  // by their offset; none overlap
};

// What is compared in a review at most: a trace can name the same bytes again and again, and what is behind that
// much says no more.
constexpr u64 kMostComparedBytes = u64{8} << 30;

// Calls visitor(step, buffer, what is known before it, offset, data) for each write to a buffer by the queue, in
// the order of the GPU.
template <class Visitor>
void visit_buffer_writes(const TraceModel& model, Visitor&& visitor) {
  u64 compared = 0;
  for (const auto& [buffer, accesses] : model.all_accesses()) {
    const Object* object = model.object(buffer);
    if (object == nullptr || object->kind != gpu::ObjectKind::kBuffer) continue;
    KnownBytes known;
    for (const Access& access : accesses) {
      if (compared > kMostComparedBytes) return;
      if (!access.writes) continue;
      const u32 opcode = model.steps()[access.step].opcode;
      const auto take = [&](const auto& command, bool is_queue_s) {
        const auto data = model.payload(command);
        compared += data.size();
        if (is_queue_s) visitor(access.step, buffer, std::as_const(known), command.offset_bytes, data);
        known.write(command.offset_bytes, data);
      };
      using namespace gpu;
      if (opcode == WriteBuffer::kOpcode) {
        take(model.read<WriteBuffer>(access.step), true);
      } else if (opcode == WriteBufferFromBlob::kOpcode) {
        take(model.read<WriteBufferFromBlob>(access.step), true);
      } else if (opcode == WriteMapped::kOpcode) {
        take(model.read<WriteMapped>(access.step), false);
      } else if (opcode == WriteMappedFromBlob::kOpcode) {
        take(model.read<WriteMappedFromBlob>(access.step), false);
      } else {
        known.forget(access.begin, access.end);
      }
    }
  }
}

}  // namespace shoal::review
