// Two columns of strings on one scale: the rank of each string in the order of both dictionaries together.
#pragma once

#include <utility>
#include <vector>

#include "table/code_space.h"

namespace shoal::query {

// Entry i is the rank of code first_code + i; equal strings have equal ranks.
std::pair<std::vector<u32>, std::vector<u32>> common_ranks(const table::CodeSpace& a, const table::CodeSpace& b);

}  // namespace shoal::query
