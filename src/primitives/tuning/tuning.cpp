#include "primitives/tuning/tuning.h"

#include <algorithm>

#include "base/text.h"
#include "primitives/tuning/tuning_table.h"

namespace shoal::primitives {
namespace {

consteval size_t line_count(std::string_view text) {
  size_t count = 0;
  while (!detail::next_word(text, '\n').empty()) ++count;
  return count;
}

// While the program is compiled: a line that is no row is an error there.
consteval auto parsed_table() {
  std::array<TuningRow, line_count(kTuningTable)> rows;
  std::string_view text = kTuningTable;
  for (TuningRow& row : rows) row = parse_tuning_row(detail::next_word(text, '\n')).value();
  return rows;
}
constexpr auto kRows = parsed_table();

thread_local std::optional<TuningRow> trial;

bool includes(AdapterClass adapters, const gpu::Capabilities& capabilities) {
  using enum gpu::AdapterType;
  switch (adapters) {
    case AdapterClass::kAny: return true;
    case AdapterClass::kSoftware: return capabilities.type == kSoftware;
    case AdapterClass::kGpu: return capabilities.type == kDiscrete || capabilities.type == kIntegrated;
    case AdapterClass::kNvidia:
      return includes(AdapterClass::kGpu, capabilities) && capabilities.name.starts_with("NVIDIA");
  }
  return false;
}

}  // namespace

std::string tuning_line(const TuningRow& row) {
  const TunableNames& names = kTunables[static_cast<size_t>(row.primitive)];
  std::string line = fmt::format("{} {}", names.name, kAdapterClasses[static_cast<size_t>(row.adapters)]);
  for (size_t i = 0; i < row.values.size(); ++i) {
    if (!names.constants[i].empty()) line += fmt::format(" {}={}", names.constants[i], row.values[i]);
  }
  return line;
}

TuningRow tuning(const gpu::Capabilities& capabilities, Tunable primitive) {
  if (trial && trial->primitive == primitive) return *trial;
  TuningRow found{.primitive = primitive};
  for (const TuningRow& row : kRows) {
    if (row.primitive == primitive && row.adapters >= found.adapters && includes(row.adapters, capabilities)) {
      found = row;
    }
  }
  return found;
}

AdapterClass adapter_class(const gpu::Capabilities& capabilities) {
  auto narrowest = AdapterClass::kAny;
  for (const auto one : {AdapterClass::kSoftware, AdapterClass::kGpu, AdapterClass::kNvidia}) {
    if (includes(one, capabilities)) narrowest = one;
  }
  return narrowest;
}

void TuningTrial::use(const std::optional<TuningRow>& row) { trial = row; }

}  // namespace shoal::primitives
