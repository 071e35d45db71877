// What the codes of a column stand for. A kernel sees *column codes*: unsigned integers in the order of the
// values (strings: in the order of first appearance). A chunk may store its codes narrower than the column's;
// its descriptor has the factor and offset that lead from one to the other, so every threshold and table is
// worked out once for a column, never for a chunk.
#pragma once

#include <optional>

#include "base/int.h"
#include "table/column_type.h"
#include "table/dictionary.h"

namespace shoal::table {

struct CodeSpace {
  ColumnType type;
  // false: a column code is a u32. true: two words, low first, compared as one u64.
  bool wide = false;
  // Integers, booleans, dates, timestamps: value = base + code x divisor.
  i128 base = 0;
  u64 divisor = 1;
  // Strings: the code is the index of the string.
  const Dictionary* dictionary = nullptr;
  // Floats: the code is the order-preserving image of the f32 bits (narrow) or the f64 bits (wide): all bits
  // flipped when the sign is set, else the sign alone. Every NaN has the largest code; -0 is just below +0.
  u64 first_code = 0;  // of the values there are; first_code > last_code when there is no value
  u64 last_code = 0;
  u64 first_finite_code = 1;  // floats: the same without NaN and infinities
  u64 last_finite_code = 0;
  bool nullable = false;  // some row is null

  friend bool operator==(const CodeSpace&, const CodeSpace&) = default;
};

// The code of an integer value, when the column could hold it exactly.
std::optional<u64> code_of_integer(const CodeSpace& space, i128 value);
i128 integer_of_code(const CodeSpace& space, u64 code);
u32 f32_image(float value);
u64 f64_image(double value);
double float_of_code(const CodeSpace& space, u64 code);

}  // namespace shoal::table
