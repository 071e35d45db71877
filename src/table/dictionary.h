// The distinct strings of one column, unified across row groups. A code is the index of a string in the
// order of first appearance, so codes never change while a file is still being read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/int.h"
#include "base/result.h"

namespace shoal::table {

class Dictionary {
 public:
  Dictionary() = default;
  // `column`: whose strings these are, for messages.
  Dictionary(std::string column, u32 most_strings) : column_(std::move(column)), most_strings_(most_strings) {}

  // The code of `text`, which is added when it is new. Errors: kUnsupported past `most_strings`.
  Result<u32> insert(std::string_view text);

  // The code of `text` if it is there.
  std::optional<u32> find(std::string_view text) const;

  u32 size() const { return static_cast<u32>(ends_.size()); }
  const std::string& column() const { return column_; }
  // Valid until the next insert.
  std::string_view operator[](u32 code) const;
  u64 size_bytes() const;  // host memory held

 private:
  std::string column_;
  u32 most_strings_ = 1u << 30;
  std::vector<char> characters_;  // all strings, one behind the other
  std::vector<u64> ends_;         // ends_[code]: where string `code` ends in characters_
  std::vector<u32> slots_;        // open addressing, code + 1, 0 for empty; size is a power of two
};

}  // namespace shoal::table
