// Constants of primitives by adapter: rows of tuning_table.h, and a search's instead of them.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "gpu/capabilities.h"

namespace shoal::primitives {

enum class Tunable : u8 { kStrips, kReduce, kDensity, kSort, kLookBack, kHistogram };
enum class AdapterClass : u8 { kAny, kSoftware, kGpu, kNvidia };

struct TuningRow {
  Tunable primitive = Tunable::kStrips;
  AdapterClass adapters = AdapterClass::kAny;
  std::array<u32, 2> values = {};  // of the primitive's constants, in their order

  friend bool operator==(const TuningRow&, const TuningRow&) = default;
};

// What rows call them, and the benchmarks that a search goes by.
struct TunableNames {
  std::string_view name;
  std::array<std::string_view, 2> constants;  // empty: there is none more
  std::string_view benches;                   // with spaces between them
};
inline constexpr std::array<TunableNames, 6> kTunables = {{
    {"strips", {"blocked", ""}, "scan-wide partition"},
    {"reduce", {"workgroups", ""}, "reduce reduce-wide"},
    {"density", {"runs", ""}, "density density-morton density-dense"},
    {"sort", {"staged", "teams"}, "sort sort-pairs"},
    {"look_back", {"chained", ""}, "scan compact"},
    {"histogram", {"columned", ""}, "histogram-floats histogram-bytes"},
}};
inline constexpr std::array<std::string_view, 4> kAdapterClasses = {"any", "software", "gpu", "nvidia"};

// A line of the table; nothing where it is none.
constexpr std::optional<TuningRow> parse_tuning_row(std::string_view line);
std::string tuning_line(const TuningRow& row);

// The row that counts for an adapter, or what a trial says.
TuningRow tuning(const gpu::Capabilities& capabilities, Tunable primitive);

// The narrowest class of an adapter.
AdapterClass adapter_class(const gpu::Capabilities& capabilities);

// While it lives, its row counts in this thread, whatever the adapter. One at a time. For searches and tests.
class TuningTrial {
 public:
  TuningTrial() = default;
  ~TuningTrial() { use({}); }
  TuningTrial(const TuningTrial&) = delete;
  TuningTrial& operator=(const TuningTrial&) = delete;
  // Nothing: the table's again.
  void use(const std::optional<TuningRow>& row);
};

namespace detail {

// The words of `text` between separators, one after the other.
constexpr std::string_view next_word(std::string_view& text, char separator) {
  while (!text.empty() && text.front() == separator) text.remove_prefix(1);
  const std::string_view word = text.substr(0, text.find(separator));
  text.remove_prefix(word.size());
  return word;
}

template <size_t N>
constexpr std::optional<size_t> place_of(const std::array<std::string_view, N>& names, std::string_view name) {
  for (size_t i = 0; i < N; ++i) {
    if (names[i] == name) return i;
  }
  return {};
}

constexpr std::optional<u32> parse_number(std::string_view digits) {
  if (digits.empty() || digits.size() > 9) return {};
  u32 number = 0;
  for (const char digit : digits) {
    if (digit < '0' || digit > '9') return {};
    number = number * 10 + static_cast<u32>(digit - '0');
  }
  return number;
}

}  // namespace detail

constexpr std::optional<TuningRow> parse_tuning_row(std::string_view line) {
  std::array<std::string_view, kTunables.size()> names;
  for (size_t i = 0; i < names.size(); ++i) names[i] = kTunables[i].name;
  const auto primitive = detail::place_of(names, detail::next_word(line, ' '));
  const auto adapters = detail::place_of(kAdapterClasses, detail::next_word(line, ' '));
  if (!primitive || !adapters) return {};
  TuningRow row{.primitive = static_cast<Tunable>(*primitive), .adapters = static_cast<AdapterClass>(*adapters)};
  for (size_t i = 0; i < row.values.size(); ++i) {
    const std::string_view constant = kTunables[*primitive].constants[i];
    std::string_view word = detail::next_word(line, ' ');
    if (constant.empty() && word.empty()) continue;
    if (constant.empty() || detail::next_word(word, '=') != constant || word.empty()) return {};
    const std::optional<u32> value = detail::parse_number(word.substr(1));
    if (!value) return {};
    row.values[i] = *value;
  }
  if (!detail::next_word(line, ' ').empty()) return {};
  return row;
}

}  // namespace shoal::primitives
