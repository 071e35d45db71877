#include "query/rows_query.h"

#include <algorithm>
#include <cstring>

#include "primitives/compact/compact.h"
#include "query/aggregate_program.kernel.h"
#include "query/chunk_bindings.h"
#include "query/row_bits.kernel.h"
#include "query/row_program.h"
#include "query/take_rows.kernel.h"
#include "query/take_rows_layout.gen.h"

namespace shoal::query {
namespace {

constexpr u32 kColumnGroup = 1;
constexpr u64 kHeadBytes = 256;  // of picked and taken rows
constexpr size_t kParamsStride = 256;
constexpr u32 kTakeLanes = 256;
constexpr primitives::CompactOptions kPick{
    .keep = {.by = primitives::Selection::By::kBits}, .has_values = false, .has_rows = true};

}  // namespace

Result<void> RowsQuery::begin(gpu::Device& device, const table::Table& table, RowsPlan plan) {
  plan_ = std::move(plan);
  if (plan_.filter.columns.size() > kMostPassColumns) {
    return fail(
        ErrorCode::kUnsupported,
        "The filter reads {} columns, and one pass over the rows reads at most {}. Use fewer columns in the "
        "filter.",
        plan_.filter.columns.size(), kMostPassColumns);
  }
  SHOAL_TRY(place_results(device));
  SHOAL_TRY(request_kernels(device, table));
  write_inputs(device, table);
  return {};
}

Result<void> RowsQuery::place_results(const gpu::Device& device) {
  takes_.clear();
  u64 words = kHeadBytes / 4;
  for (size_t first = 0; first < plan_.columns.size(); first += kMostPassColumns) {
    const size_t count = std::min(plan_.columns.size() - first, kMostPassColumns);
    const auto begin = plan_.columns.begin() + static_cast<std::ptrdiff_t>(first);
    const u64 valid_word = words + 2 * count * plan_.limit;
    takes_.push_back({.columns = {begin, begin + static_cast<std::ptrdiff_t>(count)},
                      .first_word = static_cast<u32>(words),
                      .valid_word = static_cast<u32>(valid_word)});
    words = valid_word + plan_.limit;
  }
  result_bytes_ = align_up(4 * words, u64{16});
  const u64 most_bytes = device.capabilities.limits.max_storage_binding_size_bytes;
  if (result_bytes_ > most_bytes) {
    return fail(
        ErrorCode::kUnsupported,
        "{} rows of {} columns take {} bytes, and a binding of this adapter holds {}. Ask for fewer rows or "
        "fewer columns.",
        plan_.limit, plan_.columns.size(), result_bytes_, most_bytes);
  }
  return {};
}

Result<void> RowsQuery::request_kernels(gpu::Device& device, const table::Table& table) {
  std::vector<SlotShape> slots;
  for (const size_t column : plan_.filter.columns) {
    const table::CodeSpace& space = table.columns()[column].space;
    slots.push_back({.wide = space.wide, .nullable = space.nullable});
  }
  const std::string program = element_row_program(slots, plan_.filter, std::nullopt);
  SHOAL_TRY(mark_.prepare(device, row_bits_kernel(),
                          {.text = program,
                           .bindings = aggregate_program_kernel().variant({}).bindings,
                           .dense = plan_.filter.passes == Passes::kAll,
                           .dynamic_group = kColumnGroup}));
  SHOAL_TRY(primitives::prepare_compact(device, kPick));
  gpu::KernelRequest request{
      .kernel = &take_rows_kernel().variant({}), .dynamic_group = kColumnGroup, .entry_point = "take_rows"};
  SHOAL_TRY_SET(take_kernel_, device.kernels.get(device.recorder, request));
  request.entry_point = "count_rows";
  SHOAL_TRY_SET(count_kernel_, device.kernels.get(device.recorder, request));
  return {};
}

// Of each chunk to read first the filter's columns, then those of the takes.
size_t RowsQuery::descriptor_at(size_t read_chunk, size_t take) const {
  return (read_chunk * (1 + takes_.size()) + take) * size_t{kChunkStride};
}

void RowsQuery::write_inputs(gpu::Device& device, const table::Table& table) {
  gpu::Recorder& recorder = device.recorder;
  inputs_.write(device, plan_.filter, plan_.read);
  std::vector<std::byte> params(takes_.size() * kParamsStride);
  for (size_t take = 0; take < takes_.size(); ++take) {
    const TakeParams written{.limit = plan_.limit,
                             .columns = static_cast<u32>(takes_[take].columns.size()),
                             .first_word = takes_[take].first_word,
                             .valid_word = takes_[take].valid_word};
    std::memcpy(params.data() + take * kParamsStride, &written, sizeof written);
  }
  params_.reserve(device, params.size());
  recorder.write(params_.first(params.size()), params);

  std::vector<std::byte> descriptors(descriptor_at(plan_.read.chunks.size(), 0));
  u32 most_rows = 0;
  for (size_t i = 0; i < plan_.read.chunks.size(); ++i) {
    const ChunkToRead& read = plan_.read.chunks[i];
    const auto describe = [&](std::span<const size_t> columns, size_t take) {
      table::Chunk described = describe_chunk(table, columns, read.chunk);
      described.first_block = read.first_block;
      std::memcpy(descriptors.data() + descriptor_at(i, take), &described, sizeof described);
    };
    describe(plan_.filter.columns, 0);
    for (size_t take = 0; take < takes_.size(); ++take) describe(takes_[take].columns, 1 + take);
    most_rows = std::max(most_rows, table.chunks()[read.chunk].rows);
  }
  chunks_.reserve(device, descriptors.size());
  recorder.write(chunks_.first(descriptors.size()), descriptors);
  marked_.reserve(device, align_up(divide_round_up(u64{most_rows}, u64{8}), u64{16}));
  picked_.reserve(device, align_up(kHeadBytes + u64{most_rows} * 4, u64{16}));
  results_.reserve(device, result_bytes_);
}

Result<void> RowsQuery::record(gpu::Frame& frame, const table::Table& table) {
  frame.clear({results_.all().buffer, 0, kHeadBytes});
  u64 bytes = 0;
  for (const ChunkToRead& read : plan_.read.chunks) {
    for (const size_t column : plan_.filter.columns) {
      bytes += table.columns()[column].chunks[read.chunk].codes.size_bytes;
    }
  }
  frame.begin_pass("pick rows", bytes);
  for (size_t i = 0; i < plan_.read.chunks.size(); ++i) SHOAL_TRY(record_chunk(frame, table, i));
  frame.end_pass();
  return {};
}

Result<void> RowsQuery::record_chunk(gpu::Frame& frame, const table::Table& table, size_t read_chunk) {
  gpu::Device& device = frame.device();
  gpu::Recorder& recorder = device.recorder;
  const size_t chunk = plan_.read.chunks[read_chunk].chunk;
  const table::ChunkRows& rows = table.chunks()[chunk];
  const gpu::View marked{marked_.all().buffer, 0, align_up(divide_round_up(u64{rows.rows}, u64{8}), u64{16})};
  const gpu::View picked{picked_.all().buffer, kHeadBytes, align_up(u64{rows.rows} * 4, u64{16})};
  const auto column_group = [&](const gpu::Kernel& kernel, std::span<const size_t> columns) {
    const ChunkViews views = chunk_views(device, table, columns, chunk, chunks_.all().buffer);
    return device.bind_groups.get(recorder, kernel.bind_group_layouts[kColumnGroup], "rows columns", views);
  };

  // A filter of all has no columns: any serves its bindings.
  const std::vector<size_t>& filtered = plan_.filter.columns.empty() ? takes_[0].columns : plan_.filter.columns;
  const ChunkViews filter_views = chunk_views(device, table, filtered, chunk, chunks_.all().buffer);
  const u32 groups[] = {
      device.bind_groups.get(recorder, mark_.program_layout(kColumnGroup), "rows filter columns", filter_views),
      device.bind_groups.get(recorder, mark_.program_layout(2), "rows filter", inputs_.views())};
  const u32 filter_descriptor = static_cast<u32>(descriptor_at(read_chunk, 0));
  mark_.fold(frame, marked, groups, rows.blocks(), &filter_descriptor);
  SHOAL_TRY(primitives::compact(frame, {.options = kPick,
                                        .keep_views = std::span(&marked, 1),
                                        .count = rows.rows,
                                        .rows = picked,
                                        .kept_count = {picked_.all().buffer, 0, 4}}));
  const gpu::Kernel* kernel = take_kernel_;
  const auto run = [&](size_t take, u32 workgroups) {
    const gpu::View views[] = {
        {params_.all().buffer, take * kParamsStride, sizeof(TakeParams)}, picked_.all(), results_.all()};
    const u32 take_groups[] = {device.bind_groups.get(recorder, kernel->bind_group_layouts[0], "take rows", views),
                               column_group(*kernel, takes_[take].columns)};
    frame.dispatch({.kernel = kernel,
                    .groups = take_groups,
                    .dynamic_offset = static_cast<u32>(descriptor_at(read_chunk, 1 + take)),
                    .has_dynamic_offset = true,
                    .dynamic_group = kColumnGroup,
                    .x = workgroups});
  };
  for (size_t take = 0; take < takes_.size(); ++take) {
    run(take, divide_round_up(std::min(plan_.limit, rows.rows), kTakeLanes));
  }
  kernel = count_kernel_;
  run(0, 1);
  return {};
}

Result<RowsResult> RowsQuery::finish(const table::Table& table, std::span<const std::byte> results) const {
  if (results.size() < result_bytes_) {
    return fail(ErrorCode::kDevice, "The rows of a query came back from the adapter cut off.");
  }
  const auto word = [&](u64 index) {
    u32 value = 0;
    std::memcpy(&value, results.data() + 4 * index, sizeof value);
    return value;
  };
  RowsResult result{.rows = {}, .rows_passed = join_words(word(1), word(2))};
  const u32 taken = std::min(word(0), plan_.limit);
  result.rows.resize(taken);
  for (u32 row = 0; row < taken; ++row) {
    for (const Take& take : takes_) {
      for (size_t slot = 0; slot < take.columns.size(); ++slot) {
        const table::CodeSpace& space = table.columns()[take.columns[slot]].space;
        const bool is_valid = ((word(u64{take.valid_word} + row) >> slot) & 1u) != 0;
        const u64 at = take.first_word + 2 * (slot * plan_.limit + row);
        const u64 code = space.wide ? join_words(word(at), word(at + 1)) : word(at);
        result.rows[row].push_back(is_valid ? value_of_code(space, code) : Value{});
      }
    }
  }
  return result;
}

}  // namespace shoal::query
