#include "engine/native_feeder.h"

#include <algorithm>
#include <new>

#include "base/text.h"

namespace shoal::engine {

NativeFeeder::NativeFeeder(const formats::OpenFile& file, std::span<const table::ChunkRows> chunks,
                           const std::vector<size_t>& columns, u32 most_strings, size_t most_pieces)
    : file_(file), most_pieces_(std::max(most_pieces, columns.size())) {
  for (const size_t column : columns) {
    columns_.push_back({table::ColumnReader(*file.source, chunks, column, most_strings), false, {}});
  }
  const size_t threads =
      std::clamp<size_t>(std::thread::hardware_concurrency(), 1, std::max<size_t>(columns.size(), 1));
  for (size_t i = 0; i < threads; ++i) threads_.emplace_back([this, i] { run(i); });
}

NativeFeeder::~NativeFeeder() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  work_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

Result<table::RawPiece> NativeFeeder::decode(Column& column, table::RawPiece piece) const {
  std::span<const std::byte> bytes;
  for (;;) {
    SHOAL_TRY_SET(const std::optional<table::ByteRange> need, column.reader.next(piece, bytes));
    if (!need) return piece;
    SHOAL_TRY_SET(bytes, file_.file.read(*need, column.buffer));
  }
}

Result<table::RawPiece> NativeFeeder::decode_or_run_out(Column& column, table::RawPiece piece) const {
  try {
    return decode(column, std::move(piece));
  } catch (const std::bad_alloc&) {
    return fail(ErrorCode::kOutOfMemory, "There is no memory left to decode column {}. Close other programs.",
                quote(file_.source->columns()[column.reader.column()].name));
  }
}

void NativeFeeder::run(size_t thread) {
  std::unique_lock lock(mutex_);
  for (;;) {
    // The column that is furthest behind, of those that nobody decodes.
    const auto next = [this] {
      Column* chosen = nullptr;
      for (Column& column : columns_) {
        if (column.is_busy || column.reader.is_done()) continue;
        if (chosen == nullptr || column.reader.next_chunk() < chosen->reader.next_chunk()) chosen = &column;
      }
      return chosen;
    };
    work_.wait(lock, [&] {
      return stop_ || error_ || (next() != nullptr && pieces_.size() + decoding_ < most_pieces_) ||
             std::ranges::all_of(columns_,
                                 [](const Column& column) { return column.reader.is_done() && !column.is_busy; });
    });
    Column* column = next();
    if (stop_ || error_ || column == nullptr) return;
    column->is_busy = true;
    ++decoding_;
    table::RawPiece piece;
    if (!spare_.empty()) {
      piece = std::move(spare_.back());
      spare_.pop_back();
    }
    lock.unlock();
    const size_t chunk = column->reader.next_chunk();
    const double begin = gpu::steady_ms();
    Result<table::RawPiece> decoded = decode_or_run_out(*column, std::move(piece));
    const double taken = gpu::steady_ms() - begin;
    lock.lock();
    column->is_busy = false;
    --decoding_;
    decode_ms_ += taken;
    spans_.push_back({fmt::format("decoder {}", thread + 1),
                      fmt::format("{}, chunk {}", file_.source->columns()[column->reader.column()].name, chunk),
                      begin, taken});
    if (decoded) {
      pieces_.push_back(std::move(*decoded));
    } else if (!error_) {
      error_ = std::move(decoded.error());
    }
    ready_.notify_all();
    work_.notify_all();
  }
}

Result<std::optional<table::RawPiece>> NativeFeeder::poll() {
  const std::lock_guard lock(mutex_);
  if (error_) return std::unexpected(*error_);
  if (pieces_.empty()) return std::nullopt;
  table::RawPiece piece = std::move(pieces_.front());
  pieces_.pop_front();
  work_.notify_all();
  return piece;
}

void NativeFeeder::wait() {
  using namespace std::chrono_literals;
  std::unique_lock lock(mutex_);
  ready_.wait_for(lock, 500us, [this] { return !pieces_.empty() || error_ || decoding_ == 0; });
}

bool NativeFeeder::is_done() {
  const std::lock_guard lock(mutex_);
  return pieces_.empty() && decoding_ == 0 && !error_ &&
         std::ranges::all_of(columns_, [](const Column& column) { return column.reader.is_done(); });
}

void NativeFeeder::recycle(table::RawPiece piece) {
  if (piece.values.capacity() == 0) return;
  const std::lock_guard lock(mutex_);
  spare_.push_back(std::move(piece));
}

double NativeFeeder::decode_ms() {
  const std::lock_guard lock(mutex_);
  return decode_ms_;
}

std::vector<Span> NativeFeeder::spans() {
  const std::lock_guard lock(mutex_);
  return spans_;
}

}  // namespace shoal::engine
