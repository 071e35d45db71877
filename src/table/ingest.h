// The way of a column onto the GPU: raw values are uploaded, measured there, and encoded there once their
// summaries have come back. Several pieces are under way at once, so that nobody waits for a summary.
#pragma once

#include <array>
#include <vector>

#include "gpu/device.h"
#include "table/column_reader.h"
#include "table/encoding.h"
#include "table/table.h"

namespace shoal::table {

class Ingest {
 public:
  // `pieces_at_once`: how many chunk columns may be between upload and encoding; each holds its raw bytes in
  // GPU memory. Both arguments must outlive the ingest.
  Ingest(gpu::Device& device, Table& table, u32 pieces_at_once);

  // Whether take() has room.
  bool has_room() const;
  // Records the upload of a piece. Its memory is kept until the GPU has it, then given back by spare_piece().
  // Pieces of one column come in the order of their chunks. Errors: those of Table::add_strings
  // and of gpu::KernelCache::get.
  Result<void> take(RawPiece piece);
  RawPiece spare_piece();

  // Records what is due after events: measuring what was taken, encoding what was measured; nothing when nothing
  // is. Errors: those of the slabs, kernels that do not compile.
  Result<void> advance();

  bool is_idle() const;  // everything taken is in the table

 private:
  enum class Stage : u8 { kFree, kTaken, kMeasured, kReadyToEncode };
  struct Slot {
    Stage stage = Stage::kFree;
    RawPiece piece;
    u32 raw = 0, validity = 0, params = 0, summaries = 0;  // buffers
    const gpu::Kernel* measure = nullptr;
    const gpu::Kernel* encode = nullptr;
    gpu::Ticket ticket = 0;
    Encoding encoding;
  };
  const SourceColumn& source_of(const RawPiece& piece) const { return table_.columns()[piece.column].source; }
  // Each column's kernels do what it needs and no more: nulls, floats and wide values are features of them.
  Result<const gpu::Kernel*> measure_kernel_for(const RawPiece& piece);
  Result<const gpu::Kernel*> encode_kernel_for(const RawPiece& piece, bool fits_32_bits);
  Result<void> choose_encodings();  // of what has been measured
  void create_buffers(Slot& slot);
  void measure(Slot& slot, gpu::Frame& frame);
  // Where a slot's codes, validity and zones go; nothing while a slab for them is on its way.
  Result<std::optional<gpu::View>> find_place(const Slot& slot);
  void encode(Slot& slot, const gpu::View& place, gpu::Frame& frame);

  gpu::Device& device_;
  Table& table_;
  std::vector<Slot> slots_;
  std::vector<RawPiece> spare_;
  std::array<const gpu::Kernel*, 4> measure_kernels_ = {};  // by features
  std::array<const gpu::Kernel*, 8> encode_kernels_ = {};
};

}  // namespace shoal::table
