#include "query/filter_wgsl.h"

#include <iterator>
#include <string_view>

#include <fmt/format.h>

namespace shoal::query {
namespace {

using Kind = Formula::Kind;

struct Library {
  std::string_view name;  // a text that calls the function has this in it
  std::string_view text;
};

// What formulas may call. A function comes behind those that call it, so one pass finds all that are needed.
constexpr Library kLibrary[] = {
    {"keep_in_sorted(", R"(
fn keep_in_sorted(code: u32, words: u32) -> bool {
  let offset = filter_word(words);
  let count = filter_word(words + 1u);
  var low = 0u;
  var high = count;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (filter_word(offset + middle) <= code) { low = middle + 1u; } else { high = middle; }
  }
  return low != 0u && code <= filter_word(offset + count + low - 1u);
}
)"},
    {"keep_in_sorted_wide(", R"(
fn keep_in_sorted_wide(code: vec2u, words: u32) -> bool {
  let offset = filter_word(words);
  let count = filter_word(words + 1u);
  var low = 0u;
  var high = count;
  while (low < high) {
    let middle = (low + high) / 2u;
    if (keep_less(code, keep_pair(offset + 2u * middle))) { high = middle; } else { low = middle + 1u; }
  }
  return low != 0u && !keep_less(keep_pair(offset + 2u * (count + low - 1u)), code);
}
)"},
    {"keep_in_table(", R"(
fn keep_in_table(code: u32, words: u32) -> bool {
  let bit = code - filter_word(words + 2u);
  return bit < filter_word(words + 1u) &&
    ((filter_word(filter_word(words) + (bit >> 5u)) >> (bit & 31u)) & 1u) != 0u;
}
)"},
    {"keep_in_table_wide(", R"(
fn keep_in_table_wide(code: vec2u, words: u32) -> bool {
  let bit = keep_subtract(code, keep_pair(words + 2u));
  return bit.y == 0u && bit.x < filter_word(words + 1u) &&
    ((filter_word(filter_word(words) + (bit.x >> 5u)) >> (bit.x & 31u)) & 1u) != 0u;
}
)"},
    {"keep_in_range(", R"(
fn keep_in_range(code: u32, words: u32) -> bool {
  return code >= filter_word(words) && code <= filter_word(words + 2u);
}
)"},
    {"keep_in_range_wide(", R"(
fn keep_in_range_wide(code: vec2u, words: u32) -> bool {
  return !keep_less(code, keep_pair(words)) && !keep_less(keep_pair(words + 2u), code);
}
)"},
    {"keep_rank(", R"(
fn keep_rank(code: u32, words: u32) -> u32 {
  let index = code - filter_word(words + 2u);
  if (index >= filter_word(words + 1u)) { return 0u; }
  return filter_word(filter_word(words) + index);
}
)"},
    {"keep_widened(", R"(
// The image of an f32 as the image of the same f64. -0 becomes +0, as everywhere in comparisons.
fn keep_widened(image: u32) -> vec2u {
  let is_negative = image < 0x80000000u;
  let bits = select(image ^ 0x80000000u, ~image, is_negative) & 0x7fffffffu;
  var exponent = bits >> 23u;
  var fraction = bits & 0x7fffffu;
  var wide = vec2u(0u, 0u);
  if (exponent == 255u) {
    wide = vec2u(fraction << 29u, 0x7ff00000u | (fraction >> 3u));
  } else if (bits != 0u) {
    if (exponent == 0u) {
      let shift = countLeadingZeros(fraction) - 8u;
      fraction = (fraction << shift) & 0x7fffffu;
      exponent = 1u - shift;
    }
    wide = vec2u(fraction << 29u, ((exponent + 896u) << 20u) | (fraction >> 3u));
  } else {
    return vec2u(0u, 0x80000000u);
  }
  return select(vec2u(wide.x, wide.y ^ 0x80000000u), vec2u(~wide.x, ~(wide.y ^ 0x80000000u)), is_negative);
}
)"},
    {"keep_without_minus_zero(", R"(
fn keep_without_minus_zero(image: u32) -> u32 { return select(image, 0x80000000u, image == 0x7fffffffu); }
)"},
    {"keep_without_minus_zero_wide(", R"(
fn keep_without_minus_zero_wide(image: vec2u) -> vec2u {
  return select(image, vec2u(0u, 0x80000000u), image.x == 0xffffffffu && image.y == 0x7fffffffu);
}
)"},
    {"keep_value(", R"(
fn keep_value(code: vec2u, words: u32) -> vec2u { return keep_add(code, keep_pair(words)); }
)"},
    {"keep_scaled_value(", R"(
fn keep_scaled_value(code: vec2u, words: u32) -> vec2u {
  return keep_add(keep_multiply(code, keep_pair(words + 2u)), keep_pair(words));
}
)"},
    {"keep_multiply(", R"(
fn keep_multiply(a: vec2u, b: vec2u) -> vec2u {
  let low_low = (a.x & 0xffffu) * (b.x & 0xffffu);
  let low_high = (a.x & 0xffffu) * (b.x >> 16u);
  let high_low = (a.x >> 16u) * (b.x & 0xffffu);
  let middle = (low_low >> 16u) + (low_high & 0xffffu) + (high_low & 0xffffu);
  let carry = (middle >> 16u) + (low_high >> 16u) + (high_low >> 16u) + (a.x >> 16u) * (b.x >> 16u);
  return vec2u(a.x * b.x, carry + a.x * b.y + a.y * b.x);
}
)"},
    {"keep_add(", R"(
fn keep_add(a: vec2u, b: vec2u) -> vec2u {
  let low = a.x + b.x;
  return vec2u(low, a.y + b.y + select(0u, 1u, low < a.x));
}
)"},
    {"keep_subtract(", R"(
fn keep_subtract(a: vec2u, b: vec2u) -> vec2u {
  return vec2u(a.x - b.x, a.y - b.y - select(0u, 1u, a.x < b.x));
}
)"},
    {"keep_ordered(", R"(
// Signed numbers in the order of unsigned ones.
fn keep_ordered(a: vec2u) -> vec2u { return vec2u(a.x, a.y ^ 0x80000000u); }
)"},
    {"keep_less(", R"(
fn keep_less(a: vec2u, b: vec2u) -> bool { return a.y < b.y || (a.y == b.y && a.x < b.x); }
)"},
    {"keep_pair(", R"(
fn keep_pair(words: u32) -> vec2u { return vec2u(filter_word(words), filter_word(words + 1u)); }
)"},
};

// `a comparison b` for expressions of a type with operators of its own.
std::string scalar_order(const std::string& a, Comparison comparison, const std::string& b) {
  constexpr std::string_view kOperators[] = {"==", "!=", "<", "<=", ">", ">="};
  return fmt::format("({} {} {})", a, kOperators[static_cast<size_t>(comparison)], b);
}

// The same for unsigned numbers of two words.
std::string wide_order(const std::string& a, Comparison comparison, const std::string& b) {
  switch (comparison) {
    case Comparison::kEqual: return fmt::format("all({} == {})", a, b);
    case Comparison::kNotEqual: return fmt::format("any({} != {})", a, b);
    case Comparison::kLess: return fmt::format("keep_less({}, {})", a, b);
    case Comparison::kLessEqual: return fmt::format("!keep_less({}, {})", b, a);
    case Comparison::kGreater: return fmt::format("keep_less({}, {})", b, a);
    case Comparison::kGreaterEqual: return fmt::format("!keep_less({}, {})", a, b);
  }
  return "false";
}

class Writer {
 public:
  explicit Writer(const std::vector<bool>& slot_is_wide) : slot_is_wide_(slot_is_wide) {}

