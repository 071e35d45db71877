// A file, a table and an adapter, driven to an answer: what the program does for one command.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/explorer.h"
#include "engine/native_feeder.h"
#include "engine/profile.h"
#include "gpu/native/native_gpu.h"
#include "query/rows_query.h"

namespace shoal::engine {

struct SessionOptions {
  std::string adapter;  // as gpu::open_device takes it
  gpu::Tier tier = gpu::Tier::kFull;
  u64 memory_bytes = 0;  // 0: a share of what the adapter grants
  bool profile = true;
  bool timeline = false;  // also keeps when each thing happened, for Profile::spans and runs
  std::string trace;      // a file that gets all that is said to the GPU; empty: none
};

struct Stage {
  std::string name;
  double ms = 0;
  double begin_ms = 0;  // by gpu::steady_ms; 0 where it is many things together
};

struct Picture {
  plot::DisplayList guides;
  plot::PixelRect plot_area;
  std::vector<u32> pixels;  // of the plot area
  std::vector<u32> counts;  // bins_x x bins_y, when asked for
  u32 bins_x = 0, bins_y = 0;
  query::DensityTally tally;
  u64 rows_total = 0;
};

struct RowsRequest {
  std::string filter;   // empty: all rows
  std::string columns;  // as query::parse_columns takes them; empty: all that can be read
  u32 limit = 0;        // most rows that are given
};

struct RowsAnswer {
  std::vector<std::string> columns;
  query::RowsResult result;  // its texts live as long as the session
  u64 rows_scanned = 0;      // as in QueryAnswer
  u64 rows_read = 0;
};

class NativeSession {
 public:
  // Opens and plans; reads no rows. Errors: those of formats::open_file and of the adapter.
  static Result<std::unique_ptr<NativeSession>> open(const std::string& path, const SessionOptions& options);

  const table::Table& table() const { return table_; }
  gpu::Device& device() { return gpu_->device(); }

  // Brings these columns onto the GPU, all rows of them.
  Result<void> load(const std::vector<size_t>& columns);
  // Brings what the picture needs onto the GPU, counting as chunks come in, and paints it. `with_counts` fetches
  // the bins too. Another picture of the same columns counts what is there.
  Result<Picture> render(const DensityRequest& request, bool with_counts);
  // The aggregates ("count, mean(delay)") of the rows that pass the filter (all when it is empty). Brings what it
  // needs onto the GPU. Errors: those of the filter's and the aggregates' parsers; kUnsupported when a pass reads
  // more columns than a kernel binds.
  Result<QueryAnswer> query(const std::string& filter, const std::string& aggregates);
  // The first rows that pass the filter, in the order of the file. Errors: those of the filter's and the columns'
  // parsers; kInvalidArgument for a limit of 0 or beyond query::RowsQuery::kMostRows; kUnsupported as
  // RowsQuery::begin says.
  Result<RowsAnswer> rows(const RowsRequest& request);

  // What the last picture showed.
  const DensityView& view() const { return explorer_.view(); }

  // From `begin_ms` (gpu::steady_ms) to now was a stage: of the caller too, whose work belongs to the answer.
  void end_stage(std::string name, double begin_ms);
  // Where the time went so far, in the order in which it began to go.
  std::vector<Stage> stages();
  // The same in full, passes held against the adapter's roofs, which are measured once for each adapter and kept in
  // `roofs_cache`. Errors: those of the adapter.
  Result<Profile> profile(const std::string& roofs_cache);

 private:
  NativeSession();
  Result<void> open_adapter();
  // Carries frames out until `is_done`, which is asked in each and may record more. Its time until the explorer's
  // columns are in is a stage of its own, the rest goes to the stage `then`.
  template <class IsDone>
  Result<void> drive(std::string then, IsDone&& is_done);
  Result<std::vector<std::byte>> fetch(gpu::Ticket ticket);
  Result<query::RowsResult> pick_rows(query::RowsPlan plan);

  SessionOptions options_;
  formats::OpenFile file_;
  table::Table table_;
  std::unique_ptr<gpu::NativeGpu> gpu_;
  Explorer explorer_;
  std::vector<Stage> stages_;
  double decode_ms_ = 0;
  std::vector<Span> decode_spans_;
};

}  // namespace shoal::engine
