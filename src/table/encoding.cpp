#include "table/encoding.h"

#include <algorithm>

namespace shoal::table {
namespace {

constexpr u64 kSign64 = 0x8000000000000000u;

struct Candidates {
  std::array<u64, kMostDivisors> divisors = {};
  size_t count = 0;

  constexpr void add(u64 divisor) {
    if (count < kMostDivisors) divisors[count++] = divisor;
  }
};

constexpr Candidates powers_of_ten() {
  Candidates candidates;
  u64 power = 10;
  for (int i = 0; i < 9; ++i, power *= 10) candidates.add(power);
  return candidates;
}

constexpr Candidates time_steps(u64 ticks) {
  Candidates candidates;
  for (u64 power = 10; power < ticks; power *= 10) candidates.add(power);
  if (ticks > 1) candidates.add(ticks);
  candidates.add(60 * ticks);
  candidates.add(3'600 * ticks);
  candidates.add(86'400 * ticks);
  return candidates;
}

constexpr Candidates kPowersOfTen = powers_of_ten();
constexpr Candidates kTimeSteps[] = {time_steps(1), time_steps(1'000), time_steps(1'000'000),
                                     time_steps(1'000'000'000)};

u64 image(const std::array<u32, 2>& words) { return join_words(words[0], words[1]); }

// Which candidates divide the difference of every two values; each block answered for itself.
u32 common_divisors(std::span<const u64> candidates, std::span<const BlockSummary> summaries, u64 reference) {
  u32 mask = candidates.empty() ? 0 : (1u << candidates.size()) - 1;
  for (const BlockSummary& block : summaries) {
    if (block.count == 0) continue;
    mask &= block.divisors;
    const u64 apart = image(block.smallest) - reference;
    for (size_t k = 0; k < candidates.size(); ++k) {
      if (apart % candidates[k] != 0) mask &= ~(1u << k);
    }
  }
  return mask;
}

u64 narrow_image(u64 wide_image) {
  const CodeSpace wide{.type = {.kind = TypeKind::kFloat}, .wide = true};
  return f32_image(static_cast<float>(float_of_code(wide, wide_image)));
}

}  // namespace

std::span<const u64> divisor_candidates(const ColumnType& type) {
  const Candidates* candidates = nullptr;
  if (type.kind == TypeKind::kInteger) candidates = &kPowersOfTen;
  if (type.kind == TypeKind::kTimestamp) candidates = &kTimeSteps[static_cast<size_t>(type.unit)];
  if (candidates == nullptr) return {};
  return std::span(candidates->divisors).first(candidates->count);
}

Divisor divisor_constants(u64 divisor) {
  const u32 shift = static_cast<u32>(std::countr_zero(divisor));
  const u64 odd = divisor >> shift;
  // Newton's iteration doubles the correct low bits: 3, 6, 12, 24, 48, 96.
  u64 inverse = odd;
  for (int i = 0; i < 5; ++i) inverse *= 2 - odd * inverse;
  const u64 limit = std::numeric_limits<u64>::max() / odd;
  const u64 low_mask = (u64{1} << shift) - 1;
  return {.inverse = {low_word(inverse), high_word(inverse)},
          .limit = {low_word(limit), high_word(limit)},
          .low_mask = {low_word(low_mask), high_word(low_mask)},
          .shift = shift,
          .implied = 0};
}

i128 integer_of_image(RawFormat raw, u64 image_bits) {
  const bool is_signed = raw == RawFormat::kI32 || raw == RawFormat::kI64;
  return is_signed ? static_cast<i128>(static_cast<i64>(image_bits ^ kSign64)) : static_cast<i128>(image_bits);
}

Encoding choose_encoding(const ColumnType& type, RawFormat raw, u32 rows, std::span<const BlockSummary> summaries) {
  Encoding encoding;
  StoredColumn& stored = encoding.stored;
  u64 smallest = std::numeric_limits<u64>::max(), largest = 0;
  u64 finite_smallest = smallest, finite_largest = 0;
  u64 count = 0;
  bool all_f32 = true;
  for (const BlockSummary& block : summaries) {
    if (block.count == 0) continue;
    smallest = std::min(smallest, image(block.smallest));
    largest = std::max(largest, image(block.largest));
    finite_smallest = std::min(finite_smallest, image(block.finite_smallest));
    finite_largest = std::max(finite_largest, image(block.finite_largest));
    count += block.count;
    all_f32 = all_f32 && block.all_f32 != 0;
  }
  stored.has_values = count > 0;
  stored.null_count = rows - static_cast<u32>(count);
  if (!stored.has_values) smallest = largest = 0;

  u64 divisor = 1;
  const bool is_f64_of_f32 = raw == RawFormat::kF64 && all_f32;
  const auto code = [&](u64 of) { return is_f64_of_f32 ? narrow_image(of) : (of - encoding.base_image) / divisor; };
  if (type.kind == TypeKind::kFloat) {
    stored.storage = raw == RawFormat::kF32 ? Storage::kU32 : all_f32 ? Storage::kF32OfF64 : Storage::kU64;
    if (stored.has_values) {
      stored.first_code = code(smallest);
      stored.last_code = code(largest);
    }
    if (finite_smallest <= finite_largest) {
      stored.first_finite_code = code(finite_smallest);
      stored.last_finite_code = code(finite_largest);
    }
  } else {
    const auto candidates = divisor_candidates(type);
    encoding.base_image = smallest;
    encoding.fits_32_bits = largest - smallest <= 0xffffffffu;
    if (const u32 mask = common_divisors(candidates, summaries, smallest); mask != 0 && largest > smallest) {
      // Ascending, so the last that divides is the largest.
      divisor = candidates[static_cast<size_t>(std::bit_width(mask) - 1)];
    }
    stored.base = integer_of_image(raw, smallest);
    stored.divisor = divisor;
    stored.last_code = (largest - smallest) / divisor;
    stored.storage = stored.last_code <= 0xffu         ? Storage::kU8
                     : stored.last_code <= 0xffffu     ? Storage::kU16
                     : stored.last_code <= 0xffffffffu ? Storage::kU32
                                                       : Storage::kU64;
  }
  for (const BlockSummary& block : summaries) {
    if (block.count == 0) {
      stored.zone_codes.emplace_back(1, 0);
    } else {
      stored.zone_codes.emplace_back(code(image(block.smallest)), code(image(block.largest)));
    }
  }
  return encoding;
}

}  // namespace shoal::table
