// Any bytes as a Parquet file: they are read or refused.
#include "formats/parquet/read_all.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace shoal;
  const std::span file(reinterpret_cast<const std::byte*>(data), size);
  const auto source = formats::open_bytes(file, {.most_page_bytes = u64{1} << 20});
  if (!source) return 0;
  // A footer of a few bytes may state as many rows as a run-length encoded page of a few bytes can give.
  if ((*source)->rows() > 1'000'000) return 0;
  for (std::size_t column = 0; column < (*source)->columns().size(); ++column) {
    if (!(*source)->columns()[column].unsupported.empty()) continue;
    table::Dictionary dictionary;
    if (!formats::read_all(**source, file, column, dictionary)) continue;
  }
  return 0;
}
