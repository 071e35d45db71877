// Reads Thrift's compact protocol, in which Parquet writes its footer and its page headers. The input is not
// trusted: every read is bounded, a count can not exceed the bytes that are left, nesting is limited.
// After the first problem all reads give zeros and nothing moves: check ok() at the end.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "base/int.h"

namespace shoal::formats::parquet {

enum class WireType : u8 {
  kStop,
  kTrue,
  kFalse,
  kByte,
  kI16,
  kI32,
  kI64,
  kDouble,
  kBinary,
  kList,
  kSet,
  kMap,
  kStruct
};

struct Field {
  i32 id = 0;
  WireType type = WireType::kStop;
};

class CompactReader {
 public:
  explicit CompactReader(std::span<const std::byte> bytes) : bytes_(bytes) {}

  bool ok() const { return !failed_; }
  bool ran_out() const { return ran_out_; }  // the problem was that the bytes ended
  size_t position() const { return position_; }

  // The next field of a struct; false at its end. `field` starts as {} and holds the field before.
  bool next_field(Field& field);
  void skip(WireType type, int depth = 0);

  bool boolean(const Field& field);
  i64 integer(const Field& field);
  i32 integer32(const Field& field);
  std::string_view binary(const Field& field);
  void begin_struct(const Field& field) { expect(field.type == WireType::kStruct); }
  // The number of elements that follow, all of `type`.
  u32 begin_list(const Field& field, WireType type);
  i64 element(WireType type);  // an integer in a list

  void expect(bool condition) {
    if (!condition) failed_ = true;
  }

 private:
  u8 byte();
  u64 varint();
  std::string_view counted();

  std::span<const std::byte> bytes_;
  size_t position_ = 0;
  bool failed_ = false;
  bool ran_out_ = false;
};

// Calls visit(field) for each field of a struct; a field for which it gives false is skipped.
template <class Visit>
void read_struct(CompactReader& reader, Visit visit) {
  for (Field field; reader.next_field(field);) {
    if (!visit(field)) reader.skip(field.type);
  }
}

}  // namespace shoal::formats::parquet
