// The bytes that are written to a buffer or texture are the ones that are there.
#include <algorithm>
#include <array>
#include <cstring>
#include <map>

#include "base/text.h"
#include "review/analysis/known_bytes.h"
#include "review/rules/rules.h"
#include "review/saturated.h"

namespace shoal::review {
namespace {

using namespace gpu;

struct Again {
  u32 first_step = kNone, writes = 0, unchanged = 0;
  u64 bytes = 0;
  std::vector<Claim> claims;
};

// How many writes go before each submission: of all, or of one texture.
using WriteCounts = std::map<u32, u32>;

u32 submission_behind(const TraceModel& model, u32 step) {
  const auto& submissions = model.submissions();
  return static_cast<u32>(std::ranges::lower_bound(submissions, step, {}, &Submission::step) - submissions.begin());
}

WriteCounts count_writes(const TraceModel& model) {
  WriteCounts counts;
  for (u32 step = 0; step < model.steps().size(); ++step) {
    const u32 opcode = model.steps()[step].opcode;
    if (opcode == WriteBuffer::kOpcode || opcode == WriteBufferFromBlob::kOpcode ||
        opcode == WriteTexture::kOpcode || opcode == WriteTextureFromBlob::kOpcode)
      ++counts[submission_behind(model, step)];
  }
  return counts;
}

// Where no write of `counts` is left before a submission, the last of those that go takes `us` more with it.
void claim_first(const TraceModel& model, const WriteCounts& counts, double us, std::vector<Claim>& claims) {
  WriteCounts left = counts;
  for (Claim& claim : claims) {
    if (--left[submission_behind(model, claim.step)] == 0)
      claim.ns = saturated(static_cast<double>(claim.ns) + 1000 * us);
  }
}

constexpr u64 kLeastBytes = 1024;  // of a write: below, asking whether something changed costs as much
constexpr u32 kLeastTimes = 4;

void add(Again& again, const Subject& subject, u32 step, u64 bytes, double upload_ns) {
  if (again.first_step == kNone) again.first_step = step;
  ++again.unchanged;
  again.bytes += bytes;
  again.claims.push_back({step, subject.costs.whole(subject.model.steps()[step].duration_ns, upload_ns)});
}

void report(const Subject& subject, u32 object, Again again, const WriteCounts& all,
            std::vector<Finding>& findings) {
  if (again.unchanged < kLeastTimes || 2 * again.unchanged < again.writes) return;
  claim_first(subject.model, all, subject.costs.first_write_us, again.claims);
  Finding finding{
      .what = fmt::format("{} of {} writes to {} bring the bytes that are there already, {} in all.",
                          again.unchanged, again.writes, subject.model.name(object), format_bytes(again.bytes)),
      .todo = "Write it when its contents change: keep a version or a dirty flag beside them.",
      .step = again.first_step,
      .object = subject.model.name(object),
      .claims = std::move(again.claims)};
  for (const Claim& claim : finding.claims) finding.fix.drop(claim.step);
  findings.push_back(std::move(finding));
}

bool is_same(std::span<const std::byte> a, std::span<const std::byte> b) {
  return a.size() == b.size() && (a.data() == b.data() || std::memcmp(a.data(), b.data(), a.size()) == 0);
}

// A region of a texture is told by its place, and any other write of the texture since then may have changed it.
void find_textures(const Subject& subject, const WriteCounts& all, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  using Region = std::array<u32, 10>;
  u64 compared = 0;
  for (const auto& [texture, accesses] : model.all_accesses()) {
    Again again;
    WriteCounts to_texture;
    std::map<Region, std::span<const std::byte>> known;
    for (const Access& access : accesses) {
      if (compared > kMostComparedBytes) return;
      if (!access.writes) continue;
      const auto take = [&](const auto& command) {
        const auto data = model.payload(command);
        const Region region{command.target.mip_level,
                            command.target.x,
                            command.target.y,
                            command.target.z,
                            static_cast<u32>(command.target.aspect),
                            command.size.width,
                            command.size.height,
                            command.size.depth_or_layers,
                            command.layout.bytes_per_row,
                            command.layout.rows_per_image};
        ++again.writes;
        ++to_texture[submission_behind(model, access.step)];
        compared += data.size();
        const auto before = known.find(region);
        if (data.size() >= kLeastBytes && before != known.end() && is_same(before->second, data)) {
          return add(again, subject, access.step, data.size(), subject.costs.texture_upload_ns(data.size()));
        }
        // What was known of other regions may lie under this one.
        if (before == known.end()) known.clear();
        known[region] = data;
      };
      const u32 opcode = model.steps()[access.step].opcode;
      if (opcode == WriteTexture::kOpcode) {
        take(model.read<WriteTexture>(access.step));
      } else if (opcode == WriteTextureFromBlob::kOpcode) {
        take(model.read<WriteTextureFromBlob>(access.step));
      } else {
        known.clear();
      }
    }
    claim_first(model, to_texture, subject.costs.first_texture_write_us, again.claims);
    report(subject, texture, std::move(again), all, findings);
  }
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  std::map<u32, Again> found;
  visit_buffer_writes(
      model, [&](u32 step, u32 buffer, const KnownBytes& known, u64 offset, std::span<const std::byte> data) {
        Again& again = found[buffer];
        ++again.writes;
        if (data.size() >= kLeastBytes && known.holds(offset, data))
          add(again, subject, step, data.size(), subject.costs.upload_ns(data.size()));
      });
  const WriteCounts all = count_writes(model);
  for (auto& [buffer, again] : found) report(subject, buffer, std::move(again), all, findings);
  find_textures(subject, all, findings);
}

}  // namespace

const Rule kUnchangedUpload = {
    .name = "unchanged-upload",
    .title = "Uploads bytes that did not change",
    .why =
        "A write copies the bytes into staging memory, and from there to the buffer or texture when the next "
        "submission runs. When they are the bytes that are there already, both copies are for nothing, and passes "
        "that need the resource wait for the second.",
    .before = "function frame() {\n  queue.writeBuffer(lights, 0, lightData);\n  ...\n}",
    .after = "function frame() {\n  if (lightsChanged) queue.writeBuffer(lights, 0, lightData);\n  ...\n}",
    .when_not =
        "Where the bytes are few, or where finding out whether they changed costs more than writing them. Writes "
        "below 1 KiB are not reported.",
    .find = find,
};

}  // namespace shoal::review
