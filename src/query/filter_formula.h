// What a filter is once types and three-valued logic are worked out: a two-valued formula over column codes and
// validity bits. The kernel's text and the CPU twin are both made from it. Numbers that an edit of the
// expression moves are not in it but in the filter's words, so the formula is the *shape* of the filter.
#pragma once

#include <vector>

#include "base/int.h"
#include "query/expression.h"

namespace shoal::query {

// Integer arithmetic on the values behind codes, modulo 2^32 or 2^64; the compiler has proved that no result
// leaves the signed range. Words of a number are low first.
struct Arithmetic {
  enum class Op : u8 {
    kColumn,    // words: base (2), divisor (2)
    kConstant,  // words: the number (2)
    kAdd,
    kSubtract,
    kMultiply,
  };
  Op op = Op::kConstant;
  u32 slot = 0;
  u32 word = 0;
  bool is_scaled = false;  // kColumn: the divisor is not 1
  std::vector<Arithmetic> operands;
};

// A float column seen in the order of its values.
struct FloatOperand {
  u32 slot = 0;
  bool widen = false;  // an f32 image that is compared with an f64 image
};

struct Formula {
  enum class Kind : u8 {
    kTrue,
    kFalse,
    kAnd,
    kOr,
    kNot,
    kIsValid,       // no column of `mask` is null
    kRanges,        // the code of `slot` is in one of `range_count` ranges. words: 4 each, first and last
    kBitTable,      // its bit is set. words: offset, count, first code (2); at offset: the bits
    kSortedRanges,  // it is in one of many ranges. words: offset, count; at offset: firsts, then lasts
    kIntegerOrder,  // arithmetic[0] compares so with arithmetic[1]
    kFloatOrder,    // floats[0] compares so with floats[1]
    kStringOrder,   // the ranks of two strings compare so. words, twice: offset, count, first code, 0
  };
  Kind kind = Kind::kTrue;
  u32 slot = 0;
  u32 other_slot = 0;  // kStringOrder
  u32 mask = 0;        // kIsValid
  u32 word = 0;        // index of the first of its words
  u32 range_count = 0;
  bool is_wide = false;      // sets: the column has two-word codes; orders: the comparison is in 64 bits
  bool is_negated = false;   // sets: the codes outside pass
  bool is_nullable = false;  // sets: test the validity bit
  bool null_passes = false;  // sets: the outcome for null
  Comparison comparison = Comparison::kEqual;
  std::vector<Arithmetic> arithmetic;
  std::vector<FloatOperand> floats;
  std::vector<Formula> children;
};

}  // namespace shoal::query
