#include "table/ingest.h"

#include <algorithm>
#include <cstring>

#include "table/encode.kernel.h"
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

bool is_float(const SourceColumn& column) { return column.type.kind == TypeKind::kFloat; }

struct Feature {
  std::string_view name;
  bool is_on = false;
};

// The kernel with those features that are on, which `kernels` keeps by them.
Result<const gpu::Kernel*> variant_of(gpu::Device& device, const wgsl::Kernel& kernel,
                                      std::span<const gpu::Kernel*> kernels,
                                      std::initializer_list<Feature> features) {
  std::vector<std::string_view> names;
  size_t index = 0;
  for (const Feature& feature : features) {
    index = 2 * index + (feature.is_on ? 1 : 0);
    if (feature.is_on) names.push_back(feature.name);
  }
  if (kernels[index] == nullptr) {
    const wgsl::KernelTemplate& variant = kernel.variant(std::span<const std::string_view>(names));
    SHOAL_TRY_SET(kernels[index], device.kernels.get(device.recorder, {.kernel = &variant}));
  }
  return kernels[index];
}

// One piece of a slab holds all three: codes in whole quads of rows, as the kernels write them, then validity,
// zones.
struct StoredBytes {
  u64 codes = 0, validity = 0, zones = 0;
};

StoredBytes stored_bytes(const StoredColumn& stored, const RawPiece& piece) {
  const u64 whole_quads = align_up(u64{piece.rows}, u64{4});
  return {.codes = align_up(whole_quads * storage_size_bytes(stored.storage), u64{4}),
          .validity = piece.validity.size() * 4,
          .zones = stored.zone_codes.size() * (stored.storage == Storage::kU64 ? 16 : 8)};
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

Result<const gpu::Kernel*> Ingest::measure_kernel_for(const RawPiece& piece) {
  return variant_of(device_, measure_kernel(), measure_kernels_,
                    {{"nullable", !piece.validity.empty()}, {"floats", is_float(source_of(piece))}});
}

Result<const gpu::Kernel*> Ingest::encode_kernel_for(const RawPiece& piece, bool fits_32_bits) {
  const bool floats = is_float(source_of(piece));
  return variant_of(
      device_, encode_kernel(), encode_kernels_,
      {{"nullable", !piece.validity.empty()}, {"floats", floats}, {"narrow", fits_32_bits && !floats}});
}

Result<void> Ingest::take(RawPiece piece) {
  SHOAL_TRY(table_.add_strings(piece.column, piece.new_strings));
  const auto slot = std::ranges::find(slots_, Stage::kFree, &Slot::stage);
  slot->piece = std::move(piece);
  slot->stage = Stage::kTaken;
  SHOAL_TRY_SET(slot->measure, measure_kernel_for(slot->piece));
  // Most integers fit: what is likely to be needed compiles while the piece is measured.
  SHOAL_TRY_SET(slot->encode, encode_kernel_for(slot->piece, true));
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
  slot.params = recorder.create_buffer("ingest params", sizeof(RawParams), kUniform | kCopyDst);
  slot.summaries = recorder.create_buffer("ingest summaries", kSummaryBytes, kStorage | kCopySrc);
}

void Ingest::measure(Slot& slot, gpu::Frame& frame) {
  create_buffers(slot);
  gpu::Recorder& recorder = device_.recorder;
  const RawPiece& piece = slot.piece;
  recorder.write_lent({slot.raw, 0, piece.values.size()}, piece.values);
  if (!piece.validity.empty()) {
    if (slot.validity == 0) {
      using enum gpu::BufferUsage;
      slot.validity = recorder.create_buffer("ingest validity", kValidityBytes, kStorage | kCopyDst | kCopySrc);
    }
    recorder.write_lent({slot.validity, 0, piece.validity.size() * 4}, std::as_bytes(std::span(piece.validity)));
  }
  recorder.write({slot.params, 0, sizeof(RawParams)}, bytes_of(params_of(source_of(piece), piece)));

  const u32 blocks = table_.chunks()[piece.chunk].blocks();
  const gpu::View views[] = {{slot.params, 0, sizeof(RawParams)},
                             {slot.raw, 0, align_up<u64>(piece.values.size(), 256)},
                             {slot.summaries, 0, kSummaryBytes},
                             {slot.validity, 0, kValidityBytes}};
  const u32 group = device_.bind_groups.get(recorder, slot.measure->bind_group_layouts[0], "measure",
                                            std::span(views).first(piece.validity.empty() ? 3 : 4));
  frame.begin_pass("ingest: measure", piece.values.size());
  frame.dispatch({.kernel = slot.measure, .groups = std::span(&group, 1), .x = blocks});
  frame.end_pass();
  slot.ticket = frame.read({slot.summaries, 0, sizeof(BlockSummary) * blocks});
  slot.stage = Stage::kMeasured;
}

Result<std::optional<gpu::View>> Ingest::find_place(const Slot& slot) {
  const StoredBytes bytes = stored_bytes(slot.encoding.stored, slot.piece);
  return device_.slabs.allocate(device_.recorder, bytes.codes + bytes.validity + bytes.zones);
}

void Ingest::encode(Slot& slot, const gpu::View& place, gpu::Frame& frame) {
  gpu::Recorder& recorder = device_.recorder;
  const RawPiece& piece = slot.piece;
  const Encoding& encoding = slot.encoding;
  StoredColumn& stored = slot.encoding.stored;

  const StoredBytes bytes = stored_bytes(stored, piece);
  stored.codes = {place.buffer, place.offset_bytes, bytes.codes};
  stored.validity = {place.buffer, place.offset_bytes + bytes.codes, bytes.validity};
  stored.zones = {place.buffer, place.offset_bytes + bytes.codes + bytes.validity,
                  place.size_bytes - bytes.codes - bytes.validity};

  RawParams params = params_of(source_of(piece), piece);
  params.base = {low_word(encoding.base_image), high_word(encoding.base_image)};
  params.storage = static_cast<u32>(stored.storage);
  params.code_divisor = divisor_constants(stored.divisor);
  params.padded_rows = align_up(piece.rows, 4u);
  params.target_words = static_cast<u32>(stored.codes.offset_bytes / 4);
  recorder.write({slot.params, 0, sizeof(RawParams)}, bytes_of(params));

  const bool is_wide = stored.storage == Storage::kU64;
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
                             device_.slabs.whole(place.buffer),
                             {slot.validity, 0, kValidityBytes}};
  const u32 group = device_.bind_groups.get(recorder, slot.encode->bind_group_layouts[0], "encode",
                                            std::span(views).first(piece.validity.empty() ? 3 : 4));
  // One a word of codes, or a row where those are wider.
  const u32 invocations = static_cast<u32>(bytes.codes) / std::max(storage_size_bytes(stored.storage), 4u);
  frame.begin_pass("ingest: encode", piece.values.size() + bytes.codes);
  frame.dispatch({.kernel = slot.encode,
                  .groups = std::span(&group, 1),
                  .x = divide_round_up(invocations, slot.encode->workgroup_size[0])});
  frame.end_pass();
  if (bytes.validity > 0) frame.copy({slot.validity, 0, bytes.validity}, stored.validity);
}

