// A filter, ready for a kernel: which columns it reads, the slot's text, the words it reads, and what it implies
// for zone maps.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "query/filter_formula.h"
#include "query/types.h"

namespace shoal::query {

// What a row needs to pass: its code in [first, last] (in none when first > last), or null where that may pass.
struct CodeBounds {
  u64 first = 0;
  u64 last = ~u64{0};
  bool null_may_pass = true;

  friend bool operator==(const CodeBounds&, const CodeBounds&) = default;
};

enum class Passes : u8 { kNone, kSome, kAll };  // kSome when it is not known

struct CompiledFilter {
  std::vector<size_t> columns;     // indices of the table's columns; the k-th has slot k
  std::string wgsl;                // see filter_wgsl.h; depends on the formula alone
  std::vector<u32> words;          // what filter_word(index) gives
  std::vector<CodeBounds> bounds;  // of each slot
  Passes passes = Passes::kAll;
  Formula formula;
};

// Most columns that one filter reads: validity is one word, and a kernel has few bindings.
constexpr size_t kMostFilterColumns = 32;

// Compiles a condition. Text without any condition (blanks) is an error; a table without filter uses
// filter_of_all(). Errors: whole sentences with a caret line; kInvalidArgument for what does not parse, has a
// type error or overflows, kNotFound for columns, kUnsupported for what is not decidable exactly.
Result<CompiledFilter> compile_filter(std::string_view text, std::span<const Column> columns);
CompiledFilter filter_of_all();

// The CPU twin of the kernel's keep(): reads the same words. `codes` are the row's codes by slot (any value where
// null), bit k of `valid` says that slot k is not null.
bool keep_reference(const CompiledFilter& filter, std::span<const u64> codes, u32 valid);

}  // namespace shoal::query
