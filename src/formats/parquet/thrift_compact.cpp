#include "formats/parquet/thrift_compact.h"

#include <limits>

namespace shoal::formats::parquet {
namespace {

constexpr int kMostDepth = 32;

i64 zigzag(u64 value) { return static_cast<i64>((value >> 1) ^ (0 - (value & 1))); }

}  // namespace

u8 CompactReader::byte() {
  if (failed_) return 0;
  if (position_ == bytes_.size()) {
    failed_ = ran_out_ = true;
    return 0;
  }
  return static_cast<u8>(bytes_[position_++]);
}

u64 CompactReader::varint() {
  u64 value = 0;
  for (u32 shift = 0; shift < 70; shift += 7) {
    const u8 next = byte();
    if (shift < 64) value |= u64{next & 0x7fu} << shift;
    if (next < 0x80) return value;
  }
  expect(false);
  return 0;
}

std::string_view CompactReader::counted() {
  const u64 size = varint();
  if (failed_) return {};
  if (size > bytes_.size() - position_) {
    failed_ = ran_out_ = true;
    return {};
  }
  const char* begin = reinterpret_cast<const char*>(bytes_.data()) + position_;
  position_ += static_cast<size_t>(size);
  return {begin, static_cast<size_t>(size)};
}

bool CompactReader::next_field(Field& field) {
  const u8 head = byte();
  if (failed_ || (head & 0x0f) == 0) return false;
  expect((head & 0x0f) <= static_cast<u8>(WireType::kStruct));
  field.type = static_cast<WireType>(head & 0x0f);
  if (head >> 4 != 0) {
    field.id += head >> 4;
  } else {
    const i64 id = zigzag(varint());
    expect(id >= 0 && id <= std::numeric_limits<std::int16_t>::max());
    field.id = static_cast<i32>(id);
  }
  expect(field.id <= std::numeric_limits<std::int16_t>::max());
  return !failed_;
}

bool CompactReader::boolean(const Field& field) {
  expect(field.type == WireType::kTrue || field.type == WireType::kFalse);
  return field.type == WireType::kTrue;
}

i64 CompactReader::element(WireType type) {
  if (type == WireType::kByte) return static_cast<std::int8_t>(byte());
  expect(type == WireType::kI16 || type == WireType::kI32 || type == WireType::kI64);
  return failed_ ? 0 : zigzag(varint());
}

i64 CompactReader::integer(const Field& field) { return element(field.type); }

i32 CompactReader::integer32(const Field& field) {
  const i64 value = element(field.type);
  expect(value >= std::numeric_limits<i32>::min() && value <= std::numeric_limits<i32>::max());
  return failed_ ? 0 : static_cast<i32>(value);
}

std::string_view CompactReader::binary(const Field& field) {
  expect(field.type == WireType::kBinary);
  return counted();
}

u32 CompactReader::begin_list(const Field& field, WireType type) {
  expect(field.type == WireType::kList);
  const u8 head = byte();
  const u64 size = head >> 4 == 15 ? varint() : head >> 4;
  // An empty list may state any type. Every element takes a byte at least.
  expect(size == 0 || (head & 0x0f) == static_cast<u8>(type));
  if (!failed_ && size > bytes_.size() - position_) failed_ = ran_out_ = true;
  return failed_ ? 0 : static_cast<u32>(size);
}

void CompactReader::skip(WireType type, int depth) {
  expect(depth < kMostDepth);
  if (failed_) return;
  switch (type) {
    case WireType::kTrue:
    case WireType::kFalse: return;
    case WireType::kByte: byte(); return;
    case WireType::kI16:
    case WireType::kI32:
    case WireType::kI64: varint(); return;
    case WireType::kDouble:
      for (int i = 0; i < 8; ++i) byte();
      return;
    case WireType::kBinary: counted(); return;
    case WireType::kStruct:
      for (Field field; next_field(field);) skip(field.type, depth + 1);
      return;
    case WireType::kList:
    case WireType::kSet:
    case WireType::kMap: break;
    case WireType::kStop: expect(false); return;
  }
  // In a container a boolean takes a byte, so every element does and the input bounds the loop.
  const auto skip_element = [&](u8 element_type) {
    expect(element_type <= static_cast<u8>(WireType::kStruct));
    if (element_type == static_cast<u8>(WireType::kTrue) || element_type == static_cast<u8>(WireType::kFalse)) {
      byte();
    } else if (!failed_) {
      skip(static_cast<WireType>(element_type), depth + 1);
    }
  };
  if (type == WireType::kMap) {
    const u64 size = varint();
    const u8 types = size == 0 ? u8{0} : byte();
    for (u64 i = 0; i < size && !failed_; ++i) {
      skip_element(types >> 4);
      skip_element(types & 0x0f);
    }
  } else {
    const u8 head = byte();
    const u64 size = head >> 4 == 15 ? varint() : head >> 4;
    for (u64 i = 0; i < size && !failed_; ++i) skip_element(head & 0x0f);
  }
}

}  // namespace shoal::formats::parquet
