#include "query/row_program.h"

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

std::string loads(const std::vector<SlotShape>& slots) {
  std::string text;
  for (size_t slot = 0; slot < slots.size(); ++slot) {
    if (!slots[slot].wide) {
      text += fmt::format("  let c{0} = four_narrow({0}u, row);\n", slot);
    } else {
      for (u32 k = 0; k < 4; ++k) text += fmt::format("  let c{0}_{1} = one_wide({0}u, row + {1}u);\n", slot, k);
    }
    if (slots[slot].nullable) text += fmt::format("  let v{0} = four_valid({0}u, row);\n", slot);
  }
  return text;
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
    return fmt::format("one_{}_bin({}u, c{})", slots[axis].wide ? "wide" : "narrow", axis, axis);
  };
  return fmt::format(
      "fn bin_of_row({}valid: u32) -> u32 {{\n"
      "  if !keep({}{}) {{\n    return 0xffffffffu;\n  }}\n"
      "  if (valid & 3u) != 3u {{\n    return 0xfffffffeu;\n  }}\n"
      "  return bin_of({}, {});\n}}\n",
      parameters, arguments, filter_valid.empty() ? "0u" : filter_valid, bin(0), bin(1));
}

}  // namespace

std::string density_row_program(const std::vector<SlotShape>& slots, const CompiledFilter& filter,
                                const std::vector<size_t>& filter_slots) {
  std::string text = row_function(slots, filter_slots);
  text += "\nfn bins(row: u32) -> vec4u {\n" + loads(slots) + "  return vec4u(";
  for (u32 k = 0; k < 4; ++k) {
    text += k == 0 ? "bin_of_row(" : ",\n               bin_of_row(";
    for (size_t slot = 0; slot < slots.size(); ++slot) text += code_argument(slots, slot, k) + ", ";
    text += valid_argument(slots, k) + ")";
  }
  text += ");\n}\n\nfn block_passes(block: u32) -> bool {\n  var passes = true;\n";
  for (size_t k = 0; k < filter_slots.size(); ++k) {
    if (filter.bounds[k].null_may_pass) continue;
    text += fmt::format("  passes = passes && keep_{}_block({}u, block, {}u);\n",
                        slots[filter_slots[k]].wide ? "wide" : "narrow", filter_slots[k], 4 * k);
  }
  return text + "  return passes;\n}\n";
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
    text += "  if row_counts(";
    for (size_t slot = 0; slot < filter_slots; ++slot) text += code_argument(slots, slot, k) + ", ";
    text += fmt::format("{}) {{\n    present |= {}u;\n  }}\n", valid_argument(slots, k), 1u << k);
  }
  if (!measured) return text + "  return Elements(vec4u(0u), present);\n}\n";
  if (!slots[*measured].wide) return text + fmt::format("  return Elements(c{}, present);\n}}\n", *measured);
  return text + fmt::format(
                    "  return Elements(vec4u(c{0}_0.x, c{0}_1.x, c{0}_2.x, c{0}_3.x),\n"
                    "                  vec4u(c{0}_0.y, c{0}_1.y, c{0}_2.y, c{0}_3.y), present);\n}}\n",
                    *measured);
}

}  // namespace shoal::query
