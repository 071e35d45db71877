// Decodes every column of a file on one core: shoal_formats_bench FILE [REPEATS]
#include <algorithm>
#include <chrono>
#include <cstdlib>

#include "base/text.h"
#include "formats/open_file.h"

namespace shoal::formats {
namespace {

double now_ms() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

struct ColumnTime {
  double ms = 0;
  u64 bytes = 0;
};

Result<ColumnTime> decode_column(const OpenFile& opened, size_t column) {
  const double begin_ms = now_ms();
  ColumnTime time;
  table::Dictionary dictionary;
  for (size_t group = 0; group < opened.source->row_groups().size(); ++group) {
    SHOAL_TRY_SET(const auto decoder, opened.source->decode(group, column, &dictionary));
    ByteBuffer buffer;
    std::span<const std::byte> bytes;
    while (true) {
      SHOAL_TRY_SET(const auto step, decoder->next(bytes));
      bytes = {};
      if (std::holds_alternative<table::Done>(step)) break;
      if (const auto* need = std::get_if<table::NeedBytes>(&step)) {
        SHOAL_TRY_SET(bytes, opened.file.read(need->range, buffer));
      }
      if (const auto* slice = std::get_if<table::ColumnSlice>(&step)) time.bytes += slice->values.size();
    }
  }
  time.ms = now_ms() - begin_ms;
  return time;
}

Result<void> run(const std::string& path, int repeats) {
  for (int repeat = 0; repeat < repeats; ++repeat) {
    const double begin_ms = now_ms();
    SHOAL_TRY_SET(const OpenFile opened, open_file(path));
    fmt::print("open {:.2f} ms\n", now_ms() - begin_ms);
    for (size_t column = 0; column < opened.source->columns().size(); ++column) {
      const table::SourceColumn& source = opened.source->columns()[column];
      if (!source.unsupported.empty()) continue;
      SHOAL_TRY_SET(const ColumnTime time, decode_column(opened, column));
      fmt::print("{:24} {:18} {:8.2f} ms {:8.0f} MB/s out {:8.0f} MB/s in\n", source.name, type_name(source.type),
                 time.ms, static_cast<double>(time.bytes) / time.ms / 1e3,
                 static_cast<double>(source.stored_bytes) / time.ms / 1e3);
    }
    fmt::print("all {:.2f} ms\n", now_ms() - begin_ms);
  }
  return {};
}

}  // namespace
}  // namespace shoal::formats

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "Usage: shoal_formats_bench FILE [REPEATS]\n");
    return 2;
  }
  const auto ran = shoal::formats::run(argv[1], argc > 2 ? std::max(1, std::atoi(argv[2])) : 3);
  if (!ran) fmt::print(stderr, "{}\n", ran.error().message());
  return ran ? 0 : 1;
}
