#include "formats/parquet/page_values.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"

namespace shoal::formats::parquet {
namespace {

constexpr size_t kInt96Bytes = 12;
constexpr u32 kBlock = 1024;  // indices unpacked at a time: they stay in the first-level cache

// Nanoseconds of the day, then the Julian day; days before 1677 or after 2262 wrap round, as elsewhere.
u64 nanoseconds_of_int96(const u8* bytes) {
  constexpr u64 kJulianDayOfEpoch = 2'440'588;
  constexpr u64 kNanosecondsPerDay = 86'400'000'000'000;
  u64 nanoseconds;
  u32 julian_day;
  std::memcpy(&nanoseconds, bytes, 8);
  std::memcpy(&julian_day, bytes + 8, 4);
  return (julian_day - kJulianDayOfEpoch) * kNanosecondsPerDay + nanoseconds;
}

std::unexpected<Error> too_short(u64 expected, u64 found) {
  return fail(ErrorCode::kCorrupt, "holds too few values (expected {} bytes, {} are left)",
              group_thousands(expected), group_thousands(found));
}

std::unexpected<Error> too_long(u64 expected, u64 found) {
  return fail(ErrorCode::kCorrupt, "holds more than its values (expected {} bytes, found {})",
              group_thousands(expected), group_thousands(found));
}

std::unexpected<Error> too_few_indices() { return fail(ErrorCode::kCorrupt, "holds fewer values than it states"); }

// All indices are below `entries`. Without a branch for each: index or last - index has its top bit set when
// one is not (entries is below 2^31).
bool all_below(const u32* indices, size_t count, u32 entries) {
  const u32 last = entries - 1;
  u32 outside = 0;
  for (size_t i = 0; i < count; ++i) outside |= indices[i] | (last - indices[i]);
  return outside >> 31 == 0;
}

template <class T>
T load(const u8* table, size_t index) {
  T value;
  std::memcpy(&value, table + index * sizeof(T), sizeof(T));
  return value;
}

// Hands stretches of indices to repeat(index, count) and look_up(indices, count) until `count` are read.
template <class Repeat, class LookUp>
Result<void> for_each_stretch(IndexReader& reader, u32 count, u32 entries, Repeat repeat, LookUp look_up) {
  u32 block[kBlock];
  while (count > 0) {
    if (!reader.prepare()) return too_few_indices();
    const u32 at_hand = static_cast<u32>(std::min<u64>(count, reader.at_hand()));
    u32 taken = at_hand;
    bool is_inside;
    if (reader.is_repeated()) {
      is_inside = reader.repeated_value() < entries;
      reader.consume_repeated(taken);
    } else {
      taken = std::min(at_hand, kBlock);
      reader.unpack(block, taken);
      is_inside = all_below(block, taken, entries);
    }
    if (!is_inside) {
      return fail(ErrorCode::kCorrupt, "names a value outside of its dictionary, which has {}",
                  group_thousands(entries));
    }
    if (reader.is_repeated()) {
      SHOAL_TRY(repeat(reader.repeated_value(), taken));
    } else {
      SHOAL_TRY(look_up(block, taken));
    }
    count -= taken;
  }
  return {};
}

template <class T>
Result<void> read_fixed(IndexReader& reader, u32 count, std::byte* out_bytes, const PageDictionary& page) {
  T* out = reinterpret_cast<T*>(out_bytes);
  const u8* table = page.fixed();
  return for_each_stretch(
      reader, count, page.entries(),
      [&](u32 index, u32 taken) -> Result<void> {
        out = std::fill_n(out, taken, load<T>(table, index));
        return {};
      },
      [&](const u32* indices, u32 taken) -> Result<void> {
        for (u32 i = 0; i < taken; ++i) out[i] = load<T>(table, indices[i]);
        out += taken;
        return {};
      });
}

Result<void> read_coded(IndexReader& reader, u32 count, u32* out, PageDictionary& page,
                        table::Dictionary& dictionary) {
  u32* codes = page.codes();
  const auto give_code = [&](u32 index) -> Result<void> {
    if (codes[index] != PageDictionary::kNoCode) return {};
    SHOAL_TRY_SET(codes[index], dictionary.insert(page.text(index)));
    return {};
  };
  return for_each_stretch(
      reader, count, page.entries(),
      [&](u32 index, u32 taken) -> Result<void> {
        SHOAL_TRY(give_code(index));
        out = std::fill_n(out, taken, codes[index]);
        return {};
      },
      [&](const u32* indices, u32 taken) -> Result<void> {
        u32 largest = 0;
        for (u32 i = 0; i < taken; ++i) {
          out[i] = codes[indices[i]];
          largest = std::max(largest, out[i]);
        }
        // Seldom: an entry is used for the first time. In the order of the rows, as codes are given.
        if (largest == PageDictionary::kNoCode) {
          for (u32 i = 0; i < taken; ++i) {
            SHOAL_TRY(give_code(indices[i]));
            out[i] = codes[indices[i]];
          }
        }
        out += taken;
        return {};
      });
}

}  // namespace

ValueKind value_kind(PhysicalType physical) {
  switch (physical) {
    case PhysicalType::kBoolean: return ValueKind::kBoolean;
    case PhysicalType::kInt64:
    case PhysicalType::kDouble: return ValueKind::kFixed8;
    case PhysicalType::kInt96: return ValueKind::kInt96;
    case PhysicalType::kByteArray: return ValueKind::kString;
    default: return ValueKind::kFixed4;
  }
}

Result<void> PageDictionary::load(ValueKind kind, std::span<const u8> bytes, u32 entries) {
  entries_ = entries;
  bytes_ = bytes;
  fixed_ = bytes.data();
  // Booleans have no dictionaries.
  if (kind == ValueKind::kBoolean) return fail(ErrorCode::kCorrupt, "is a dictionary of booleans");
  if (kind == ValueKind::kString) return load_strings(bytes);
  const u64 stored_bytes = u64{entries} * (kind == ValueKind::kInt96 ? kInt96Bytes : raw_bytes(kind));
  if (bytes.size() < stored_bytes) return too_short(stored_bytes, bytes.size());
  if (bytes.size() > stored_bytes) return too_long(stored_bytes, bytes.size());
  if (kind == ValueKind::kInt96) {
    timestamps_.resize(entries);
    for (u32 i = 0; i < entries; ++i) timestamps_[i] = nanoseconds_of_int96(bytes.data() + i * kInt96Bytes);
    fixed_ = reinterpret_cast<const u8*>(timestamps_.data());
  }
  return {};
}

Result<void> PageDictionary::load_strings(std::span<const u8> bytes) {
  constexpr size_t kLengthBytes = 4;
  if (bytes.size() / kLengthBytes < entries_) return too_short(u64{entries_} * kLengthBytes, bytes.size());
  begins_.resize(entries_);
  codes_.assign(entries_, kNoCode);
  size_t at = 0;
  for (u32& begin : begins_) {
    if (bytes.size() - at < kLengthBytes) return too_short(kLengthBytes, bytes.size() - at);
    const u32 length = parquet::load<u32>(bytes.data() + at, 0);
    at += kLengthBytes;
    if (length > bytes.size() - at) return too_short(length, bytes.size() - at);
    begin = static_cast<u32>(at);
    at += length;
  }
  if (at < bytes.size()) return too_long(at, bytes.size());
  return {};
}

std::string_view PageDictionary::text(u32 entry) const {
  const u8* begin = bytes_.data() + begins_[entry];
  return {reinterpret_cast<const char*>(begin), parquet::load<u32>(begin - 4, 0)};
}

Result<PageValues> PageValues::plain(ValueKind kind, std::span<const u8> bytes) {
  PageValues values;
  values.kind_ = kind;
  if (kind == ValueKind::kBoolean) {
    values.indices_ = IndexReader(HybridRuns::packed(bytes, 1));
  } else {
    values.bytes_ = bytes;
  }
  return values;
}

Result<PageValues> PageValues::rle_booleans(std::span<const u8> bytes) {
  PageValues values;
  values.kind_ = ValueKind::kBoolean;
  if (bytes.empty()) return values;  // all null
  if (bytes.size() < 4) return too_short(4, bytes.size());
  const u32 size = load<u32>(bytes.data(), 0);
  if (size > bytes.size() - 4) return too_short(size, bytes.size() - 4);
  values.indices_ = IndexReader(HybridRuns(bytes.subspan(4, size), 1));
  return values;
}

Result<PageValues> PageValues::indices(ValueKind kind, std::span<const u8> bytes) {
  PageValues values;
  values.kind_ = kind;
  values.is_indexed_ = true;
  if (bytes.empty()) return values;  // all null
  if (bytes[0] > 32) return fail(ErrorCode::kCorrupt, "states dictionary indices of {} bits", bytes[0]);
  values.indices_ = IndexReader(HybridRuns(bytes.subspan(1), bytes[0]));
  return values;
}

Result<std::span<const u8>> PageValues::take(u64 size) {
  if (size > bytes_.size()) return too_short(size, bytes_.size());
  const auto taken = bytes_.first(static_cast<size_t>(size));
  bytes_ = bytes_.subspan(static_cast<size_t>(size));
  return taken;
}

Result<std::span<const std::byte>> PageValues::read_direct(u32 count) {
  SHOAL_TRY_SET(const auto taken, take(u64{count} * raw_bytes(kind_)));
  return std::as_bytes(taken);
}

Result<void> PageValues::read(u32 count, std::byte* out, PageDictionary& page_dictionary,
                              table::Dictionary* dictionary) {
  if (count == 0) return {};
  u32* out_words = reinterpret_cast<u32*>(out);
  switch (kind_) {
    case ValueKind::kBoolean: return read_booleans(count, out_words);
    case ValueKind::kString:
      if (is_indexed_) return read_coded(indices_, count, out_words, page_dictionary, *dictionary);
      return read_strings(count, out_words, *dictionary);
    case ValueKind::kFixed4:
      if (is_indexed_) return read_fixed<u32>(indices_, count, out, page_dictionary);
      break;
    case ValueKind::kFixed8:
    case ValueKind::kInt96:
      if (is_indexed_) return read_fixed<u64>(indices_, count, out, page_dictionary);
      break;
  }
  const size_t stored_bytes = kind_ == ValueKind::kInt96 ? kInt96Bytes : raw_bytes(kind_);
  SHOAL_TRY_SET(const auto taken, take(u64{count} * stored_bytes));
  if (kind_ == ValueKind::kInt96) {
    for (u32 i = 0; i < count; ++i) {
      const u64 value = nanoseconds_of_int96(taken.data() + i * kInt96Bytes);
      std::memcpy(out + i * sizeof value, &value, sizeof value);
    }
  } else {
    std::memcpy(out, taken.data(), taken.size());
  }
  return {};
}

Result<void> PageValues::read_booleans(u32 count, u32* out) {
  while (count > 0) {
    if (!indices_.prepare()) return too_few_indices();
    const u32 taken = static_cast<u32>(std::min<u64>(count, indices_.at_hand()));
    if (indices_.is_repeated()) {
      if (indices_.repeated_value() > 1)
        return fail(ErrorCode::kCorrupt, "holds a boolean that is neither 0 nor 1");
      std::fill_n(out, taken, indices_.repeated_value());
      indices_.consume_repeated(taken);
    } else {
      indices_.unpack(out, taken);
    }
    out += taken;
    count -= taken;
  }
  return {};
}

Result<void> PageValues::read_strings(u32 count, u32* out, table::Dictionary& dictionary) {
  for (u32 i = 0; i < count; ++i) {
    SHOAL_TRY_SET(const auto length_bytes, take(4));
    SHOAL_TRY_SET(const auto text, take(load<u32>(length_bytes.data(), 0)));
    SHOAL_TRY_SET(out[i], dictionary.insert({reinterpret_cast<const char*>(text.data()), text.size()}));
  }
  return {};
}

}  // namespace shoal::formats::parquet
