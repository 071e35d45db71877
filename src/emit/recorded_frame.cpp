#include "emit/recorded_frame.h"
#include "gpu/decode.gen.h"

#include <algorithm>
#include <cstring>

namespace shoal::emit {
namespace {

class FrameReader {
 public:
  void on(const gpu::CreateBuffer& item) { frame_.buffers[item.buffer] = item; }
  void on(const gpu::CreateShaderModule& item) { frame_.modules[item.module] = item; }
  void on(const gpu::CreateBindGroupLayout& item) { frame_.layouts[item.layout] = item; }
  void on(const gpu::CreatePipelineLayout& item) { frame_.pipeline_layouts[item.layout] = item; }
  void on(const gpu::CreateComputePipelineAsync& item) { frame_.pipelines[item.pipeline] = item; }
  void on(const gpu::CreateBindGroup& item) { frame_.bind_groups[item.bind_group] = item; }

  void on(const gpu::WriteBuffer& item) {
    std::vector<u32>& content = frame_.contents[item.buffer];
    const size_t first = item.offset_bytes / 4;
    content.resize(std::max<size_t>(content.size(), first + item.data.size() / 4));
    std::memcpy(content.data() + first, item.data.data(), item.data.size());
  }

  void on(const gpu::CreateCommandEncoder&) { frame_.dispatches.clear(); }
  void on(const gpu::BeginComputePass&) { state_ = {}; }
  void on(const gpu::SetPipeline& item) { state_.pipeline = item.pipeline; }
  void on(const gpu::SetBindGroup& item) {
    state_.groups[item.index] = item.bind_group;
    if (!item.dynamic_offsets.empty()) state_.dynamic_offset = item.dynamic_offsets[0];
  }
  void on(const gpu::DispatchWorkgroups& item) {
    state_.is_indirect = false;
    state_.x = item.x;
    state_.y = item.y;
    frame_.dispatches.push_back(state_);
  }
  void on(const gpu::DispatchWorkgroupsIndirect&) {
    state_.is_indirect = true;
    frame_.dispatches.push_back(state_);
  }

  // What ends things leaves nothing to say.
  void on(const gpu::ReleaseShaderModule&) {}
  void on(const gpu::ReleaseBindGroup&) {}
  void on(const gpu::DestroyBuffer&) {}
  void on(const gpu::EndPass&) {}
  void on(const gpu::Finish&) {}
  void on(const gpu::Submit&) {}
  template <class Command>
  void on(const Command&) {
    if (unknown_.empty()) unknown_ = Command::kName;
  }

  Result<RecordedFrame> take() {
    if (unknown_.empty()) return std::move(frame_);
    return fail(ErrorCode::kUnsupported,
                "The pipeline says {}, which emitted code has no words for. Emit its other stages alone.",
                unknown_);
  }

 private:
  RecordedFrame frame_;
  RecordedDispatch state_;
  std::string_view unknown_;
};

}  // namespace

Result<RecordedFrame> read_frame(std::span<const u32> words) {
  FrameReader reader;
  SHOAL_TRY(gpu::decode_commands(words, [&](const auto& command) { reader.on(command); }));
  return reader.take();
}

}  // namespace shoal::emit
