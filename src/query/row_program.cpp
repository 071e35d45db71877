#include "query/row_program.h"

#include <algorithm>

#include <fmt/format.h>

#include "query/aggregate_program.kernel.h"
#include "query/density_program.kernel.h"

namespace shoal::query {
namespace {

// One row of four: its number among them, and what of a vector is its.
struct Row {
  std::string number, component;
};
const Row kRows[] = {{"0u", ".x"}, {"1u", ".y"}, {"2u", ".z"}, {"3u", ".w"}};
const Row kRowOfLoop = {"k", "[k]"};

// The codes of slots 0 to `count` in that row, each with a comma behind it.
std::string code_arguments(const std::vector<SlotShape>& slots, size_t count, const Row& row) {
  std::string text;
  for (size_t slot = 0; slot < count; ++slot) {
    text += fmt::format("c{}{}, ", slot, slots[slot].wide ? "" : row.component);
  }
  return text;
}

// Bit s: slot s is not null in that row.
std::string valid_argument(const std::vector<SlotShape>& slots, const Row& row) {
  u32 always = 0;
  std::string text;
  for (size_t slot = 0; slot < slots.size(); ++slot) {
    if (!slots[slot].nullable) {
      always |= 1u << slot;
    } else {
      text += fmt::format(" | (((v{} >> {}) & 1u) << {}u)", slot, row.number, slot);
    }
  }
  return fmt::format("{}u{}", always, text);
}

bool has_search(const Formula& formula) {
  return formula.kind == Formula::Kind::kSortedRanges || std::ranges::any_of(formula.children, has_search);
}

bool has_search(const SlotShape& slot) { return slot.form == AxisForm::kNarrowEdges; }

// Reads four rows and does `statement` with each. Narrow codes are four to a vector and lie open, which is fastest.
// Where some slot has codes of two words, or bins or the filter are searched for, it is a loop that reads the wide
// codes of its row: four searches lying open took Chromium's software adapter half a minute to compile, and on
// others are no faster. `guard[slot]`: a condition under which alone the slot is read; empty: always.
template <class Statement>
std::string for_four_rows(const std::vector<SlotShape>& slots, const CompiledFilter& filter,
                          const std::vector<std::string>& guard, const Statement& statement) {
  std::string before, inside;
  for (size_t slot = 0; slot < slots.size(); ++slot) {
    const bool is_guarded = slot < guard.size() && !guard[slot].empty();
    const std::string call = slots[slot].wide ? fmt::format("wide_code({}u, row + k)", slot)
                                              : fmt::format("narrow_codes({}u, row)", slot);
    (slots[slot].wide ? inside : before) +=
        is_guarded ? fmt::format("  var c{0}: {1};\n  if {2} {{\n    c{0} = {3};\n  }}\n", slot,
                                 slots[slot].wide ? "vec2u" : "vec4u", guard[slot], call)
                   : fmt::format("  let c{} = {};\n", slot, call);
    if (slots[slot].nullable) before += fmt::format("  let v{0} = validity_bits({0}u, row);\n", slot);
  }
  const bool is_searched = has_search(filter.formula) ||
                           std::ranges::any_of(slots, [](const SlotShape& slot) { return has_search(slot); });
  if (inside.empty() && !is_searched) {
    for (const Row& row : kRows) before += statement(row);
    return before;
  }
  return before + "  for (var k = 0u; k < 4u; k++) {\n" + inside + statement(kRowOfLoop) + "  }\n";
}

std::string_view form_name(AxisForm form) {
  switch (form) {
    case AxisForm::kEven: return "even";
    case AxisForm::kTable: return "table";
    case AxisForm::kNarrowEdges: return "narrow";
    case AxisForm::kWideEdges: return "wide";
  }
  return "";
}

std::string row_function(const std::vector<SlotShape>& slots, const std::vector<size_t>& filter_slots) {
  std::string parameters, arguments, filter_valid;
  for (size_t slot = 0; slot < slots.size(); ++slot) {
    parameters += fmt::format("c{}: {}, ", slot, slots[slot].wide ? "vec2u" : "u32");
  }
  for (size_t k = 0; k < filter_slots.size(); ++k) {
    arguments += fmt::format("c{}, ", filter_slots[k]);
    filter_valid += fmt::format("{}(((valid >> {}u) & 1u) << {}u)", k == 0 ? "" : " | ", filter_slots[k], k);
  }
  const auto bin = [&](size_t axis) {
    return fmt::format("{}_bin({}u, c{})", form_name(slots[axis].form), axis, axis);
  };
  return fmt::format(
      "fn bin_of_row({}valid: u32, is_shown: bool) -> u32 {{\n"
      "  let place = select(0xfffffffdu, bin_of({}, {}), is_shown);\n"
      "  let placed = select(place, 0xfffffffeu, (valid & 3u) != 3u);\n"
      "  return select(0xffffffffu, placed, keep({}{}));\n}}\n",
      parameters, bin(0), bin(1), arguments, filter_valid.empty() ? "0u" : filter_valid);
}

}  // namespace

std::string density_row_program(const std::vector<SlotShape>& slots, const CompiledFilter& filter,
                                const std::vector<size_t>& filter_slots) {
  // What only the axes need is not read where they show nothing of the block.
  std::vector<std::string> guard;
  for (size_t axis = 0; axis < 2; ++axis) {
    guard.emplace_back(std::ranges::count(filter_slots, axis) == 0 ? "is_shown" : "");
  }
  std::string text = fmt::format("{}\n{}\n{}", density_program_kernel().variant({}).text, filter.wgsl,
                                 row_function(slots, filter_slots));
  text += "\nfn bins(row: u32, is_shown: bool) -> vec4u {\n  var bins: vec4u;\n" +
          for_four_rows(slots, filter, guard, [&](const Row& row) {
            return fmt::format("  bins{} = bin_of_row({}{}, is_shown);\n", row.component,
                               code_arguments(slots, slots.size(), row), valid_argument(slots, row));
          });
  text += "  return bins;\n}\n\nfn block_passes(block: u32) -> bool {\n  var passes = true;\n";
  for (size_t k = 0; k < filter_slots.size(); ++k) {
    if (filter.bounds[k].null_may_pass) continue;
    text += fmt::format("  passes = passes && keep_{}_block({}u, block, {}u);\n",
                        slots[filter_slots[k]].wide ? "wide" : "narrow", filter_slots[k], 4 * k);
  }
  const auto shows = [&](size_t axis) {
    return fmt::format("shows_{}_block({}u, block)", slots[axis].wide ? "wide" : "narrow", axis);
  };
  return text +
         fmt::format("  return passes;\n}}\n\nfn block_is_shown(block: u32) -> bool {{\n  return {} && {};\n}}\n",
                     shows(0), shows(1));
}

std::string element_row_program(const std::vector<SlotShape>& slots, const CompiledFilter& filter,
                                std::optional<size_t> measured) {
  const size_t filter_slots = filter.columns.size();
  std::string text =
      fmt::format("{}\n{}\nfn row_counts(", aggregate_program_kernel().variant({}).text, filter.wgsl);
  for (size_t slot = 0; slot < filter_slots; ++slot) {
    text += fmt::format("c{}: {}, ", slot, slots[slot].wide ? "vec2u" : "u32");
  }
  text += "valid: u32) -> bool {\n  return keep(";
  for (size_t slot = 0; slot < filter_slots; ++slot) text += fmt::format("c{}, ", slot);
  text += "valid)";
  if (measured && slots[*measured].nullable) text += fmt::format(" && (valid & {}u) != 0u", 1u << *measured);
  const bool is_wide = measured && slots[*measured].wide;
  text += fmt::format(";\n}}\n\nfn elements(row: u32) -> Elements {{\n  var present = 0u;\n{}",
                      is_wide ? "  var low: vec4u;\n  var high: vec4u;\n" : "");
  text += for_four_rows(slots, filter, {}, [&](const Row& row) {
    std::string statement = fmt::format("  present |= select(0u, 1u << {}, row_counts({}{}));\n", row.number,
                                        code_arguments(slots, filter_slots, row), valid_argument(slots, row));
    if (is_wide) statement += fmt::format("  low{0} = c{1}.x;\n  high{0} = c{1}.y;\n", row.component, *measured);
    return statement;
  });
  const std::string low = !measured ? "vec4u(0u)" : is_wide ? "low, high" : fmt::format("c{}", *measured);
  return text + fmt::format("  return Elements({}, present);\n}}\n", low);
}

}  // namespace shoal::query
