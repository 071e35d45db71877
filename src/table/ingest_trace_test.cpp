// The trace of an ingest is the ingest: carried out again from the file alone, it answers the same.
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gpu/decode.gen.h"
#include "gpu/native/executor.h"
#include "gpu/native/native_gpu.h"
#include "gpu/native/trace_file.h"
#include "gpu/native/trace_print.h"
#include "table/column_reader.h"
#include "table/ingest.h"
#include "table/memory_source.h"

namespace shoal::table {
namespace {

// Ingests two columns that are equal, so that each blob is lent twice, and reads the codes of one back.
void record_ingest(const std::string& path) {
  std::vector<i64> values(150'000);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<i64>(i * 7919 % 4001) * 60 - 1000;
  MemoryColumn column{.name = "a",
                      .type = {.kind = TypeKind::kInteger},
                      .raw = RawFormat::kI64,
                      .values = std::vector<std::byte>(values.size() * sizeof(i64)),
                      .is_null = {},
                      .strings = {}};
  std::memcpy(column.values.data(), values.data(), column.values.size());
  MemoryColumn same = column;
  same.name = "b";
  const MemorySource source({column, same}, values.size(), values.size());

  auto opened = gpu::NativeGpu::open("software", gpu::Tier::kFull, {});
  ASSERT_TRUE(opened) << opened.error().message();
  gpu::NativeGpu& gpu = **opened;
  ASSERT_TRUE(gpu.save_trace(path));
  auto table = Table::plan(source, 1u << 20);
  ASSERT_TRUE(table);
  Ingest ingest(gpu.device(), *table, 3);
  const auto advance = [&] {
    const auto advanced = ingest.advance();
    ASSERT_TRUE(advanced) << advanced.error().message();
    const auto pumped = gpu.pump(true);
    ASSERT_TRUE(pumped) << pumped.error().message();
  };
  for (size_t c = 0; c < source.columns().size(); ++c) {
    ColumnReader reader(source, table->chunks(), c, 1u << 20);
    while (!reader.is_done()) {
      while (!ingest.has_room()) advance();
      RawPiece piece = ingest.spare_piece();
      const auto need = reader.next(piece, {});
      ASSERT_TRUE(need && !*need);
      ASSERT_TRUE(ingest.take(std::move(piece)));
    }
  }
  while (!ingest.is_idle()) advance();
  gpu::Frame frame(gpu.device(), "download");
  const gpu::Ticket ticket = frame.read(table->columns()[0].chunks[0].codes);
  frame.submit();
  while (!gpu.device().readbacks.take(ticket)) ASSERT_TRUE(gpu.pump(true));
  EXPECT_FALSE(gpu.save_trace(path)) << "it would lack what came before";
  ASSERT_TRUE(gpu.finish_trace());
}

// Each event by its own words: batches are compared whatever their order in time.
std::vector<std::string> answers(std::span<const u32> words) {
  std::vector<std::string> all;
  EXPECT_TRUE(gpu::decode_events(words, [&](const auto& event) {
    std::vector<u32> encoded;
    gpu::WireWriter(encoded).write(event);
    all.emplace_back(reinterpret_cast<const char*>(encoded.data()), encoded.size() * sizeof(u32));
  }));
  return all;
}

TEST(IngestTrace, ReplaysFromItsFileAlone) {
  namespace fs = std::filesystem;
  const fs::path path = fs::temp_directory_path() / ("shoal_ingest_" + std::to_string(getpid()) + ".trace");
  record_ingest(path);
  if (HasFatalFailure()) return;
  const auto text = gpu::print_trace(path, false);
  auto file = gpu::load_trace(path);
  fs::remove(path);
  ASSERT_TRUE(text) << text.error().message();
  ASSERT_TRUE(file) << file.error().message();
  const gpu::Trace& trace = file->trace;
  ASSERT_EQ(trace.damage, "");
  EXPECT_THAT(*text, testing::HasSubstr("\n      dispatch_workgroups pass="));
  EXPECT_THAT(*text, testing::HasSubstr("\"download\""));
  u64 blob_bytes = 0;
  for (const gpu::TraceBlob& blob : trace.blobs) blob_bytes += blob.bytes.size();
  EXPECT_LT(blob_bytes, 150'000u * sizeof(i64) * 3 / 2) << "equal columns are stored once";

  auto device = gpu::open_device("software", gpu::Tier::kFull);
  ASSERT_TRUE(device) << device.error().message();
  gpu::NativeExecutor executor(*device);
  std::multiset<std::string> come;  // answered by the replay, which may be ahead of the recording
  size_t maps = 0;
  for (const gpu::TraceRecord& record : trace.records) {
    if (record.kind == gpu::TraceKind::kBlob) {
      executor.lend(record.blob, trace.blobs[record.blob - 1].bytes);
    } else if (record.kind == gpu::TraceKind::kStream) {
      ASSERT_TRUE(executor.execute(record.words));
    } else if (record.kind == gpu::TraceKind::kEvents) {
      for (const std::string& answer : answers(record.words)) {
        maps += static_cast<unsigned char>(answer[0]) == gpu::Mapped::kOpcode ? 1u : 0u;
        while (!come.contains(answer)) {
          const std::vector<u32> events = executor.poll(true);
          ASSERT_FALSE(events.empty()) << "an answer of the recording does not come";
          for (const std::string& came : answers(events)) come.insert(came);
        }
        come.erase(come.find(answer));
      }
    }
  }
  EXPECT_TRUE(come.empty()) << come.size() << " answers that the recording has not got";
  EXPECT_GE(maps, 3u);
}

}  // namespace
}  // namespace shoal::table
