// From a path to a source, whatever the format.
#pragma once

#include <memory>
#include <string>

#include "base/result.h"
#include "formats/input_file.h"
#include "table/chunk_source.h"

namespace shoal::formats {

struct OpenFile {
  InputFile file;  // serves the source's NeedBytes
  std::unique_ptr<table::ChunkSource> source;
};

// The format is told by the file's first bytes, not by its name. Errors: what InputFile::open and
// ParquetOpener::next give; kUnsupported for other formats.
Result<OpenFile> open_file(const std::string& path);

}  // namespace shoal::formats
