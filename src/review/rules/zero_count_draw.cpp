// Draws of no vertices or instances, dispatches of no workgroups.
#include "base/text.h"
#include "review/rules/rules.h"

namespace shoal::review {
namespace {

using namespace gpu;

constexpr u32 kLeastTimes = 8;  // in the trace

void find(const Subject& subject, std::vector<Finding>& findings) {
  Finding finding;
  u32 draws = 0, empty = 0;
  subject.model.for_each<Draw, DrawIndexed, DispatchWorkgroups>(
      [&]<class C>(u32 step, const Step& said, const C& command) {
        ++draws;
        bool is_empty = false;
        if constexpr (std::is_same_v<C, Draw>) is_empty = command.vertex_count == 0 || command.instance_count == 0;
        if constexpr (std::is_same_v<C, DrawIndexed>)
          is_empty = command.index_count == 0 || command.instance_count == 0;
        if constexpr (std::is_same_v<C, DispatchWorkgroups>)
          is_empty = command.x == 0 || command.y == 0 || command.z == 0;
        if (!is_empty) return;
        if (empty++ == 0) finding.step = step;
        finding.claims.push_back(
            {step,
             subject.costs.whole(said.duration_ns, subject.costs.is_measured ? 1000 * subject.costs.state_us : 0)});
        finding.fix.drop(step);
      });
  if (empty < kLeastTimes) return;
  finding.what = fmt::format("{} of {} draws and dispatches are of nothing: a count of 0.", empty, draws);
  finding.todo = "Leave a draw out where its count is 0, and what is set only for it.";
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule kZeroCountDraw = {
    .name = "zero-count-draw",
    .title = "Draws nothing",
    .why = "A draw with a count of 0 is checked and recorded like any other, and so is what is set for it.",
    .before = "pass.draw(4, cell.people.length, 0, cell.first);",
    .after = "if (cell.people.length > 0) pass.draw(4, cell.people.length, 0, cell.first);",
    .when_not = "Where the count is known only to the GPU: an indirect draw of nothing is not reported.",
    .find = find,
};

}  // namespace shoal::review
