// The CPU twin of filter_wgsl.cpp: carries out the same formula on the same words.
#include "query/filter.h"

namespace shoal::query {
namespace {

using Kind = Formula::Kind;

class Twin {
 public:
  Twin(std::span<const u32> words, std::span<const u64> codes, u32 valid)
      : words_(words), codes_(codes), valid_(valid) {}

  bool keep(const Formula& formula) const {
    switch (formula.kind) {
      case Kind::kTrue: return true;
      case Kind::kFalse: return false;
      case Kind::kAnd:
        for (const Formula& child : formula.children) {
          if (!keep(child)) return false;
        }
        return true;
      case Kind::kOr:
        for (const Formula& child : formula.children) {
          if (keep(child)) return true;
        }
        return false;
      case Kind::kNot: return !keep(formula.children[0]);
      case Kind::kIsValid: return (valid_ & formula.mask) == formula.mask;
      case Kind::kRanges:
      case Kind::kBitTable:
      case Kind::kSortedRanges:
        if (formula.is_nullable && (valid_ & (u32{1} << formula.slot)) == 0) return formula.null_passes;
        return contains(formula) != formula.is_negated;
      case Kind::kIntegerOrder: {
        const u64 a = number(formula.arithmetic[0]);
        const u64 b = number(formula.arithmetic[1]);
        if (formula.is_wide) return compare(static_cast<i64>(a), formula.comparison, static_cast<i64>(b));
        return compare(static_cast<i32>(low_word(a)), formula.comparison, static_cast<i32>(low_word(b)));
      }
      case Kind::kFloatOrder:
        return compare(image(formula.floats[0], formula.is_wide), formula.comparison,
                       image(formula.floats[1], formula.is_wide));
      case Kind::kStringOrder:
        return compare(rank(code(formula.slot, false), formula.word), formula.comparison,
                       rank(code(formula.other_slot, false), formula.word + 4));
    }
    return false;
  }

 private:
  template <class T>
  static bool compare(T a, Comparison comparison, T b) {
    switch (comparison) {
      case Comparison::kEqual: return a == b;
      case Comparison::kNotEqual: return a != b;
      case Comparison::kLess: return a < b;
      case Comparison::kLessEqual: return a <= b;
      case Comparison::kGreater: return a > b;
      case Comparison::kGreaterEqual: return a >= b;
    }
    return false;
  }

  u64 pair(u32 word) const { return join_words(words_[word], words_[word + 1]); }
  u64 code(u32 slot, bool is_wide) const { return is_wide ? codes_[slot] : low_word(codes_[slot]); }

  bool contains(const Formula& formula) const {
    const u64 own = code(formula.slot, formula.is_wide);
    if (formula.kind == Kind::kBitTable) {
      const u64 bit = own - pair(formula.word + 2);
      if (bit >= words_[formula.word + 1]) return false;
      return ((words_[words_[formula.word] + low_word(bit) / 32] >> (bit % 32)) & 1u) != 0;
    }
    if (formula.kind == Kind::kSortedRanges) return in_sorted(formula, own);
    for (u32 i = 0; i < formula.range_count; ++i) {
      const u32 word = formula.word + 4 * i;
      if (own >= pair(word) && own <= pair(word + 2)) return true;
    }
    return false;
  }

  bool in_sorted(const Formula& formula, u64 own) const {
    const u32 offset = words_[formula.word];
    const u32 count = words_[formula.word + 1];
    const auto entry = [&](u32 index) {
      return formula.is_wide ? pair(offset + 2 * index) : u64{words_[offset + index]};
    };
    u32 low = 0;
    for (u32 high = count; low < high;) {
      const u32 middle = (low + high) / 2;
      if (entry(middle) <= own) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low != 0 && own <= entry(count + low - 1);
  }

  // Modulo 2^64; the low word is the number modulo 2^32.
  u64 number(const Arithmetic& node) const {
    switch (node.op) {
      case Arithmetic::Op::kColumn: return codes_[node.slot] * pair(node.word + 2) + pair(node.word);
      case Arithmetic::Op::kConstant: return pair(node.word);
      case Arithmetic::Op::kAdd: return number(node.operands[0]) + number(node.operands[1]);
      case Arithmetic::Op::kSubtract: return number(node.operands[0]) - number(node.operands[1]);
      case Arithmetic::Op::kMultiply: return number(node.operands[0]) * number(node.operands[1]);
    }
    return 0;
  }

  u64 image(const FloatOperand& operand, bool is_wide) const {
    const u64 own = code(operand.slot, is_wide && !operand.widen);
    if (operand.widen) {
      const table::CodeSpace narrow{};
      return without_minus_zero(table::f64_image(table::float_of_code(narrow, own)), true);
    }
    return without_minus_zero(own, is_wide);
  }
  static u64 without_minus_zero(u64 image, bool is_wide) {
    const u64 zero = is_wide ? u64{1} << 63 : u64{1} << 31;
    return image == zero - 1 ? zero : image;
  }

  u32 rank(u64 own, u32 word) const {
    const u32 index = low_word(own) - words_[word + 2];
    return index < words_[word + 1] ? words_[words_[word] + index] : 0;
  }

  std::span<const u32> words_;
  std::span<const u64> codes_;
  u32 valid_;
};

}  // namespace

bool keep_reference(const CompiledFilter& filter, std::span<const u64> codes, u32 valid) {
  return Twin(filter.words, codes, valid).keep(filter.formula);
}

}  // namespace shoal::query