Result<void> Ingest::choose_encodings() {
  for (Slot& slot : slots_) {
    if (slot.stage != Stage::kMeasured) continue;
    if (device_.readbacks.has_failed(slot.ticket)) {
      return fail(ErrorCode::kDevice, "The summaries of a column did not come back from the adapter.");
    }
    const auto bytes = device_.readbacks.take(slot.ticket);
    if (!bytes) continue;
    std::vector<BlockSummary> summaries(bytes->size() / sizeof(BlockSummary));
    std::memcpy(summaries.data(), bytes->data(), summaries.size() * sizeof(BlockSummary));
    const SourceColumn& column = source_of(slot.piece);
    slot.encoding = choose_encoding(column.type, column.raw, slot.piece.rows, summaries);
    SHOAL_TRY_SET(slot.encode, encode_kernel_for(slot.piece, slot.encoding.fits_32_bits));
    slot.stage = Stage::kReadyToEncode;
  }
  return {};
}

Result<void> Ingest::advance() {
  SHOAL_TRY(choose_encodings());
  const auto can_measure = [](const Slot& slot) { return slot.stage == Stage::kTaken && slot.measure->is_ready(); };
  // A column's chunks enter the table in their order, whichever summary came first.
  const auto can_encode = [&](const Slot& slot) {
    return slot.stage == Stage::kReadyToEncode && slot.encode->is_ready() &&
           slot.piece.chunk == table_.columns()[slot.piece.column].chunks.size();
  };
  std::optional<gpu::Frame> frame;  // begun by the first that has something to say
  const auto begun = [&]() -> gpu::Frame& { return frame ? *frame : frame.emplace(device_, "ingest"); };
  for (;;) {
    const auto slot = std::ranges::find_if(slots_, can_encode);
    if (slot == slots_.end()) break;
    SHOAL_TRY_SET(const std::optional<gpu::View> place, find_place(*slot));
    if (!place) break;  // the next one would wait for the same slab
    encode(*slot, *place, begun());
    table_.add(slot->piece.column, std::move(slot->encoding.stored));
    spare_.push_back(std::move(slot->piece));
    slot->stage = Stage::kFree;
  }
  for (Slot& slot : slots_) {
    if (can_measure(slot)) measure(slot, begun());
  }
  if (frame) frame->submit();
  return {};
}

}  // namespace shoal::table
