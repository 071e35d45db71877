// What the elements of an array are, and how two of them become one.
#pragma once

#include <span>
#include <string_view>

#include "base/int.h"
#include "wgsl/kernel_template.h"

namespace shoal::primitives {

// 64-bit integers are two words, low first.
enum class ElementType : u8 { kU32, kI32, kF32, kU64, kI64 };

constexpr bool is_wide(ElementType type) { return type == ElementType::kU64 || type == ElementType::kI64; }
constexpr bool is_unsigned(ElementType type) { return type == ElementType::kU32 || type == ElementType::kU64; }
constexpr u32 element_bytes(ElementType type) { return is_wide(type) ? 8 : 4; }

// Integers wrap around. A minimum or maximum leaves NaN out: it is the identity's infinity where all are NaN.
enum class Operator : u8 { kSum, kMin, kMax };

// An associative operation of somebody else, as WGSL that declares
//   fn identity() -> Word
//   fn combine(a: Word, b: Word) -> Word        a stands left of b; it need not commute
// where Word is u32, or vec2u for 64-bit elements: the bits of the element.
struct MonoidProgram {
  std::string_view text;
  std::span<const wgsl::Binding> bindings = {};  // that the text declares, in group 1
};

// The program of an operator on a type.
MonoidProgram operator_program(ElementType type, Operator op);

}  // namespace shoal::primitives
