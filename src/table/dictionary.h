// The distinct strings of one column, unified across row groups. A code is the index of a string in the
// order of first appearance, so codes never change while a file is still being read.
#pragma once

#include <memory>
#include <optional>
#include <span>
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

  u32 size() const { return static_cast<u32>(starts_.size()); }
  const std::string& column() const { return column_; }
  // Valid as long as the dictionary.
  std::string_view operator[](u32 code) const;
  u64 size_bytes() const;  // host memory held

 private:
  std::string column_;
  u32 most_strings_ = 1u << 30;
  // Where `text` lies from now on: in blocks, which never move. Growing one vector would need up to three times its
  // characters, and a page's heap never shrinks.
  const char* keep(std::string_view text);

  std::vector<std::unique_ptr<char[]>> blocks_;
  std::span<char> free_;             // of the last block
  u64 block_bytes_ = 0;              // of all blocks
  std::vector<const char*> starts_;  // starts_[code]: in a block, the length as u32, then the characters
  std::vector<u32> slots_;           // open addressing, code + 1, 0 for empty; size is a power of two
};

}  // namespace shoal::table
