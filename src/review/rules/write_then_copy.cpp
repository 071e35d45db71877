// Bytes that are written to one buffer and copied from there to where they are used.
#include <algorithm>
#include <unordered_map>

#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastTimes = 4;
constexpr size_t kMostWrites = 1024;  // between two submissions
constexpr size_t kMostBefore = 64;    // accesses of a submission that are looked at before a copy

struct Write {
  u32 step = 0;
  u64 begin = 0;
  std::span<const std::byte> data;
  bool is_needed = false;  // by something else than copies that a write can stand for
  std::vector<u32> copies;
  u64 end() const { return begin + data.size(); }
};

struct Chain {
  u32 copies = 0, direct = 0, target = 0;
  bool is_other = false;  // the buffer is used in some other way as well
  u64 bytes = 0;
  std::vector<Write> writes;  // that all their copies can be spared of
};

// Finds what the queue writes to `staging` and what is copied from there within the same submission.
class Chains {
 public:
  explicit Chains(const TraceModel& model) : model_(model) {}

  Chain of(u32 staging) {
    chain_ = {};
    window_.clear();
    u32 submission = kNone;
    for (const Access& access : model_.accesses(staging)) {
      if (access.submission != submission) end_window();
      submission = access.submission;
      const u32 opcode = model_.steps()[access.step].opcode;
      if (opcode == WriteBuffer::kOpcode) {
        write(access.step, model_.read<WriteBuffer>(access.step));
      } else if (opcode == WriteBufferFromBlob::kOpcode) {
        write(access.step, model_.read<WriteBufferFromBlob>(access.step));
      } else if (opcode == CopyBufferToBuffer::kOpcode && access.reads) {
        const auto copy = model_.read<CopyBufferToBuffer>(access.step);
        if (copy.target == staging) return chain_.is_other = true, std::move(chain_);
        take(access, copy.target, copy.source_offset_bytes, copy.size_bytes, true);
      } else if (opcode == CopyBufferToTexture::kOpcode) {
        const auto copy = model_.read<CopyBufferToTexture>(access.step);
        take(access, copy.target.texture, copy.layout.offset_bytes, 0, false);
      } else {
        chain_.is_other = true;
        return std::move(chain_);
      }
    }
    end_window();
    return std::move(chain_);
  }

 private:
  template <class Command>
  void write(u32 step, const Command& command) {
    if (window_.size() >= kMostWrites) return end_window();  // no chain has so many stations
    window_.push_back({step, command.offset_bytes, model_.payload(command), false, {}});
  }

  // A size of 0 is all of what was written from `begin` on.
  void take(const Access& access, u32 target, u64 begin, u64 size, bool is_buffer) {
    ++chain_.copies;
    Write* from = nullptr;
    u32 touching = 0;
    for (Write& one : window_) {
      if (one.end() <= begin || (size > 0 && one.begin >= begin + size)) continue;
      ++touching;
      from = &one;
    }
    const bool is_whole = touching == 1 && from->begin <= begin && (size == 0 || size <= from->end() - begin);
    if (is_whole && is_first_use(access, target, is_buffer)) {
      from->copies.push_back(access.step);
      ++chain_.direct;
      chain_.target = target;
      chain_.bytes += size == 0 ? from->end() - begin : size;
      return;
    }
    for (Write& one : window_) one.is_needed = true;
  }

  // Nothing of the submission uses the target before the copy, but copies like it, which keep their order.
  bool is_first_use(const Access& access, u32 target, bool is_buffer) {
    const auto& accesses = model_.accesses(target);
    auto& places = places_[target];
    if (places.empty()) {
      for (u32 i = 0; i < accesses.size(); ++i) places.try_emplace(accesses[i].step, i);
    }
    const auto place = places.find(access.step);
    if (place == places.end()) return false;
    const u32 opcode = is_buffer ? CopyBufferToBuffer::kOpcode : CopyBufferToTexture::kOpcode;
    size_t before = 0;
    for (u32 i = place->second; i-- > 0 && accesses[i].submission == access.submission;) {
      if (++before > kMostBefore || model_.steps()[accesses[i].step].opcode != opcode) return false;
    }
    return true;
  }

  void end_window() {
    for (Write& one : window_) {
      if (!one.is_needed && !one.copies.empty()) chain_.writes.push_back(std::move(one));
    }
    window_.clear();
  }

