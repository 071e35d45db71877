#include "query/row_program.h"

#include <algorithm>

#include <fmt/format.h>

namespace shoal::query {
namespace {

constexpr char kComponents[] = {'x', 'y', 'z', 'w'};

// The code of slot 2 in row k of four, as loads() names it.
std::string code_argument(const std::vector<SlotShape>& slots, size_t slot, u32 k) {
  return slots[slot].wide ? fmt::format("c{}_{}", slot, k) : fmt::format("c{}.{}", slot, kComponents[k]);
}

// Bit s: slot s is not null in row k of four.
std::string valid_argument(const std::vector<SlotShape>& slots, u32 k) {
  u32 always = 0;
  std::string text;
  for (size_t slot = 0; slot < slots.size(); ++slot) {
    if (!slots[slot].nullable) {
      always |= 1u << slot;
    } else {
      text += fmt::format(" | (((v{} >> {}u) & 1u) << {}u)", slot, k, slot);
    }
  }
  return fmt::format("{}u{}", always, text);
}

// `guard[slot]`: a condition of the program under which alone the slot is read; empty: always.
std::string loads(const std::vector<SlotShape>& slots, const std::vector<std::string>& guard = {}) {
  std::string text;
  for (size_t slot = 0; slot < slots.size(); ++slot) {
    const bool is_guarded = slot < guard.size() && !guard[slot].empty();
    const auto load = [&](const std::string& name, std::string_view type, const std::string& call) {
      text += is_guarded ? fmt::format("  var {0}: {1};\n  if {2} {{\n    {0} = {3};\n  }}\n", name, type,
                                       guard[slot], call)
                         : fmt::format("  let {} = {};\n", name, call);
    };
    if (!slots[slot].wide) {
      load(fmt::format("c{}", slot), "vec4u", fmt::format("narrow_codes({}u, row)", slot));
    } else {
      for (u32 k = 0; k < 4; ++k) {
        load(fmt::format("c{}_{}", slot, k), "vec2u", fmt::format("wide_code({}u, row + {}u)", slot, k));
      }
    }
    if (slots[slot].nullable) text += fmt::format("  let v{0} = validity_bits({0}u, row);\n", slot);
  }
  return text;
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
  std::string text = row_function(slots, filter_slots);
  text += "\nfn bins(row: u32, is_shown: bool) -> vec4u {\n" + loads(slots, guard) + "  return vec4u(";
  for (u32 k = 0; k < 4; ++k) {
    text += k == 0 ? "bin_of_row(" : ",\n               bin_of_row(";
    for (size_t slot = 0; slot < slots.size(); ++slot) text += code_argument(slots, slot, k) + ", ";
    text += valid_argument(slots, k) + ", is_shown)";
  }
  text += ");\n}\n\nfn block_passes(block: u32) -> bool {\n  var passes = true;\n";
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
  std::string text = "fn row_counts(";
  for (size_t slot = 0; slot < filter_slots; ++slot) {
    text += fmt::format("c{}: {}, ", slot, slots[slot].wide ? "vec2u" : "u32");
  }
  text += "valid: u32) -> bool {\n  return keep(";
  for (size_t slot = 0; slot < filter_slots; ++slot) text += fmt::format("c{}, ", slot);
  text += "valid)";
  if (measured && slots[*measured].nullable) text += fmt::format(" && (valid & {}u) != 0u", 1u << *measured);
  text += ";\n}\n\nfn elements(row: u32) -> Elements {\n" + loads(slots) + "  var present = 0u;\n";
  for (u32 k = 0; k < 4; ++k) {
    text += "  present |= select(0u, " + std::to_string(1u << k) + "u, row_counts(";
    for (size_t slot = 0; slot < filter_slots; ++slot) text += code_argument(slots, slot, k) + ", ";
    text += valid_argument(slots, k) + "));\n";
  }
  if (!measured) return text + "  return Elements(vec4u(0u), present);\n}\n";
  if (!slots[*measured].wide) return text + fmt::format("  return Elements(c{}, present);\n}}\n", *measured);
  return text + fmt::format(
                    "  return Elements(vec4u(c{0}_0.x, c{0}_1.x, c{0}_2.x, c{0}_3.x),\n"
                    "                  vec4u(c{0}_0.y, c{0}_1.y, c{0}_2.y, c{0}_3.y), present);\n}}\n",
                    *measured);
}

}  // namespace shoal::query
