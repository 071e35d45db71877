#include "query/aggregate_query.h"

#include <algorithm>
#include <cstring>

#include "primitives/float_sum/float_sum.h"
#include "primitives/used_codes/used_codes.h"
#include "query/aggregate_program.kernel.h"
#include "query/chunk_bindings.h"
#include "query/row_program.h"

namespace shoal::query {
namespace {

constexpr u64 kResultAlignment = 256;  // of bindings
constexpr u32 kColumnGroup = 1, kQueryGroup = 2;

template <class State>
State state_at(std::span<const std::byte> bytes, u64 offset) {
  State state;
  std::memcpy(&state, bytes.data() + offset, sizeof state);
  return state;
}

}  // namespace

Result<void> AggregateQuery::begin(gpu::Device& device, const table::Table& table, AggregatePlan plan) {
  plan_ = std::move(plan);
  passes_.clear();
  used_bytes_ = 0;
  for (const Measure& measure : plan_.measures) SHOAL_TRY(add_pass(device, table, measure));
  if (used_bytes_ > device.capabilities.limits.max_buffer_size_bytes) {
    return fail(ErrorCode::kUnsupported,
                "The extremes of so many strings do not fit one buffer of the adapter. Ask for fewer at once.");
  }
  write_inputs(device, table);
  return {};
}

Result<void> AggregateQuery::add_pass(gpu::Device& device, const table::Table& table, const Measure& measure) {
  Pass pass{.measure = measure, .columns = plan_.filter.columns, .program = {}, .float_sum = {}, .used_codes = {}};
  std::optional<size_t> measured;
  if (measure.column) {
    measured = static_cast<size_t>(std::ranges::find(pass.columns, *measure.column) - pass.columns.begin());
    if (*measured == pass.columns.size()) pass.columns.push_back(*measure.column);
    pass.wide = table.columns()[*measure.column].space.wide;
  }
  if (pass.columns.size() > kMostPassColumns) {
    return fail(ErrorCode::kUnsupported,
                "The query reads {} columns at once (an aggregate's and the filter's), and one pass over the rows "
                "reads at most {}. Use fewer columns in the filter.",
                pass.columns.size(), kMostPassColumns);
  }
  std::vector<SlotShape> slots;
  for (const size_t column : pass.columns) {
    const table::CodeSpace& space = table.columns()[column].space;
    slots.push_back({.wide = space.wide, .nullable = space.nullable});
  }
  pass.dense = plan_.filter.passes == Passes::kAll && !(measured && slots[*measured].nullable);
  pass.program = element_row_program(slots, plan_.filter, measured);
  const auto place = [this](u64 size_bytes) {
    const u64 at = used_bytes_;
    used_bytes_ = align_up(at + size_bytes, kResultAlignment);
    return at;
  };
  if (measure.reduce) {
    pass.reduced_at = place(sizeof(primitives::ReduceState));
    SHOAL_TRY(reduce_.prepare(device, program(pass)));
  }
  if (measure.float_sum) {
    pass.summed_at = place(sizeof(primitives::FloatSumState));
    SHOAL_TRY(primitives::prepare_float_sum(device, program(pass), pass.float_sum));
  }
  if (measure.used_codes) {
    // A binding has at least a word, where all is null too.
    const u32 strings = std::max(table.columns()[*measure.column].dictionary->size(), 1u);
    pass.used_bytes = divide_round_up(strings, 32u) * 4;
    pass.used_at = place(pass.used_bytes);
    SHOAL_TRY(primitives::prepare_used_codes(device, program(pass), pass.used_codes));
  }
  passes_.push_back(std::move(pass));
  return {};
}

primitives::ElementProgram AggregateQuery::program(const Pass& pass) const {
  return {.text = pass.program,
          .bindings = aggregate_program_kernel().variant({}).bindings,
          .wide = pass.wide,
          .dense = pass.dense,
          .dynamic_group = kColumnGroup};
}

void AggregateQuery::write_inputs(gpu::Device& device, const table::Table& table) {
  gpu::Recorder& recorder = device.recorder;
  inputs_.write(device, plan_.filter, plan_.read);

  std::vector<std::byte> descriptors(passes_.size() * plan_.read.chunks.size() * kChunkStride);
  std::byte* at = descriptors.data();
  for (const Pass& pass : passes_) {
    for (const ChunkToRead& read : plan_.read.chunks) {
      table::Chunk described = describe_chunk(table, pass.columns, read.chunk);
      described.first_block = read.first_block;
      std::memcpy(at, &described, sizeof described);
      at += kChunkStride;
    }
  }
  chunks_.reserve(device, descriptors.size());
  recorder.write(chunks_.first(descriptors.size()), descriptors);
  results_.reserve(device, used_bytes_);
}

Result<void> AggregateQuery::record(gpu::Frame& frame, const table::Table& table) {
  dispatches_ = 0;
  frame.clear(results());
  u64 first_descriptor = 0;
  for (const Pass& pass : passes_) {
    SHOAL_TRY(record_pass(frame, table, pass, first_descriptor));
    first_descriptor += plan_.read.chunks.size() * kChunkStride;
  }
  return {};
}

Result<void> AggregateQuery::record_pass(gpu::Frame& frame, const table::Table& table, const Pass& pass,
                                         u64 first_descriptor) {
  gpu::Device& device = frame.device();
  const std::array<gpu::View, 2> query_views = inputs_.views();
  u64 bytes = 0;
  for (const ChunkToRead& read : plan_.read.chunks) {
    for (const size_t column : pass.columns) bytes += table.columns()[column].chunks[read.chunk].codes.size_bytes;
  }
  const std::string name = pass.measure.column ? table.columns()[*pass.measure.column].source.name : "rows";

  // `fold(groups, blocks, offset)` dispatches one chunk of a kernel that `owner` holds.
  const auto for_chunks = [&](const auto& owner, std::string_view label, const auto& fold) {
    frame.begin_pass(fmt::format("{} {}", label, name), bytes);
    u32 offset = static_cast<u32>(first_descriptor);
    for (const ChunkToRead& read : plan_.read.chunks) {
      const ChunkViews views = chunk_views(device, table, pass.columns, read.chunk, chunks_.all().buffer);
      const u32 groups[] = {
          device.bind_groups.get(device.recorder, owner.program_layout(kColumnGroup), "aggregate columns", views),
          device.bind_groups.get(device.recorder, owner.program_layout(kQueryGroup), "aggregate query",
                                 query_views)};
      fold(std::span<const u32>(groups), table.chunks()[read.chunk].blocks(), &offset);
      offset += static_cast<u32>(kChunkStride);
      ++dispatches_;
    }
  };
  if (pass.measure.reduce) {
    SHOAL_TRY(reduce_.prepare(device, program(pass)));
    reduce_.reserve(device, plan_.read.blocks);
    for_chunks(reduce_, "reduce", [&](std::span<const u32> groups, u32 blocks, const u32* offset) {
      reduce_.fold(frame, groups, blocks, offset);
    });
    reduce_.merge(frame, {results_.all().buffer, pass.reduced_at, sizeof(primitives::ReduceState)});
    frame.end_pass();
  }
  const auto fold_into = [&](const primitives::ElementFold& kernel, std::string_view label,
                             const gpu::View& state) {
    for_chunks(kernel, label, [&](std::span<const u32> groups, u32 blocks, const u32* offset) {
      kernel.fold(frame, state, groups, blocks, offset);
    });
    frame.end_pass();
  };
  if (pass.measure.float_sum) {
    fold_into(pass.float_sum, "sum floats of",
              {results_.all().buffer, pass.summed_at, sizeof(primitives::FloatSumState)});
  }
  if (pass.measure.used_codes) {
    fold_into(pass.used_codes, "mark strings of", {results_.all().buffer, pass.used_at, pass.used_bytes});
  }
  return {};
}

AggregateResult AggregateQuery::finish(const table::Table& table, std::span<const std::byte> results) const {
  std::vector<MeasureResult> measured;
  for (const Pass& pass : passes_) {
    MeasureResult& result = measured.emplace_back();
    if (pass.measure.reduce) result.reduced = state_at<primitives::ReduceState>(results, pass.reduced_at);
    if (pass.measure.float_sum) result.summed = state_at<primitives::FloatSumState>(results, pass.summed_at);
    if (!pass.measure.used_codes) continue;
    std::vector<u32> used(static_cast<size_t>(pass.used_bytes / 4));
    std::memcpy(used.data(), results.data() + pass.used_at, used.size() * 4);
    result.extremes = string_extremes(used, *table.columns()[*pass.measure.column].dictionary);
  }
  return finish_aggregates(table, plan_, measured);
}

}  // namespace shoal::query
