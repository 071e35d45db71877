// Where kernels find the parameters of a dispatch: slots of 256 bytes, bound with dynamic offsets, so that neither
// a buffer nor a bind group is made for them. Each slot has a twin that only the GPU writes, for parameters that
// hold a count of the GPU's; the twin also serves as the source of an indirect dispatch.
#pragma once

#include <array>
#include <memory>
#include <span>
#include <vector>

#include "gpu/recorder.h"

namespace shoal::gpu {

inline constexpr u64 kParameterSlotBytes = 256;
using ParameterBlock = std::array<u32, kParameterSlotBytes / 4>;

class ParameterRing {
 public:
  struct Slots {
    u32 host_buffer = 0;  // uniform and storage; what was written
    u32 gpu_buffer = 0;   // uniform, storage and indirect; at the same offsets, for a kernel to fill
    u32 first_offset_bytes = 0;
  };

  // Neighbouring slots that hold `blocks` when the frame runs; at most 256 of them. Writes nothing where a slot has
  // that content already.
  Slots write(Recorder& recorder, std::span<const ParameterBlock> blocks);

  // A slot is used again once no frame that could name it is open: writes are carried out before the next
  // submission, whichever frame asked for them.
  void on_frame_begin() { ++open_frames_; }
  void on_frame_end();

 private:
  static constexpr u32 kSlotsPerPage = 256;
  struct Page {
    u32 host_buffer = 0, gpu_buffer = 0;
    std::vector<ParameterBlock> content;  // of the slots that were ever written
  };
  std::vector<Page> pages_;
  u32 page_ = 0, slot_ = 0;  // the next free one
  u32 open_frames_ = 0;
};

}  // namespace shoal::gpu
