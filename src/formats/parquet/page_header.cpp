#include "formats/parquet/page_header.h"

#include "formats/parquet/thrift_compact.h"

namespace shoal::formats::parquet {
namespace {

u32 count(CompactReader& in, const Field& field) {
  const i32 value = in.integer32(field);
  in.expect(value >= 0);
  return in.ok() ? static_cast<u32>(value) : 0;
}

// DataPageHeader { 1: values, 2: encoding, 3: level encoding }; DictionaryPageHeader has the first two.
void read_data_or_dictionary(CompactReader& in, PageHeader& header) {
  read_struct(in, [&](const Field& field) {
    switch (field.id) {
      case 1: header.values = count(in, field); return true;
      case 2: header.encoding = in.integer32(field); return true;
      case 3:
        if (header.type != static_cast<i32>(PageType::kData)) return false;
        header.level_encoding = in.integer32(field);
        return true;
      default: return false;
    }
  });
}

void read_data_v2(CompactReader& in, PageHeader& header) {
  read_struct(in, [&](const Field& field) {
    switch (field.id) {
      case 1: header.values = count(in, field); return true;
      case 2: header.nulls = count(in, field); return true;
      case 3: header.rows = count(in, field); return true;
      case 4: header.encoding = in.integer32(field); return true;
      case 5: header.definition_bytes = count(in, field); return true;
      case 6: header.repetition_bytes = count(in, field); return true;
      case 7: header.is_compressed = in.boolean(field); return true;
      default: return false;
    }
  });
}

}  // namespace

HeaderProblem parse_page_header(std::span<const std::byte> bytes, PageHeader& header) {
  header = {};
  CompactReader in(bytes);
  bool has_details = false;
  read_struct(in, [&](const Field& field) {
    // The struct that belongs to the page's type; the type comes first, as Thrift writes fields in order.
    const bool is_details = (field.id == 5 && header.type == static_cast<i32>(PageType::kData)) ||
                            (field.id == 7 && header.type == static_cast<i32>(PageType::kDictionary)) ||
                            (field.id == 8 && header.type == static_cast<i32>(PageType::kDataV2));
    if (is_details) {
      has_details = true;
      in.begin_struct(field);
      if (field.id == 8) {
        read_data_v2(in, header);
      } else {
        read_data_or_dictionary(in, header);
      }
      return true;
    }
    switch (field.id) {
      case 1: header.type = in.integer32(field); return true;
      case 2: header.uncompressed_bytes = count(in, field); return true;
      case 3: header.compressed_bytes = count(in, field); return true;
      case 4: header.crc = static_cast<u32>(in.integer32(field)); return true;
      default: return false;
    }
  });
  if (in.ran_out()) return HeaderProblem::kRanOut;
  const bool needs_details = header.type == static_cast<i32>(PageType::kData) ||
                             header.type == static_cast<i32>(PageType::kDictionary) ||
                             header.type == static_cast<i32>(PageType::kDataV2);
  if (!in.ok() || header.type < 0 || (needs_details && !has_details)) return HeaderProblem::kMalformed;
  header.header_bytes = static_cast<u32>(in.position());
  return HeaderProblem::kNone;
}

}  // namespace shoal::formats::parquet
