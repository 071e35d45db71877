#include "query/density_query.h"

#include <algorithm>
#include <cstring>

#include "primitives/density/density.h"
#include "primitives/density/density_layout.gen.h"
#include "query/chunk_bindings.h"
#include "query/density_program.kernel.h"
#include "query/row_program.h"

namespace shoal::query {

Result<void> DensityQuery::compile(gpu::Device& device, const table::Table& table, DensityPlan plan) {
  plan_ = std::move(plan);
  columns_ = {plan_.x, plan_.y};
  std::vector<size_t> filter_slots;
  for (const size_t column : plan_.filter.columns) {
    const auto slot = std::ranges::find(columns_, column);
    filter_slots.push_back(static_cast<size_t>(slot - columns_.begin()));
    if (slot == columns_.end()) columns_.push_back(column);
  }
  if (columns_.size() > kMostPassColumns) {
    return fail(ErrorCode::kUnsupported,
                "The picture reads {} columns (two axes and the filter's), and one pass over the rows reads at "
                "most {}. Use "
                "fewer columns in the filter.",
                columns_.size(), kMostPassColumns);
  }
  std::vector<SlotShape> slots;
  wide_.clear();
  for (const size_t column : columns_) {
    const table::Column& described = table.columns()[column];
    slots.push_back({.wide = described.space.wide, .nullable = described.source.nullable});
    wide_.push_back(described.space.wide);
  }
  slots[0].form = axis_form(plan_.x_bins, table.columns()[plan_.x].space);
  slots[1].form = axis_form(plan_.y_bins, table.columns()[plan_.y].space);
  SHOAL_TRY_SET(kernel_, device.kernels.get(device.recorder,
                                            {.kernel = &primitives::density_variant(device.capabilities),
                                             .program = density_row_program(slots, plan_.filter, filter_slots),
                                             .program_bindings = density_program_kernel().variant({}).bindings,
                                             .dynamic_group = 1}));
  return {};
}

Result<void> DensityQuery::follow(gpu::Device& device, const table::Table& table, DensityPlan plan) {
  SHOAL_TRY(compile(device, table, std::move(plan)));
  write_tables(device, table);
  return {};
}

Result<void> DensityQuery::begin(gpu::Device& device, const table::Table& table, DensityPlan plan) {
  using enum gpu::BufferUsage;
  SHOAL_TRY(compile(device, table, std::move(plan)));
  const u64 count_bytes = (u64{bin_count()} + 4) * 4;
  if (count_bytes > device.capabilities.limits.max_storage_binding_size_bytes) {
    return fail(ErrorCode::kUnsupported,
                "A picture of {} x {} bins does not fit the adapter's largest binding. Make it smaller.", bins_x(),
                bins_y());
  }

  gpu::Recorder& recorder = device.recorder;
  counts_.reserve(device, count_bytes);
  if (params_ == 0) {
    params_ = recorder.create_buffer("query params", sizeof(QueryParams), kUniform | kCopyDst);
    density_params_ = recorder.create_buffer("density params", 256, kUniform | kCopyDst);
  }
  const primitives::DensityParams density_params{.bin_count = bin_count()};
  recorder.write({density_params_, 0, sizeof density_params}, std::as_bytes(std::span(&density_params, 1)));
  write_tables(device, table);
  counted_chunks_ = 0;
  dispatches_ = 0;
  clear_ = true;
  return {};
}

void DensityQuery::write_tables(gpu::Device& device, const table::Table& table) {
  QueryParams params;
  std::vector<u32> words;
  const auto place = [&](const std::vector<u32>& placed) {
    const u32 at = static_cast<u32>(words.size());
    words.insert(words.end(), placed.begin(), placed.end());
    return at;
  };
  AxisTable x = axis_table(plan_.x_bins, table.columns()[plan_.x].space);
  AxisTable y = axis_table(plan_.y_bins, table.columns()[plan_.y].space);
  x.params.words = place(x.words);
  y.params.words = place(y.words);
  params.axes = {x.params, y.params};
  params.filter_words = place(plan_.filter.words);
  std::vector<u32> bounds;
  for (const CodeBounds& bound : plan_.filter.bounds) {
    // A narrow column's codes end at 2^32 - 1.
    bounds.insert(bounds.end(),
                  {low_word(bound.first), high_word(bound.first), low_word(bound.last), high_word(bound.last)});
  }
  params.bound_words = place(bounds);
  if (words.empty()) words.push_back(0);
  gpu::Recorder& recorder = device.recorder;
  words_.reserve(device, words.size() * 4);
  recorder.write(words_.first(words.size() * 4), std::as_bytes(std::span(words)));
  recorder.write({params_, 0, sizeof params}, std::as_bytes(std::span(&params, 1)));
}

size_t DensityQuery::available_chunks(const table::Table& table) const {
  size_t available = table.chunks().size();
  for (const size_t column : columns_) available = std::min(available, table.columns()[column].chunks.size());
  return available;
}

bool DensityQuery::may_pass(const table::Table& table, size_t chunk) const {
  if (plan_.filter.passes == Passes::kNone) return false;
  for (size_t k = 0; k < plan_.filter.columns.size(); ++k) {
    const CodeBounds& bounds = plan_.filter.bounds[k];
    if (bounds.null_may_pass) continue;
    const table::Column& column = table.columns()[plan_.filter.columns[k]];
    if (!column.chunks[chunk].has_values) return false;
    const table::StoredColumn& stored = column.chunks[chunk];
    const u64 first = column_code(column.space, stored, stored.first_code);
    const u64 last = column_code(column.space, stored, stored.last_code);
    if (first > bounds.last || bounds.first > last) return false;
  }
  return true;
}

void DensityQuery::write_chunks(gpu::Device& device, const table::Table& table, size_t first, size_t last) {
  gpu::Recorder& recorder = device.recorder;
  const size_t needed_bytes = table.chunks().size() * kChunkStride;
  if (chunks_.reserve(device, needed_bytes)) first = 0;
  std::vector<std::byte> bytes((last - first) * kChunkStride);
  for (size_t chunk = first; chunk < last; ++chunk) {
    const table::Chunk described = describe_chunk(table, columns_, chunk);
    std::memcpy(bytes.data() + (chunk - first) * kChunkStride, &described, sizeof described);
  }
  recorder.write({chunks_.all().buffer, first * kChunkStride, bytes.size()}, bytes);
}

void DensityQuery::record(gpu::Frame& frame, const table::Table& table) {
  gpu::Device& device = frame.device();
  gpu::Recorder& recorder = device.recorder;
  if (clear_) frame.clear(counts());
  clear_ = false;
  const size_t first = counted_chunks_, last = available_chunks(table);
  if (first == last) return;
  write_chunks(device, table, first, last);

  const gpu::View kernel_views[] = {{density_params_, 0, sizeof(primitives::DensityParams)}, counts_and_beyond()};
  const gpu::View query_views[] = {{params_, 0, sizeof(QueryParams)}, words_.all()};
  u32 groups[3] = {device.bind_groups.get(recorder, kernel_->bind_group_layouts[0], "density", kernel_views), 0,
                   device.bind_groups.get(recorder, kernel_->bind_group_layouts[2], "density query", query_views)};
  u64 bytes = 0;
  for (size_t chunk = first; chunk < last; ++chunk) {
    for (const size_t column : columns_) bytes += table.columns()[column].chunks[chunk].codes.size_bytes;
  }
  frame.begin_pass("density", bytes);
  for (size_t chunk = first; chunk < last; ++chunk) {
    if (!may_pass(table, chunk)) continue;
    const ChunkViews views = chunk_views(device, table, columns_, chunk, chunks_.all().buffer);
    groups[1] = device.bind_groups.get(recorder, kernel_->bind_group_layouts[1], "density columns", views);
    frame.dispatch({.kernel = kernel_,
                    .groups = groups,
                    .dynamic_offset = static_cast<u32>(chunk * kChunkStride),
                    .has_dynamic_offset = true,
                    .dynamic_group = 1,
                    .x = table.chunks()[chunk].blocks()});
    ++dispatches_;
  }
  frame.end_pass();
  counted_chunks_ = last;
}

DensityTally DensityQuery::read_tally(std::span<const std::byte> bytes) {
  std::array<u32, 4> words = {};
  if (bytes.size() >= sizeof words) std::memcpy(words.data(), bytes.data(), sizeof words);
  return {.drawn = words[0], .null = words[1], .outside = words[2], .read = words[3]};
}

}  // namespace shoal::query
