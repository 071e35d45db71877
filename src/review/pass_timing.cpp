#include "review/pass_timing.h"
#include "gpu/decode.gen.h"

#include <cstring>
#include <type_traits>

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kQuerySet = PassTiming::kFirstOwnId + 1;
constexpr u32 kResolved = PassTiming::kFirstOwnId + 2;

}  // namespace

std::vector<u32> PassTiming::begin() const {
  std::vector<u32> words;
  WireWriter writer(words);
  writer.write(CreateQuerySet{
      .query_set = kQuerySet, .label = "replay", .type = QueryType::kTimestamp, .count = 2 * kMostPasses});
  writer.write(CreateBuffer{.buffer = kResolved,
                            .label = "replay",
                            .size_bytes = 2 * kMostPasses * sizeof(u64),
                            .usage = BufferUsage::kQueryResolve | BufferUsage::kCopySrc});
  return words;
}

u32 PassTiming::time(u32 encoder, u32 pass) {
  const auto open = encoders_.find(encoder);
  if (open == encoders_.end() || open->second.passes.size() >= kMostPasses) return kAllOrNone;
  open->second.passes.push_back(pass);
  return static_cast<u32>(2 * (open->second.passes.size() - 1));
}

std::vector<u32> PassTiming::add(std::span<const u32> words, u32& next_pass) {
  std::vector<u32> out;
  WireWriter writer(out);
  (void)decode_commands(words, [&]<class Command>(const Command& command) {  // read_trace has seen that it decodes
    if constexpr (std::is_same_v<Command, CreateCommandEncoder>) {
      encoders_[command.encoder] = {};
    } else if constexpr (std::is_same_v<Command, BeginComputePass>) {
      BeginComputePass timed = command;
      const u32 query = command.query_set == 0 ? time(command.encoder, next_pass) : kAllOrNone;
      ++next_pass;
      if (query != kAllOrNone) {
        timed.query_set = kQuerySet;
        timed.begin_query = query;
        timed.end_query = query + 1;
      }
      return writer.write(timed);
    } else if constexpr (std::is_same_v<Command, BeginRenderPass>) {
      BeginRenderPass timed = command;
      const u32 query = command.targets.query_set == 0 ? time(command.encoder, next_pass) : kAllOrNone;
      ++next_pass;
      if (query != kAllOrNone) {
        timed.targets.query_set = kQuerySet;
        timed.targets.begin_query = query;
        timed.targets.end_query = query + 1;
      }
      return writer.write(timed);
    } else if constexpr (std::is_same_v<Command, Finish>) {
      if (const auto open = encoders_.find(command.encoder); open != encoders_.end()) {
        Readback readback{.buffer = ++last_id_, .passes = std::move(open->second.passes)};
        encoders_.erase(open);
        if (!readback.passes.empty()) {
          const u32 queries = static_cast<u32>(2 * readback.passes.size());
          const u64 size_bytes = queries * sizeof(u64);
          writer.write(CreateBuffer{.buffer = readback.buffer,
                                    .label = "replay",
                                    .size_bytes = size_bytes,
                                    .usage = BufferUsage::kMapRead | BufferUsage::kCopyDst});
          writer.write(ResolveQuerySet{.encoder = command.encoder,
                                       .query_set = kQuerySet,
                                       .first = 0,
                                       .count = queries,
                                       .target = kResolved});
          writer.write(CopyBufferToBuffer{.encoder = command.encoder,
                                          .source = kResolved,
                                          .target = readback.buffer,
                                          .size_bytes = size_bytes});
          finished_[command.command_buffer] = std::move(readback);
        }
      }
    }
    writer.write(command);
    if constexpr (std::is_same_v<Command, Submit>) {
      for (const u32 id : command.command_buffers) {
        const auto finished = finished_.find(id);
        if (finished == finished_.end()) continue;
        const u32 ticket = ++last_id_;
        writer.write(MapAsync{.buffer = finished->second.buffer,
                              .offset_bytes = 0,
                              .size_bytes = 2 * finished->second.passes.size() * sizeof(u64),
                              .ticket = ticket});
        readbacks_[ticket] = std::move(finished->second);
        finished_.erase(finished);
      }
    }
  });
  return out;
}

std::vector<u32> PassTiming::take(u32 ticket, std::span<const std::byte> data, std::vector<Time>& times) {
  std::vector<u32> words;
  const auto found = readbacks_.find(ticket);
  if (found == readbacks_.end()) return words;
  const Readback& readback = found->second;
  for (size_t i = 0; i < readback.passes.size() && (i + 1) * 16 <= data.size(); ++i) {
    u64 ticks[2];
    std::memcpy(ticks, data.data() + 16 * i, sizeof ticks);
    // A pass that did nothing may have no times.
    if (ticks[0] != 0 && ticks[1] >= ticks[0]) {
      times.push_back({readback.passes[i], static_cast<double>(ticks[1] - ticks[0]) * period_ns_ / 1e6});
    }
  }
  WireWriter writer(words);
  writer.write(Unmap{.buffer = readback.buffer});
  writer.write(DestroyBuffer{.buffer = readback.buffer});
  readbacks_.erase(found);
  return words;
}

}  // namespace shoal::review
