#include "base/text.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

namespace shoal {
namespace {

constexpr size_t kLongestQuoted = 120;

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

// Levenshtein distance without regard to case, one row of the table at a time.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      const size_t substitute = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, substitute});
    }
  }
  return row[b.size()];
}

}  // namespace

std::string group_thousands(u64 value) {
  std::string digits = std::to_string(value);
  for (size_t i = digits.size(); i > 3; i -= 3) digits.insert(i - 3, 1, ',');
  return digits;
}

std::string format_bytes(u64 size_bytes) {
  constexpr std::string_view kUnits[] = {"B", "kB", "MB", "GB", "TB", "PB", "EB"};
  double value = static_cast<double>(size_bytes);
  size_t unit = 0;
  for (; value >= 999.95 && unit + 1 < std::size(kUnits); ++unit) value /= 1000.0;
  if (unit == 0) return fmt::format("{} B", size_bytes);
  return fmt::format("{:.1f} {}", value, kUnits[unit]);
}

std::string quote(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text.substr(0, kLongestQuoted)) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      quoted += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  if (text.size() > kLongestQuoted) quoted += "...";
  return quoted + "'";
}

std::string name_text(std::string_view name) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  const bool reads_well = !name.empty() && name.front() != ' ' && name.back() != ' ' &&
                          name.size() <= kLongestQuoted && !std::ranges::any_of(name, is_control);
  return reads_well ? std::string(name) : quote(name);
}

std::optional<std::string_view> nearest_name(std::string_view name, std::span<const std::string> candidates) {
  constexpr size_t kLongestCompared = 200;  // the table is quadratic
  if (name.size() > kLongestCompared) return std::nullopt;
  const size_t near_enough = std::max<size_t>(1, (name.size() + 1) / 3);
  std::optional<std::string_view> nearest;
  size_t best = near_enough + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongestCompared) continue;
    if (const size_t distance = edit_distance(name, candidate); distance < best) {
      best = distance;
      nearest = candidate;
    }
  }
  return nearest;
}

std::string did_you_mean(std::string_view name, std::span<const std::string> candidates) {
  const auto nearest = nearest_name(name, candidates);
  return nearest ? fmt::format(" Did you mean {}?", quote(*nearest)) : "";
}

std::optional<u64> parse_bytes(std::string_view text) {
  // strtod, not from_chars: libc++ 19 has no from_chars for floating point.
  const std::string terminated(text);
  char* end = nullptr;
  const double value = std::strtod(terminated.c_str(), &end);
  if (end == terminated.c_str() || !(value >= 0)) return std::nullopt;
  std::string unit;
  for (const char c : std::string_view(end)) {
    if (c != ' ') unit += lower(c);
  }
  constexpr std::pair<std::string_view, double> kUnits[] = {
      {"", 1.0},   {"b", 1.0},  {"k", 1e3},   {"kb", 1e3},     {"m", 1e6},      {"mb", 1e6},     {"g", 1e9},
      {"gb", 1e9}, {"t", 1e12}, {"tb", 1e12}, {"kib", 0x1p10}, {"mib", 0x1p20}, {"gib", 0x1p30}, {"tib", 0x1p40}};
  for (const auto& [name, factor] : kUnits) {
    if (unit == name && value * factor < 0x1p63) return static_cast<u64>(value * factor);
  }
  return std::nullopt;
}

}  // namespace shoal