  const TraceModel& model_;
  Chain chain_;
  std::vector<Write> window_;                                     // since the last submission
  std::unordered_map<u32, std::unordered_map<u32, u32>> places_;  // target -> step -> index of its access
};

// The write that goes where a copy of its bytes went.
void add_direct(const TraceModel& model, const Write& write, u32 copy_step, std::vector<u32>& words) {
  WireWriter writer(words);
  const bool is_blob = model.steps()[write.step].opcode == WriteBufferFromBlob::kOpcode;
  const auto from_blob = [&] { return model.read<WriteBufferFromBlob>(write.step); };
  if (model.steps()[copy_step].opcode == CopyBufferToBuffer::kOpcode) {
    const auto copy = model.read<CopyBufferToBuffer>(copy_step);
    const u64 within = copy.source_offset_bytes - write.begin;
    if (is_blob) {
      auto direct = from_blob();
      direct.buffer = copy.target;
      direct.offset_bytes = copy.target_offset_bytes;
      direct.blob_offset_bytes += within;
      direct.size_bytes = copy.size_bytes;
      writer.write(direct);
    } else {
      writer.write(WriteBuffer{
          .buffer = copy.target,
          .offset_bytes = copy.target_offset_bytes,
          .data = write.data.subspan(static_cast<size_t>(within), static_cast<size_t>(copy.size_bytes))});
    }
    return;
  }
  const auto copy = model.read<CopyBufferToTexture>(copy_step);
  TexelLayout layout = copy.layout;
  const u64 within = layout.offset_bytes - write.begin;
  layout.offset_bytes = 0;
  if (is_blob) {
    const auto blob = from_blob();
    writer.write(WriteTextureFromBlob{.target = copy.target,
                                      .layout = layout,
                                      .size = copy.size,
                                      .blob = blob.blob,
                                      .blob_offset_bytes = blob.blob_offset_bytes + within,
                                      .size_bytes = blob.size_bytes - within});
  } else {
    writer.write(WriteTexture{.target = copy.target,
                              .layout = layout,
                              .size = copy.size,
                              .data = write.data.subspan(static_cast<size_t>(within))});
  }
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  Chains chains(model);
  for (const auto& [staging, accesses] : model.all_accesses()) {
    const Object* object = model.object(staging);
    if (object == nullptr || object->kind != ObjectKind::kBuffer) continue;
    const Chain chain = chains.of(staging);
    if (chain.is_other || chain.direct < kLeastTimes || 2 * chain.direct < chain.copies) continue;
    Finding finding{
        .what = fmt::format("{} of {} copies from {} bring on to {} what was written to it just before, {} in all.",
                            chain.direct, chain.copies, model.name(staging), model.name(chain.target),
                            format_bytes(chain.bytes)),
        .todo = "Write to the target: writeBuffer and writeTexture have a staging buffer of their own.",
        .object = model.name(staging),
        .claims = {},
        .saved_bytes = chain.direct == chain.copies ? object->size_bytes : 0};
    for (const Write& write : chain.writes) {
      std::vector<u32> words;
      for (const u32 step : write.copies) {
        add_direct(model, write, step, words);
        finding.fix.drop(step);
        finding.claims.push_back({step, subject.costs.whole(model.steps()[step].duration_ns,
                                                            subject.costs.copy_ns(chain.bytes / chain.direct))});
      }
      finding.fix.replaced[write.step] = std::move(words);
    }
    if (finding.claims.empty()) continue;
    finding.step = finding.claims.front().step;
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule kWriteThenCopy = {
    .name = "write-then-copy",
    .title = "Writes to a buffer only to copy from it",
    .why =
        "writeBuffer puts the bytes into staging memory and has them copied to the buffer when the next submission "
        "runs. Where that buffer is one more station, they are copied twice on the GPU, and the passes behind wait "
        "for both.",
    .before =
        "queue.writeBuffer(staging, 0, quads);\nencoder.copyBufferToBuffer(staging, 0, vertices, 0, "
        "quads.byteLength);",
    .after = "queue.writeBuffer(vertices, 0, quads);",
    .when_not =
        "Where an earlier pass of the same submission still needs what the target held: a copy comes in its turn, "
        "a "
        "write before the whole submission; such copies are not reported. A buffer that is mapped, filled and "
        "copied "
        "from is no such chain either.",
    .find = find,
};

}  // namespace shoal::review
