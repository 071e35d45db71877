// What has to be folded on the GPU for a list of aggregates, and what is known without it.
#pragma once

#include <optional>
#include <vector>

#include "query/block_pruning.h"
#include "query/expression_aggregate.h"
#include "query/filter.h"
#include "table/table.h"

namespace shoal::query {

// One column over the rows that pass, and what it is folded into.
struct Measure {
  std::optional<size_t> column;  // none: the rows themselves
  bool reduce = false;           // count, sum, minimum and maximum of codes
  bool float_sum = false;
  bool used_codes = false;  // of strings, whose codes are in no order

  friend bool operator==(const Measure&, const Measure&) = default;
};

struct AggregatePlan {
  std::vector<Aggregate> aggregates;
  CompiledFilter filter;  // of all where every row passes
  BlocksToRead read;
  std::vector<Measure> measures;  // empty: the plan answers without a GPU
};

// The columns of filter and aggregates are in the table.
AggregatePlan plan_aggregates(const table::Table& table, std::vector<Aggregate> aggregates, CompiledFilter filter);

}  // namespace shoal::query
