// What all languages say of an emitted pipeline, and how they spell names.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "emit/program.h"
#include "emit/record_pipeline.h"

namespace shoal::emit {

struct Emitted {
  Pipeline pipeline;
  Program program;
  TargetOptions target;
  bool uses_subgroups = false;
  std::string command;                // that made it
  std::vector<std::string> measured;  // sentences
};

// What it is, for how many elements, what it moves and takes, and what a device must offer.
std::vector<std::string> head_paragraphs(const Emitted& emitted);
// Broken into lines of at most 112 characters, each behind the prefix.
std::string comment(const std::vector<std::string>& paragraphs, std::string_view prefix);

// What the kernel calls what is bound there.
const std::string& variable_of(const Program& program, const Group& group, const Bound& bound);
// "reads keys, counts of step 3; writes sorted_keys": that of an earlier step is what the step waits for.
std::string step_sentence(const Program& program, size_t step);
// What an array is to its caller: "u32, 1,048,576 of them: 4,194,304 bytes. `count` elements."
std::string array_sentence(const Array& array);

std::string pascal(std::string_view name);    // SortUnique
std::string camel(std::string_view name);     // sortUnique
std::string constant(std::string_view name);  // kSortUnique

u64 scratch_bytes(const Program& program);
u64 largest_binding_bytes(const Program& program);
// How many words of its parameters a step's kernel reads behind the count.
std::vector<u32> parameters_of(const Program& program, const Step& step);
// What they are called, the count first: "Parameters: count, shift, digits[0..7]"; empty where there are none.
std::string parameters_sentence(const Kernel& kernel);
// The word as a number: hexadecimal where that says more.
std::string number(u32 word);

// Joined by commas, in lines of at most 116 characters: the first goes on behind so many, others are indented.
std::string wrapped(const std::vector<std::string>& items, size_t behind, size_t indent);

// Replaces each @NAME@.
struct Filled {
  std::string_view name;
  std::string text;
};
std::string fill_in(std::string_view pattern, const std::vector<Filled>& values);

}  // namespace shoal::emit
