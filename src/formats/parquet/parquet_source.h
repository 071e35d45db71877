// A Parquet file as a table::ChunkSource. No I/O: the opener and the decoders say which bytes of the file they
// need. Format: parquet.apache.org/docs/file-format.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <variant>

#include "base/result.h"
#include "table/chunk_source.h"

namespace shoal::formats {

// What a decoder takes into memory at once. A page (its bytes in the file and decompressed) may not be larger
// than `most_page_bytes`; the web page sets 16 MiB.
struct ParquetOptions {
  u64 most_page_bytes = u64{1} << 30;
  u64 most_footer_bytes = u64{1} << 30;
  u64 whole_chunk_bytes = u64{8} << 20;  // column chunks up to this size are asked for whole, in one request
  u64 window_bytes = u64{4} << 20;       // of a larger one at least this much is asked for
};

// Opens a file in steps: call next() with nothing, then each time with the bytes that it asked for, until it
// gives the source. Two steps as a rule: the end of the file holds the footer, or says how large it is.
class ParquetOpener {
 public:
  // `file_name` is for messages.
  ParquetOpener(std::string file_name, u64 file_size, const ParquetOptions& options = {})
      : file_name_(std::move(file_name)), file_size_(file_size), options_(options) {}

  using Step = std::variant<table::NeedBytes, std::unique_ptr<table::ChunkSource>>;
  // Errors: kCorrupt when this is no Parquet file or its footer is damaged; kUnsupported when it is encrypted.
  Result<Step> next(std::span<const std::byte> bytes);

 private:
  Result<Step> ask(u64 size);  // for the last `size` bytes

  std::string file_name_;
  u64 file_size_;
  ParquetOptions options_;
  u64 asked_bytes_ = 0;
};

}  // namespace shoal::formats
