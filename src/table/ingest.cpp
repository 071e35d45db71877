#include "table/ingest.h"

#include <algorithm>
#include <cstring>

#include "table/encode.kernel.h"
#include "table/encoding.h"
#include "table/measure.kernel.h"

namespace shoal::table {
namespace {

constexpr u64 kValidityBytes = kMostChunkRows / 8;
constexpr u64 kSummaryBytes = sizeof(BlockSummary) * (kMostChunkRows / kRowsPerBlock);

template <class T>
std::span<const std::byte> bytes_of(const T& value) {
  return std::as_bytes(std::span(&value, 1));
}

RawParams params_of(const SourceColumn& column, const RawPiece& piece) {
  RawParams params;
  params.rows = piece.rows;
  params.format = static_cast<u32>(column.raw);
  params.has_validity = piece.validity.empty() ? 0 : 1;
  const auto candidates = divisor_candidates(column.type);
  params.divisor_mask = (1u << candidates.size()) - 1;
  for (size_t k = 0; k < candidates.size(); ++k) {
    params.divisors[k] = divisor_constants(candidates[k]);
    for (size_t smaller = 0; smaller <= k; ++smaller) {
      if (candidates[k] % candidates[smaller] == 0) params.divisors[k].implied |= 1u << smaller;
    }
  }
  return params;
}

}  // namespace

Ingest::Ingest(gpu::Device& device, Table& table, u32 pieces_at_once)
    : device_(device), table_(table), slots_(pieces_at_once) {}

bool Ingest::has_room() const {
  return std::ranges::any_of(slots_, [](const Slot& slot) { return slot.stage == Stage::kFree; });
}

bool Ingest::is_idle() const {
  return std::ranges::all_of(slots_, [](const Slot& slot) { return slot.stage == Stage::kFree; });
}

Result<void> Ingest::take(RawPiece piece) {
  SHOAL_TRY(table_.add_strings(piece.column, piece.new_strings));
  const auto slot = std::ranges::find(slots_, Stage::kFree, &Slot::stage);
  slot->piece = std::move(piece);
  slot->stage = Stage::kTaken;
  return {};
}

RawPiece Ingest::spare_piece() {
  if (spare_.empty()) return {};
  RawPiece piece = std::move(spare_.back());
  spare_.pop_back();
  return piece;
}

void Ingest::create_buffers(Slot& slot) {
  if (slot.raw != 0) return;
  using enum gpu::BufferUsage;
  u32 most_rows = 4;
  for (const ChunkRows& chunk : table_.chunks()) most_rows = std::max(most_rows, chunk.rows);
  gpu::Recorder& recorder = device_.recorder;
  slot.raw =
      recorder.create_buffer("ingest raw values", align_up(u64{8} * most_rows, u64{256}), kStorage | kCopyDst);
  slot.validity = recorder.create_buffer("ingest validity", kValidityBytes, kStorage | kCopyDst | kCopySrc);
  slot.params = recorder.create_buffer("ingest params", sizeof(RawParams), kUniform | kCopyDst);
  slot.summaries = recorder.create_buffer("ingest summaries", kSummaryBytes, kStorage | kCopySrc);
}

void Ingest::measure(Slot& slot, gpu::Frame& frame) {
  create_buffers(slot);
  gpu::Recorder& recorder = device_.recorder;
  const RawPiece& piece = slot.piece;
  const SourceColumn& column = table_.columns()[piece.column].source;
  recorder.write_lent({slot.raw, 0, piece.values.size()}, piece.values);
  if (!piece.validity.empty()) {
    recorder.write_lent({slot.validity, 0, piece.validity.size() * 4}, std::as_bytes(std::span(piece.validity)));
  }
  recorder.write({slot.params, 0, sizeof(RawParams)}, bytes_of(params_of(column, piece)));

  const u32 blocks = table_.chunks()[piece.chunk].blocks();
  const gpu::View views[] = {{slot.params, 0, sizeof(RawParams)},
                             {slot.raw, 0, align_up<u64>(piece.values.size(), 256)},
                             {slot.validity, 0, kValidityBytes},
                             {slot.summaries, 0, kSummaryBytes}};
  const u32 group = device_.bind_groups.get(recorder, measure_kernel_->bind_group_layouts[0], "measure", views);
  frame.begin_pass("ingest: measure", piece.values.size());
  frame.dispatch({.kernel = measure_kernel_, .groups = std::span(&group, 1), .x = blocks});
  frame.end_pass();
  slot.ticket = frame.read({slot.summaries, 0, sizeof(BlockSummary) * blocks});
  slot.stage = Stage::kMeasured;
}

Result<bool> Ingest::encode(Slot& slot, gpu::Frame& frame) {
  gpu::Recorder& recorder = device_.recorder;
  const RawPiece& piece = slot.piece;
  const SourceColumn& column = table_.columns()[piece.column].source;
  std::vector<BlockSummary> summaries(slot.summary_bytes.size() / sizeof(BlockSummary));
  std::memcpy(summaries.data(), slot.summary_bytes.data(), slot.summary_bytes.size());
  Encoding encoding = choose_encoding(column.type, column.raw, piece.rows, summaries);
  StoredColumn& stored = encoding.stored;

  // One piece of a slab for all three: codes in whole quads of rows, as the kernels write them, then validity,
  // zones.
  const bool is_wide = stored.storage == Storage::kU64;
  const u64 code_bytes = align_up(align_up(u64{piece.rows}, u64{4}) * storage_size_bytes(stored.storage), u64{4});
  const u64 validity_bytes = piece.validity.size() * 4;
  const u64 zone_bytes = stored.zone_codes.size() * (is_wide ? 16 : 8);
  SHOAL_TRY_SET(const std::optional<gpu::View> place,
                device_.slabs.allocate(recorder, code_bytes + validity_bytes + zone_bytes));
  if (!place) return false;
  stored.codes = {place->buffer, place->offset_bytes, code_bytes};
  stored.validity = {place->buffer, place->offset_bytes + code_bytes, validity_bytes};
  stored.zones = {place->buffer, place->offset_bytes + code_bytes + validity_bytes,
                  place->size_bytes - code_bytes - validity_bytes};

  RawParams params = params_of(column, piece);
  params.base = {low_word(encoding.base_image), high_word(encoding.base_image)};
  params.storage = static_cast<u32>(stored.storage);
  params.divisor = encoding.divisor_index;
  params.target_words = static_cast<u32>(stored.codes.offset_bytes / 4);
  recorder.write({slot.params, 0, sizeof(RawParams)}, bytes_of(params));

  std::vector<u32> zones;
  for (const auto& [first, last] : stored.zone_codes) {
    for (const u64 code : {first, last}) {
      zones.push_back(low_word(code));
      if (is_wide) zones.push_back(high_word(code));
    }
  }
  recorder.write(stored.zones, std::as_bytes(std::span(zones)));

  const gpu::View views[] = {{slot.params, 0, sizeof(RawParams)},
                             {slot.raw, 0, align_up<u64>(piece.values.size(), 256)},
                             {slot.validity, 0, kValidityBytes},
                             device_.slabs.whole(place->buffer)};
  const u32 group = device_.bind_groups.get(recorder, encode_kernel_->bind_group_layouts[0], "encode", views);
  frame.begin_pass("ingest: encode", piece.values.size() + code_bytes);
  frame.dispatch({.kernel = encode_kernel_,
                  .groups = std::span(&group, 1),
                  .x = divide_round_up(piece.rows, 4 * encode_kernel_->workgroup_size[0])});
  frame.end_pass();
  if (validity_bytes > 0) frame.copy({slot.validity, 0, validity_bytes}, stored.validity);

  slot.stored = std::move(stored);
  return true;
}

Result<void> Ingest::advance() {
  if (measure_kernel_ == nullptr) {
    SHOAL_TRY_SET(measure_kernel_,
                  device_.kernels.get(device_.recorder, {.kernel = &measure_kernel().variant({})}));
    SHOAL_TRY_SET(encode_kernel_, device_.kernels.get(device_.recorder, {.kernel = &encode_kernel().variant({})}));
  }
  for (Slot& slot : slots_) {
    if (slot.stage != Stage::kMeasured) continue;
    if (device_.readbacks.has_failed(slot.ticket)) {
      return fail(ErrorCode::kDevice, "The summaries of a column did not come back from the adapter.");
    }
    if (auto bytes = device_.readbacks.take(slot.ticket)) {
      slot.summary_bytes = std::move(*bytes);
      slot.stage = Stage::kReadyToEncode;
    }
  }
  const bool can_measure = measure_kernel_->is_ready();
  const bool can_encode = encode_kernel_->is_ready();
  const auto is_due = [&](const Slot& slot) {
    return (can_measure && slot.stage == Stage::kTaken) || (can_encode && slot.stage == Stage::kReadyToEncode);
  };
  if (!std::ranges::any_of(slots_, is_due)) return {};

  gpu::Frame frame(device_, "ingest");
  // A column's chunks enter the table in their order, whichever summary came first; and a chunk that waits for a
  // slab holds back only its own column.
  for (;;) {
    const auto slot = std::ranges::find_if(slots_, [&](const Slot& candidate) {
      return can_encode && candidate.stage == Stage::kReadyToEncode &&
             candidate.piece.chunk == table_.columns()[candidate.piece.column].chunks.size();
    });
    if (slot == slots_.end()) break;
    SHOAL_TRY_SET(const bool is_encoded, encode(*slot, frame));
    if (!is_encoded) break;
    table_.add(slot->piece.column, std::move(*slot->stored));
    slot->stored.reset();
    spare_.push_back(std::move(slot->piece));
    slot->stage = Stage::kFree;
  }
  for (Slot& slot : slots_) {
    if (can_measure && slot.stage == Stage::kTaken) measure(slot, frame);
  }
  frame.submit();
  return {};
}

}  // namespace shoal::table
