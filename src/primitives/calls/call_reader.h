// Reads the arguments of a call, and keeps what they only point to.
#pragma once

#include <deque>
#include <span>
#include <vector>

#include "gpu/count.h"
#include "primitives/quantiles/quantiles.h"
#include "primitives/selection/selection.h"

namespace shoal::primitives {

class CallReader {
 public:
  explicit CallReader(std::span<const u32> words) : words_(words) {}

  u32 word();  // 0 behind the end
  u64 two_words();
  float real() { return std::bit_cast<float>(word()); }
  bool flag() { return word() != 0; }
  // An enum that counts up from 0 to `last`.
  template <class Enum>
  Enum one_of(Enum last) {
    const u32 value = word();
    if (value <= static_cast<u32>(last)) return static_cast<Enum>(value);
    is_broken_ = true;
    return {};
  }
  gpu::View view();
  gpu::Count count();
  // Texts point into the words; arrays live as long as the reader.
  MonoidProgram monoid(std::span<const gpu::View>& views);
  MonoidProgram monoid();
  Selection rows(std::span<const gpu::View>& views);
  std::span<const Quantile> quantiles();

  // Errors: kCorrupt when the words end too early or too late, or name what there is not.
  Result<void> check() const;

 private:
  // The number of items of at least so many words each, as many as there can be.
  u32 list(u32 item_words);
  std::string_view text();
  std::span<const gpu::View> views();
  // Arrays that a program reads: group 1, from binding 0 on.
  std::span<const wgsl::Binding> bindings(size_t count);

  std::span<const u32> words_;
  size_t at_ = 0;
  bool is_broken_ = false;
  std::deque<std::vector<gpu::View>> views_;
  std::deque<std::vector<wgsl::Binding>> bindings_;
  std::vector<Quantile> quantiles_;
};

std::unexpected<Error> unknown_call(u32 primitive);

}  // namespace shoal::primitives
