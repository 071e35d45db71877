#include "web_api/page_file.h"

#include <algorithm>

#include "base/text.h"

namespace shoal::web_api {
namespace {

// The page's heap holds, for each column that is read, what was asked for last and one decoded piece.
constexpr formats::ParquetOptions kPageOptions = {.most_page_bytes = u64{16} << 20,
                                                  .most_footer_bytes = u64{16} << 20,
                                                  .whole_chunk_bytes = u64{4} << 20,
                                                  .window_bytes = u64{2} << 20};

}  // namespace

PageFile::PageFile(std::string name, u64 size_bytes)
    : name_(std::move(name)), opener_(name_, size_bytes, kPageOptions) {}

Result<bool> PageFile::open() {
  if (source_ != nullptr) return true;
  if (error_) return std::unexpected(*error_);
  if (footer_.is_awaited()) return false;
  SHOAL_TRY_SET(auto step, opener_.next(arrived(footer_)));
  if (const auto* needed = std::get_if<table::NeedBytes>(&step)) {
    ask(footer_, needed->range);
    return false;
  }
  source_ = std::move(std::get<std::unique_ptr<table::ChunkSource>>(step));
  footer_ = {};
  return true;
}

Result<std::optional<table::RawPiece>> PageFile::decode(const table::Table& table,
                                                        const std::vector<size_t>& columns) {
  refused_column_.reset();
  if (error_) return std::unexpected(*error_);
  for (;;) {
    Column* chosen = nullptr;
    for (const size_t index : columns) {
      auto found = columns_.find(index);
      if (found == columns_.end()) {
        table::ColumnReader reader(*source_, table.chunks(), index, table.columns()[index].dictionary.get());
        found = columns_.emplace(index, Column{std::move(reader), {}, {}, {}}).first;
      }
      Column& column = found->second;
      if (column.error) {
        refused_column_ = index;
        return std::unexpected(*column.error);
      }
      if (column.reader->is_done() || column.bytes.is_awaited()) continue;
      if (chosen == nullptr || column.reader->next_chunk() < chosen->reader->next_chunk()) chosen = &column;
    }
    if (chosen == nullptr) return std::nullopt;
    if (chosen->piece.values.capacity() == 0 && !spare_.empty()) {
      chosen->piece = std::move(spare_.back());
      spare_.pop_back();
    }
    const auto needed = chosen->reader->next(chosen->piece, arrived(chosen->bytes));
    if (!needed) {
      refused_column_ = chosen->reader->column();
      chosen->reader.reset();
      chosen->piece = {};
      chosen->bytes = {};
      chosen->error = needed.error();
      return std::unexpected(*chosen->error);
    }
    if (!needed->has_value()) return std::exchange(chosen->piece, {});
    ask(chosen->bytes, **needed);
  }
}

void PageFile::ask(Bytes& bytes, table::ByteRange range) {
  bytes.request = ++last_request_;
  bytes.size_bytes = range.size;
  bytes.has_arrived = false;
  requests_.push_back({.id = bytes.request, .offset = range.offset, .size_bytes = range.size});
}

std::span<const std::byte> PageFile::arrived(Bytes& bytes) {
  if (!bytes.has_arrived) return {};
  bytes.request = 0;
  bytes.has_arrived = false;
  return bytes.held;
}

void PageFile::on_bytes(u32 request, std::span<const std::byte> bytes) {
  const auto deliver = [&](Bytes& waiting) {
    if (waiting.request != request) return false;
    if (bytes.size() != waiting.size_bytes) {
      on_failure(fmt::format("{} cannot be read: {} bytes came where {} were asked for.", quote(name_),
                             bytes.size(), waiting.size_bytes));
    }
    waiting.held.assign(bytes.begin(), bytes.end());
    waiting.has_arrived = true;
    return true;
  };
  if (deliver(footer_)) return;
  for (auto& [index, column] : columns_) {
    if (deliver(column.bytes)) return;
  }
}

void PageFile::on_failure(std::string_view message) {
  if (!error_) error_ = Error{ErrorCode::kIo, std::string(message), {}};
}

}  // namespace shoal::web_api