  std::string condition(const Formula& formula) const {
    switch (formula.kind) {
      case Kind::kTrue: return "true";
      case Kind::kFalse: return "false";
      case Kind::kAnd:
      case Kind::kOr: {
        std::string text;
        for (const Formula& child : formula.children) {
          if (!text.empty()) text += formula.kind == Kind::kAnd ? " && " : " || ";
          text += condition(child);
        }
        return "(" + text + ")";
      }
      case Kind::kNot: return "!" + condition(formula.children[0]);
      case Kind::kIsValid: return fmt::format("((valid & {0}u) == {0}u)", formula.mask);
      case Kind::kRanges:
      case Kind::kBitTable:
      case Kind::kSortedRanges: return membership(formula);
      case Kind::kIntegerOrder: return integer_order(formula);
      case Kind::kFloatOrder: {
        const std::string a = image(formula.floats[0], formula.is_wide);
        const std::string b = image(formula.floats[1], formula.is_wide);
        return formula.is_wide ? wide_order(a, formula.comparison, b) : scalar_order(a, formula.comparison, b);
      }
      case Kind::kStringOrder:
        return scalar_order(fmt::format("keep_rank(c{}, {}u)", formula.slot, formula.word), formula.comparison,
                            fmt::format("keep_rank(c{}, {}u)", formula.other_slot, formula.word + 4));
    }
    return "false";
  }

