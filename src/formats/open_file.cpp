#include "formats/open_file.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "formats/parquet/parquet_source.h"

namespace shoal::formats {
namespace {
constexpr u64 kMagicBytes = 4;
}

Result<OpenFile> open_file(const std::string& path) {
  SHOAL_TRY_SET(InputFile file, InputFile::open(path));
  ByteBuffer buffer;
  SHOAL_TRY_SET(std::span<const std::byte> asked, file.read({0, std::min(file.size_bytes(), kMagicBytes)}, buffer));
  const std::string_view text(reinterpret_cast<const char*>(asked.data()), asked.size());
  // PARE: an encrypted footer, which the opener refuses with its reason.
  if (!text.starts_with("PAR1") && !text.starts_with("PARE")) {
    return fail(
        ErrorCode::kUnsupported,
        "{} is not a Parquet file (it does not begin with PAR1), the only format that is read. Convert it to "
        "Parquet.",
        name_text(path));
  }
  ParquetOpener opener(name_text(path), file.size_bytes());
  OpenFile opened{std::move(file), nullptr};
  asked = {};
  while (!opened.source) {
    SHOAL_TRY_SET(auto step, opener.next(asked));
    if (const auto* need = std::get_if<table::NeedBytes>(&step)) {
      SHOAL_TRY_SET(asked, opened.file.read(need->range, buffer));
    } else {
      opened.source = std::get<std::unique_ptr<table::ChunkSource>>(std::move(step));
    }
  }
  return opened;
}

}  // namespace shoal::formats
