#include "formats/open_file.h"

#include <string_view>

#include "formats/parquet/parquet_source.h"

namespace shoal::formats {

Result<OpenFile> open_file(const std::string& path) {
  SHOAL_TRY_SET(MappedFile file, MappedFile::open(path));
  const auto bytes = file.bytes();
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  // PARE: an encrypted footer, which the opener refuses with its reason.
  if (!text.starts_with("PAR1") && !text.starts_with("PARE")) {
    return fail(
        ErrorCode::kUnsupported,
        "{} is not a Parquet file (it does not begin with PAR1), the only format that is read. Convert it to "
        "Parquet.",
        path);
  }
  ParquetOpener opener(path, bytes.size());
  OpenFile opened{std::move(file), nullptr};
  std::span<const std::byte> asked;
  while (!opened.source) {
    SHOAL_TRY_SET(auto step, opener.next(asked));
    if (const auto* need = std::get_if<table::NeedBytes>(&step)) {
      asked = opened.read(need->range);
    } else {
      opened.source = std::get<std::unique_ptr<table::ChunkSource>>(std::move(step));
    }
  }
  return opened;
}

}  // namespace shoal::formats
