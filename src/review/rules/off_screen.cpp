// Draws that no pixel can see.
#include <map>

#include "base/text.h"
#include "review/analysis/drawn.h"
#include "review/analysis/fragment_storage.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastTimes = 32;   // in the trace
constexpr u32 kLeastPerPass = 8;  // in a pass, for it to count
constexpr u32 kShare = 4;         // of the draws at least one in so many

void find(const Subject& subject, std::vector<Finding>& findings) {
  const TraceModel& model = subject.model;
  std::map<u32, std::vector<Drawn>> outside;  // by the step that begins the pass
  u32 draws = 0, unseen = 0;
  visit_drawn(model, [&](const Drawn& drawn) {
    ++draws;
    if (drawn.is_outside) outside[drawn.pass_step].push_back(drawn);
  });
  Finding finding;
  const auto with_storage = pipelines_with_fragment_storage(model);
  for (const auto& [pass, draws_outside] : outside) {
    if (draws_outside.size() < kLeastPerPass) continue;
    if (unseen == 0) finding.step = draws_outside.front().step;
    unseen += static_cast<u32>(draws_outside.size());
    for (const Drawn& drawn : draws_outside) {
      const double ns = subject.costs.draw_ns(with_storage.contains(drawn.pipeline));
      finding.claims.push_back({drawn.step, subject.costs.whole(model.steps()[drawn.step].duration_ns, ns)});
      finding.fix.drop(drawn.step);
    }
  }
  if (unseen < kLeastTimes || kShare * unseen < draws) return;
  finding.what = fmt::format(
      "{} of {} draws lie wholly outside of the picture, as their vertices and shaders tell.", unseen, draws);
  finding.todo = "Compare each object's bounds with the view before drawing it.";
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule kOffScreen = {
    .name = "off-screen",
    .title = "Draws what lies outside of the picture",
    .why =
        "The GPU reads and transforms every vertex of a draw before it finds that no triangle is left, and the "
        "call "
        "costs the host as much as any other.",
    .before = "for (const room of rooms) room.draw(pass);",
    .after = "for (const room of rooms) if (overlaps(room.bounds, view)) room.draw(pass);",
    .when_not =
        "Where there are few: below 8 a pass they are not counted. Looked at are draws whose vertices were "
        "uploaded and "
        "whose shader works their places out from those alone, and empty scissor rectangles and viewports.",
    .find = find,
};

}  // namespace shoal::review
