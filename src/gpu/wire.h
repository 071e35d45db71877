// How commands and events lie in 32-bit words; the layout is described at the head of schema/commands.schema.
#pragma once

#include <cstring>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/int.h"
#include "base/result.h"

namespace shoal::gpu {

// A head says in 24 bits how long its item is.
inline constexpr size_t kMostItemWords = (size_t{1} << 24) - 1;
// What one item is given to carry at most: half of it, so that nobody has to reckon with what lies beside the
// payload.
inline constexpr u64 kMostPayloadBytes = u64{32} << 20;
// As a size: all from the offset on. As a count or an index: all that follow, or none.
constexpr u64 kWholeSize = ~u64{0};
constexpr u32 kAllOrNone = ~u32{0};

// Appends one command or event to `words`.
class WireWriter {
 public:
  explicit WireWriter(std::vector<u32>& words) : words_(words) {}

  // False, and nothing is appended, when the item is longer than kMostItemWords.
  template <class T>
  bool write(const T& item) {
    const size_t head = words_.size();
    words_.push_back(0);
    T::visit(item, [this](const auto&... fields) { (this->put(fields), ...); });
    const size_t size_words = words_.size() - head;
    if (size_words > kMostItemWords) {
      words_.resize(head);
      return false;
    }
    words_[head] = T::kOpcode | static_cast<u32>(size_words << 8);
    return true;
  }

 private:
  template <class T>
  void put(const T& field) {
    if constexpr (std::is_enum_v<T> || std::is_same_v<T, u32> || std::is_same_v<T, i32>) {
      words_.push_back(static_cast<u32>(field));
    } else if constexpr (std::is_same_v<T, u64> || std::is_same_v<T, double>) {
      const u64 bits = std::bit_cast<u64>(field);
      words_.push_back(low_word(bits));
      words_.push_back(high_word(bits));
    } else if constexpr (std::is_same_v<T, std::string_view> || std::is_same_v<T, std::span<const std::byte>>) {
      const size_t size_words = divide_round_up<size_t>(field.size(), 4);
      words_.push_back(static_cast<u32>(field.size()));
      words_.resize(words_.size() + size_words);
      if (!field.empty()) std::memcpy(words_.data() + words_.size() - size_words, field.data(), field.size());
    } else if constexpr (std::is_same_v<T, std::span<const u32>>) {
      words_.push_back(static_cast<u32>(field.size()));
      words_.insert(words_.end(), field.begin(), field.end());
    } else if constexpr (requires { T::kFields; }) {
      T::visit(field, [this](const auto&... fields) { (this->put(fields), ...); });
    } else {
      words_.push_back(static_cast<u32>(field.size()));
      for (const auto& item : field) put(item);
    }
  }

  std::vector<u32>& words_;
};

// Reads them back. Words may come from a file, so every length is checked against what is there.
class WireReader {
 public:
  explicit WireReader(std::span<const u32> words) : words_(words) {}

  bool at_end() const { return next_ == words_.size(); }

  // The opcode of the next item; 0, which no item has, when its length is impossible.
  u32 begin() {
    head_ = at_ = next_;
    const u32 size_words = words_[head_] >> 8;
    if (size_words == 0 || size_words > words_.size() - head_) return 0;
    next_ = head_ + size_words;
    at_ = head_ + 1;
    return words_[head_] & 0xffu;
  }

  template <class T>
  Result<T> read() {
    T item;
    T::visit(item, [this](auto&... fields) { (this->get(fields), ...); });
    if (cut_off_ || at_ != next_) {
      return fail(ErrorCode::kCorrupt, "The {} at word {} has a length that does not fit its fields.", T::kName,
                  head_);
    }
    return item;
  }

  std::unexpected<Error> unknown(std::string_view sort) const {
    return fail(ErrorCode::kCorrupt, "Word {} is not the head of a {} (0x{:08x}).", head_, sort, words_[head_]);
  }

 private:
  u32 word() {
    if (at_ >= next_) {
      cut_off_ = true;
      return 0;
    }
    return words_[at_++];
  }

  // The next `size_words` words, or none where they are not all there.
  std::span<const u32> take(size_t size_words) {
    if (size_words > next_ - at_) {
      cut_off_ = true;
      return {};
    }
    const auto taken = words_.subspan(at_, size_words);
    at_ += size_words;
    return taken;
  }

  template <class T>
  void get(T& field) {
    if constexpr (std::is_enum_v<T> || std::is_same_v<T, u32> || std::is_same_v<T, i32>) {
      field = static_cast<T>(word());
    } else if constexpr (std::is_same_v<T, u64> || std::is_same_v<T, double>) {
      const u32 low = word();
      field = std::bit_cast<T>(join_words(low, word()));
    } else if constexpr (std::is_same_v<T, std::string_view> || std::is_same_v<T, std::span<const std::byte>>) {
      const size_t size = word();
      const auto taken = take(size / 4 + (size % 4 != 0 ? 1 : 0));  // rounding up by adding would wrap in WASM
      if (!cut_off_) field = T(reinterpret_cast<typename T::const_pointer>(taken.data()), size);
    } else if constexpr (std::is_same_v<T, std::span<const u32>>) {
      field = take(word());
    } else if constexpr (requires { T::kFields; }) {
      T::visit(field, [this](auto&... fields) { (this->get(fields), ...); });
    } else {
      const size_t count = word();
      for (size_t i = 0; i < count && !cut_off_; ++i) get(field.emplace_back());
    }
  }

  std::span<const u32> words_;
  size_t head_ = 0, at_ = 0, next_ = 0;
  bool cut_off_ = false;
};

}  // namespace shoal::gpu
