// From a path to a source, whatever the format.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "formats/mapped_file.h"
#include "table/chunk_source.h"

namespace shoal::formats {

struct OpenFile {
  MappedFile file;  // serves the source's NeedBytes
  std::unique_ptr<table::ChunkSource> source;

  // The bytes that a decoder asked for.
  std::span<const std::byte> read(table::ByteRange range) const {
    return file.bytes().subspan(static_cast<size_t>(range.offset), static_cast<size_t>(range.size));
  }
};

// The format is told by the file's first bytes, not by its name. Errors: what MappedFile::open and
// ParquetOpener::next give; kUnsupported for other formats.
Result<OpenFile> open_file(const std::string& path);

}  // namespace shoal::formats
