// A rule: what makes a WebGPU program slow, how it shows in a trace, and what to do about it. One file each.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "review/analysis/costs.h"
#include "review/analysis/trace_edit.h"
#include "review/analysis/trace_model.h"

namespace shoal::review {

struct Rule;

// What a step costs that need not be there. Steps are counted once, however many findings claim them.
struct Claim {
  u32 step = 0;
  u64 ns = 0;
};

struct Finding {
  std::string what;           // a sentence with the values
  std::string todo;           // a sentence: what to do here
  u32 step = 0;               // where it can be seen: its call stack is shown
  std::string object{};       // what it is about; "" where it is no one thing
  std::vector<Claim> claims;  // what it costs
  u64 saved_bytes = 0;        // of memory
  TraceEdit fix{};            // empty where only the program can be changed
  const Rule* rule = nullptr;
};

// What rules look at.
struct Subject {
  const TraceModel& model;
  const Costs& costs;
};

struct Rule {
  std::string_view name;   // unchanged-upload
  std::string_view title;  // what is wrong, in a few words
  std::string_view why;
  std::string_view before, after;  // code
  std::string_view when_not;       // when it is right as it is
  void (*find)(const Subject& subject, std::vector<Finding>& findings);
};

// In the order in which they are shown where they cost alike.
std::span<const Rule* const> all_rules();
const Rule* find_rule(std::string_view name);

}  // namespace shoal::review
