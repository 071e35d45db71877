// Where an axis is marked, and what is written there.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/int.h"
#include "plot/scale.h"

namespace shoal::plot {

struct Tick {
  double position = 0;  // 0 at the axis' low end, 1 at its high end
  std::string label;
  std::string context;  // what `label` leaves out: the year of a month. Shown where it is not the last tick's.
};

struct Ticks {
  std::vector<Tick> ticks;  // from low to high
  std::string offset;       // "" or a number to be added to every label
};

// The name of a code, as UTF-8 that may be invalid.
using CategoryLabel = std::function<std::string(u64 code)>;

// At most `most` ticks at round values inside the domain: 1, 2 or 5 x 10^k for numbers, calendar units for times,
// every k-th code for categories (`category` names them; codes are written as numbers when it is empty).
Ticks axis_ticks(const Domain& domain, u32 most, const CategoryLabel& category = {});

// Of times only; axis_ticks comes here.
Ticks time_ticks(const Domain& domain, u32 most);

// The fewest of `ticks`, evenly spaced, that are at most `most`.
void thin(std::vector<Tick>& ticks, u32 most);

}  // namespace shoal::plot
