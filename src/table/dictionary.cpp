#include "table/dictionary.h"

#include <algorithm>
#include <bit>
#include <cstring>

#include "base/text.h"

namespace shoal::table {
namespace {

constexpr size_t kFirstSlots = 64;

// Eight bytes a step, one multiplication each; the last shifts carry high bits down, where the slots are chosen.
u64 hash(std::string_view text) {
  constexpr u64 kOdd = 0x9e37'79b9'7f4a'7c15;  // 2^64 / golden ratio
  u64 state = text.size() * kOdd;
  const char* at = text.data();
  size_t left = text.size();
  for (; left >= 8; at += 8, left -= 8) {
    u64 word;
    std::memcpy(&word, at, 8);
    state = std::rotl(state ^ word, 29) * kOdd;
  }
  if (left > 0) {
    u64 word = 0;
    std::memcpy(&word, at, left);
    state = std::rotl(state ^ word, 29) * kOdd;
  }
  state = (state ^ (state >> 32)) * kOdd;
  return state ^ (state >> 29);
}

}  // namespace

std::string_view Dictionary::operator[](u32 code) const {
  u32 length;
  std::memcpy(&length, starts_[code], sizeof length);
  return {starts_[code] + sizeof length, length};
}

const char* Dictionary::keep(std::string_view text) {
  const u32 length = static_cast<u32>(text.size());
  const size_t needed = sizeof length + length;
  if (free_.size() < needed) {
    // As large as a quarter of what is there: few blocks for many strings, little room for few.
    const size_t size =
        std::max(needed, static_cast<size_t>(std::clamp<u64>(block_bytes_ / 4, 1u << 10, 1u << 20)));
    blocks_.push_back(std::make_unique_for_overwrite<char[]>(size));
    free_ = {blocks_.back().get(), size};
    block_bytes_ += size;
  }
  char* const start = free_.data();
  std::memcpy(start, &length, sizeof length);
  std::ranges::copy(text, start + sizeof length);
  free_ = free_.subspan(needed);
  return start;
}

Result<u32> Dictionary::insert(std::string_view text) {
  // At most half of the slots are taken, so that a miss meets an empty one soon.
  if ((starts_.size() + 1) * 2 > slots_.size()) {
    const size_t slots = slots_.empty() ? kFirstSlots : slots_.size() * 2;
    slots_.assign(slots, 0);
    for (u32 code = 0; code < size(); ++code) {
      size_t slot = static_cast<size_t>(hash((*this)[code])) & (slots - 1);
      while (slots_[slot] != 0) slot = (slot + 1) & (slots - 1);
      slots_[slot] = code + 1;
    }
  }
  const size_t mask = slots_.size() - 1;
  size_t slot = static_cast<size_t>(hash(text)) & mask;
  for (; slots_[slot] != 0; slot = (slot + 1) & mask) {
    if ((*this)[slots_[slot] - 1] == text) return slots_[slot] - 1;
  }
  if (size() >= most_strings_) {
    return fail(
        ErrorCode::kUnsupported,
        "Column {} has more than {} distinct strings, the most that can be held here. Leave the column out, "
        "or store it as a number.",
        quote(column_), group_thousands(most_strings_));
  }
  const u32 code = size();
  starts_.push_back(keep(text));
  slots_[slot] = code + 1;
  return code;
}

std::optional<u32> Dictionary::find(std::string_view text) const {
  if (slots_.empty()) return std::nullopt;
  const size_t mask = slots_.size() - 1;
  for (size_t slot = static_cast<size_t>(hash(text)) & mask; slots_[slot] != 0; slot = (slot + 1) & mask) {
    if ((*this)[slots_[slot] - 1] == text) return slots_[slot] - 1;
  }
  return std::nullopt;
}

u64 Dictionary::size_bytes() const {
  return block_bytes_ + starts_.capacity() * sizeof(const char*) + slots_.capacity() * sizeof(u32);
}

}  // namespace shoal::table
