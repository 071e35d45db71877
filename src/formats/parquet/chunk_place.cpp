#include "formats/parquet/chunk_place.h"

#include "base/text.h"

namespace shoal::formats::parquet {

Error ChunkPlace::page_error(ErrorCode code, u64 page_offset, std::string_view problem,
                             std::string_view remedy) const {
  return fail(code, "Column {} in row group {} of {} cannot be read: the page at byte {} {}. {}", quote(column),
              row_group, file, group_thousands(page_offset), problem, remedy)
      .error();
}

Error ChunkPlace::damaged_page(u64 page_offset, std::string_view problem) const {
  return page_error(ErrorCode::kCorrupt, page_offset, problem,
                    "The file is damaged: copy it again, or write it again from its source.");
}

std::string ChunkPlace::while_reading() const {
  return fmt::format("reading column {} in row group {} of {}", quote(column), row_group, file);
}

}  // namespace shoal::formats::parquet
