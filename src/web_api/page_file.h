// The file that the page shows: what bytes of it are needed, and the columns that those become. It does no I/O and
// waits for nothing; what it lacks it asks for, and goes on when called after the answer.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "formats/parquet/parquet_source.h"
#include "table/column_reader.h"
#include "table/table.h"

namespace shoal::web_api {

// Laid out as the page reads it.
struct FileRequest {
  u32 id = 0;
  u32 file = 1;  // a session shows one
  u64 offset = 0;
  u64 size_bytes = 0;
};
static_assert(sizeof(FileRequest) == 24);

class PageFile {
 public:
  PageFile(std::string name, u64 size_bytes);

  const std::string& name() const { return name_; }

  // Goes on opening. True once the source is there. Errors: those of the format, and of the network.
  Result<bool> open();
  const table::ChunkSource& source() const { return *source_; }

  // Decodes the next piece of one of `columns`, the one that is furthest behind. Nothing while all of them wait for
  // bytes or are done. Errors: those of the network; and of the format, again whenever that column is among
  // `columns`: then refused_column() says which.
  Result<std::optional<table::RawPiece>> decode(const table::Table& table, const std::vector<size_t>& columns);
  std::optional<size_t> refused_column() const { return refused_column_; }
  // A piece's memory, for the next one.
  void recycle(table::RawPiece piece) { spare_.push_back(std::move(piece)); }

  // What has to be fetched, since the last call.
  std::vector<FileRequest> take_requests() { return std::exchange(requests_, {}); }
  void on_bytes(u32 request, std::span<const std::byte> bytes);
  void on_failure(std::string_view message);

 private:
  // Bytes of the file on their way to whoever needs them.
  struct Bytes {
    u32 request = 0;  // 0: none is under way
    u64 size_bytes = 0;
    bool has_arrived = false;
    std::vector<std::byte> held;

    bool is_awaited() const { return request != 0 && !has_arrived; }
  };
  struct Column {
    std::optional<table::ColumnReader> reader;  // until it cannot be read on
    table::RawPiece piece;
    Bytes bytes;
    std::optional<Error> error;
  };

  void ask(Bytes& bytes, table::ByteRange range);
  // What has arrived, once; else nothing.
  static std::span<const std::byte> arrived(Bytes& bytes);

  std::string name_;
  formats::ParquetOpener opener_;
  Bytes footer_;
  std::unique_ptr<table::ChunkSource> source_;
  std::map<size_t, Column> columns_;      // by index
  std::optional<size_t> refused_column_;  // by the last decode()
  std::vector<table::RawPiece> spare_;
  std::vector<FileRequest> requests_;
  u32 last_request_ = 0;
  std::optional<Error> error_;
};

}  // namespace shoal::web_api
