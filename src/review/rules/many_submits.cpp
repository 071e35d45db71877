// Submissions with nothing between them that needs them apart.
#include <algorithm>
#include <unordered_set>

#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastRun = 4;

// The steps of submissions that fill what the host reads: it hears of their end, each by itself.
std::unordered_set<u32> awaited_submissions(const TraceModel& model) {
  std::unordered_set<u32> steps;
  model.for_each<MapAsync>([&](u32, const Step&, const MapAsync& command) {
    for (const Access& access : model.accesses(command.buffer)) {
      if (access.writes && access.submission < model.submissions().size())
        steps.insert(model.submissions()[access.submission].step);
    }
  });
  return steps;
}

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  Finding finding;
  u32 runs = 0, submissions = 0;
  std::vector<u32> run;           // steps
  std::unordered_set<u32> moved;  // command buffers
  const auto end_run = [&] {
    if (run.size() >= kLeastRun) {
      if (runs++ == 0) finding.step = run.front();
      submissions += static_cast<u32>(run.size());
      std::vector<u32> all;
      // A submission may wait for the GPU, which merging does not spare: the shortest waits least.
      u32 least_ns = kNone;
      for (const u32 step : run) least_ns = std::min(least_ns, model.steps()[step].duration_ns);
      for (const u32 step : run) {
        const auto command = model.read<Submit>(step);
        all.insert(all.end(), command.command_buffers.begin(), command.command_buffers.end());
        moved.insert(command.command_buffers.begin(), command.command_buffers.end());
        if (step == run.back()) break;
        finding.fix.drop(step);
        finding.claims.push_back({step, subject.costs.whole(least_ns, 1000 * subject.costs.submit_us)});
      }
      finding.fix.replace(run.back(), Submit{.command_buffers = all});
    }
    run.clear();
  };
  u32 frame = kNone;
  const std::unordered_set<u32> awaited = awaited_submissions(model);
  // What the queue does by itself, what the host hears of it, and what ends an object, all keep submissions apart.
  model.for_each<Submit, WriteBuffer, WriteBufferFromBlob, WriteTexture, WriteTextureFromBlob, MapAsync,
                 MapAsyncWrite, Unmap, OnSubmittedWorkDone, DestroyBuffer, DestroyTexture, DestroyQuerySet,
                 DestroyDevice, Poll, Present, FrameMark, GetCurrentTexture>(
      [&]<class C>(u32 step, const Step& said, const C&) {
        if constexpr (std::is_same_v<C, Submit>) {
          if (said.frame != frame) end_run();
          frame = said.frame;
          run.push_back(step);
          if (awaited.contains(step)) end_run();
        } else {
          end_run();
        }
      });
  end_run();
  if (runs == 0) return;
  // Released as soon as they were submitted, which they are later now.
  model.for_each<Release>([&](u32 step, const Step&, const Release& command) {
    if (moved.contains(command.object)) finding.fix.drop(step);
  });
  finding.what = fmt::format(
      "{} submissions follow each other in {} runs of {} on the average, with nothing between that "
      "needs them apart.",
      submissions, runs, submissions / runs);
  finding.todo = "Hand the command buffers to one submit, or encode them into one.";
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule kManySubmits = {
    .name = "many-submits",
    .title = "Submits piece by piece",
    .why =
        "A submission is checked as a whole, waits for its turn, is handed to the driver and signals its end, "
        "whether "
        "it holds one pass or a hundred. Command buffers of one submission are carried out in their order just as "
        "well.",
    .before =
        "for (const step of steps) {\n  const encoder = device.createCommandEncoder();\n  step.encode(encoder);\n  "
        "queue.submit([encoder.finish()]);\n}",
    .after =
        "const encoder = device.createCommandEncoder();\nfor (const step of steps) step.encode(encoder);\n"
        "queue.submit([encoder.finish()]);",
    .when_not =
        "Where the GPU would idle until a long frame is encoded: two or three submissions then start it early. "
        "Fewer "
        "than 4 in a row are not reported.",
    .find = find,
};

}  // namespace shoal::review
