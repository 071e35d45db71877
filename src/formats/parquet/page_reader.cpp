#include "formats/parquet/page_reader.h"

#include <algorithm>

#include "base/text.h"
#include "formats/parquet/codecs.h"

namespace shoal::formats::parquet {

Result<void> PageReader::give(std::span<const std::byte> bytes) {
  if (bytes.size() != asked_.size) {
    return fail(ErrorCode::kIo, "{} could not be read at byte {} (asked for {} bytes, got {}). Try again.",
                place_.file, group_thousands(asked_.offset), group_thousands(asked_.size),
                group_thousands(bytes.size()));
  }
  if (asked_.size > 0) {
    window_ = bytes;
    window_offset_ = asked_.offset;
    asked_ = {};
  }
  return {};
}

table::NeedBytes PageReader::ask(u64 size) {
  const u64 left = end_offset_ - next_offset_;
  const u64 sensible = left <= limits_.whole_chunk_bytes ? left : std::max(size, limits_.window_bytes);
  asked_ = {next_offset_, std::min(left, sensible)};
  return {asked_};
}

Result<PageStep> PageReader::next(u64 rows_left) {
  while (true) {
    if (next_offset_ == end_offset_) {
      return std::unexpected(place_.damaged_page(
          next_offset_,
          fmt::format("is missing: {} rows are left to read where the column ends", group_thousands(rows_left))));
    }
    const u64 window_end = window_offset_ + window_.size();
    if (next_offset_ < window_offset_ || next_offset_ >= window_end) return ask(1);
    const auto bytes = window_.subspan(static_cast<size_t>(next_offset_ - window_offset_));

    Page page;
    page.offset = next_offset_;
    const HeaderProblem problem = parse_page_header(bytes, page.header);
    if (problem == HeaderProblem::kRanOut && window_end < end_offset_ && bytes.size() < limits_.most_page_bytes) {
      return ask(u64{bytes.size()} * 2);
    }
    if (problem != HeaderProblem::kNone) {
      return std::unexpected(place_.damaged_page(page.offset, "does not begin with a page header"));
    }
    const PageHeader& header = page.header;
    const u64 largest = std::max(header.compressed_bytes, header.uncompressed_bytes);
    if (largest > limits_.most_page_bytes) {
      return std::unexpected(
          place_.page_error(ErrorCode::kUnsupported, page.offset,
                            fmt::format("has {}, more than the {} that are read at once here",
                                        format_bytes(largest), format_bytes(limits_.most_page_bytes)),
                            "Write the file with smaller pages (1 MB is usual)."));
    }
    const u64 page_bytes = u64{header.header_bytes} + header.compressed_bytes;
    if (page_bytes > end_offset_ - next_offset_) {
      return std::unexpected(place_.damaged_page(
          page.offset, fmt::format("is truncated (expected {} bytes, the column ends after {})",
                                   group_thousands(page_bytes), group_thousands(end_offset_ - next_offset_))));
    }
    const auto type = static_cast<PageType>(header.type);
    const bool is_passed_over =
        type != PageType::kData && type != PageType::kDataV2 && type != PageType::kDictionary;
    if (!is_passed_over && page_bytes > bytes.size()) return ask(page_bytes);
    next_offset_ += page_bytes;
    if (is_passed_over) continue;
    page.payload = bytes.subspan(header.header_bytes, header.compressed_bytes);
    if (header.crc) {
      if (const u32 found = crc32_of(page.payload); found != *header.crc) {
        return std::unexpected(place_.damaged_page(
            page.offset,
            fmt::format("does not match its checksum (stored {:08x}, computed {:08x})", *header.crc, found)));
      }
    }
    return page;
  }
}

}  // namespace shoal::formats::parquet
