// Which rows are kept, or begin a segment: said by an array, by runs of equal keys, or by somebody's WGSL.
#pragma once

#include <span>
#include <string>

#include "base/result.h"
#include "primitives/element_type.h"

namespace shoal::primitives {

struct Selection {
  enum class By : u8 {
    kFlags,      // views[0]: a word a row, kept where it is not 0
    kBits,       // views[0]: a bit a row, the lowest of a word first
    kRunStarts,  // views[0]: keys; the first row of each run of equal neighbours
    kRunEnds,    // the last row of each run
    kProgram,    // `text` declares fn keep(row: u32) -> bool, of any row below the count
  };
  By by = By::kFlags;
  ElementType key_type = ElementType::kU32;      // of runs; compared bit by bit
  std::string_view text = {};                    // of a program
  std::span<const wgsl::Binding> bindings = {};  // that it declares, in group 1
  // The array of flags or bits lies in a buffer that the same dispatches write elsewhere, so it is not bound
  // read-only.
  bool is_written_elsewhere = false;
};

struct SelectionProgram {
  std::string text;  // declares `kept`
  std::span<const wgsl::Binding> bindings;
};

// Errors: those of wgsl::splice.
Result<SelectionProgram> selection_program(const Selection& selection);

// Of the array in views[0]; 0 for a program, whose views are its own business.
u32 selection_bits(const Selection& selection);

}  // namespace shoal::primitives
