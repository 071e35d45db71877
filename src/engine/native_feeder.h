// Decodes the columns of a file on threads of its own, ahead of the GPU and bounded in memory.
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "engine/profile.h"
#include "formats/open_file.h"
#include "table/column_reader.h"

namespace shoal::engine {

class NativeFeeder {
 public:
  // File and chunks must outlive the feeder. Pieces of a column come in chunk order; columns keep abreast, so that
  // the first chunk of all is soon there. At most `most_pieces` (at least one a column) are decoded and not yet
  // taken.
  NativeFeeder(const formats::OpenFile& file, std::span<const table::ChunkRows> chunks,
               const std::vector<size_t>& columns, u32 most_strings, size_t most_pieces);
  ~NativeFeeder();
  NativeFeeder(const NativeFeeder&) = delete;
  NativeFeeder& operator=(const NativeFeeder&) = delete;

  // The next piece; nothing while none is decoded. Errors: those of the decoder; nothing comes after one.
  Result<std::optional<table::RawPiece>> poll();
  // Blocks until poll() has something to say, everything has been taken, or half a millisecond has passed.
  void wait();
  bool is_done();  // everything was taken
  // Gives a piece's memory back for reuse.
  void recycle(table::RawPiece piece);
  double decode_ms();         // of all threads together
  std::vector<Span> spans();  // what each thread decoded when, a track for each

 private:
  struct Column {
    table::ColumnReader reader;
    bool is_busy = false;
    formats::ByteBuffer buffer;  // the bytes of the file that the reader asked for last
  };
  void run(size_t thread);
  Result<table::RawPiece> decode(Column& column, table::RawPiece piece) const;
  // On a thread of its own an exception would end the process.
  Result<table::RawPiece> decode_or_run_out(Column& column, table::RawPiece piece) const;

  const formats::OpenFile& file_;
  size_t most_pieces_;
  std::mutex mutex_;
  std::condition_variable work_, ready_;
  std::vector<Column> columns_;
  std::deque<table::RawPiece> pieces_;
  std::vector<table::RawPiece> spare_;
  std::optional<Error> error_;
  size_t decoding_ = 0;
  double decode_ms_ = 0;
  std::vector<Span> spans_;
  bool stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace shoal::engine