 private:
  static std::string membership(const Formula& formula) {
    const std::string_view wide = formula.is_wide ? "_wide" : "";
    std::string test;
    if (formula.kind == Kind::kRanges) {
      for (u32 i = 0; i < formula.range_count; ++i) {
        if (i > 0) test += " || ";
        test += fmt::format("keep_in_range{}(c{}, {}u)", wide, formula.slot, formula.word + 4 * i);
      }
      if (formula.range_count > 1) test = "(" + test + ")";
    } else {
      test = fmt::format("keep_in_{}{}(c{}, {}u)", formula.kind == Kind::kBitTable ? "table" : "sorted", wide,
                         formula.slot, formula.word);
    }
    if (formula.is_negated) test = "!" + test;
    if (!formula.is_nullable) return test;
    const u32 bit = u32{1} << formula.slot;
    return formula.null_passes ? fmt::format("((valid & {}u) == 0u || {})", bit, test)
                               : fmt::format("((valid & {}u) != 0u && {})", bit, test);
  }

  std::string integer_order(const Formula& formula) const {
    const std::string a = number(formula.arithmetic[0], formula.is_wide);
    const std::string b = number(formula.arithmetic[1], formula.is_wide);
    if (formula.is_wide) {
      return wide_order("keep_ordered(" + a + ")", formula.comparison, "keep_ordered(" + b + ")");
    }
    return scalar_order(a, formula.comparison, b);
  }

  // An i32 expression, or a vec2u one of 64 bits in two's complement.
  std::string number(const Arithmetic& node, bool is_wide) const {
    switch (node.op) {
      case Arithmetic::Op::kColumn: return is_wide ? wide_column(node) : narrow_column(node);
      case Arithmetic::Op::kConstant:
        return is_wide ? fmt::format("keep_pair({}u)", node.word)
                       : fmt::format("bitcast<i32>(filter_word({}u))", node.word);
      default: break;
    }
    const std::string a = number(node.operands[0], is_wide);
    const std::string b = number(node.operands[1], is_wide);
    const size_t which = static_cast<size_t>(node.op) - static_cast<size_t>(Arithmetic::Op::kAdd);
    constexpr std::string_view kOperators[] = {"+", "-", "*"};
    constexpr std::string_view kFunctions[] = {"keep_add", "keep_subtract", "keep_multiply"};
    return is_wide ? fmt::format("{}({}, {})", kFunctions[which], a, b)
                   : fmt::format("({} {} {})", a, kOperators[which], b);
  }
  std::string narrow_column(const Arithmetic& node) const {
    const std::string code =
        slot_is_wide_[node.slot] ? fmt::format("c{}.x", node.slot) : fmt::format("c{}", node.slot);
    const std::string scaled = node.is_scaled ? fmt::format("{} * filter_word({}u)", code, node.word + 2) : code;
    return fmt::format("bitcast<i32>({} + filter_word({}u))", scaled, node.word);
  }
  std::string wide_column(const Arithmetic& node) const {
    const std::string code =
        slot_is_wide_[node.slot] ? fmt::format("c{}", node.slot) : fmt::format("vec2u(c{}, 0u)", node.slot);
    return fmt::format("{}({}, {}u)", node.is_scaled ? "keep_scaled_value" : "keep_value", code, node.word);
  }

  static std::string image(const FloatOperand& operand, bool is_wide) {
    if (operand.widen) return fmt::format("keep_widened(c{})", operand.slot);
    return fmt::format("keep_without_minus_zero{}(c{})", is_wide ? "_wide" : "", operand.slot);
  }

  const std::vector<bool>& slot_is_wide_;
};

}  // namespace

std::string filter_wgsl(const Formula& formula, const std::vector<bool>& slot_is_wide) {
  std::string parameters;
  for (size_t slot = 0; slot < slot_is_wide.size(); ++slot) {
    parameters += fmt::format("c{}: {}, ", slot, slot_is_wide[slot] ? "vec2u" : "u32");
  }
  std::string text = fmt::format("fn keep({}valid: u32) -> bool {{\n  return {};\n}}\n", parameters,
                                 Writer(slot_is_wide).condition(formula));
  for (const Library& function : kLibrary) {
    if (text.find(function.name) != std::string::npos) text += function.text.substr(1);
  }
  return text;
}

}  // namespace shoal::query
