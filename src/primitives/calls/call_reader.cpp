#include "primitives/calls/call_reader.h"

namespace shoal::primitives {

u32 CallReader::word() {
  if (at_ < words_.size()) return words_[at_++];
  is_broken_ = true;
  return 0;
}

u64 CallReader::two_words() {
  const u32 low = word();
  return join_words(low, word());
}

gpu::View CallReader::view() {
  gpu::View view{.buffer = word()};
  view.offset_bytes = two_words();
  view.size_bytes = two_words();
  return view;
}

gpu::Count CallReader::count() {
  if (flag()) return view();
  return word();
}

u32 CallReader::list(u32 item_words) {
  const u32 items = word();
  if (items <= (words_.size() - at_) / item_words) return items;
  is_broken_ = true;
  return 0;
}

std::string_view CallReader::text() {
  const u32 size_bytes = word();
  const size_t words = size_bytes / 4 + (size_bytes % 4 == 0 ? 0 : 1);
  if (words > words_.size() - at_) {
    is_broken_ = true;
    return {};
  }
  const char* begin = reinterpret_cast<const char*>(words_.data() + at_);
  at_ += words;
  return {begin, size_bytes};
}

std::span<const gpu::View> CallReader::views() {
  std::vector<gpu::View>& read = views_.emplace_back(list(5));
  for (gpu::View& one : read) one = view();
  return read;
}

std::span<const wgsl::Binding> CallReader::bindings(size_t count) {
  std::vector<wgsl::Binding>& made = bindings_.emplace_back();
  for (u32 i = 0; i < count; ++i) {
    made.push_back(
        {.group = 1, .binding = i, .kind = wgsl::BindingKind::kStorageRead, .name = {}, .min_size_bytes = 4});
  }
  return made;
}

MonoidProgram CallReader::monoid(std::span<const gpu::View>& views_out) {
  const std::string_view program = text();
  views_out = views();
  return {.text = program, .bindings = bindings(views_out.size())};
}

MonoidProgram CallReader::monoid() {
  std::span<const gpu::View> none;
  const MonoidProgram program = monoid(none);
  is_broken_ = is_broken_ || !none.empty();
  return program;
}

Selection CallReader::rows(std::span<const gpu::View>& views_out) {
  Selection selection;
  selection.by = one_of(Selection::By::kProgram);
  selection.key_type = one_of(ElementType::kI64);
  selection.text = text();
  views_out = views();
  if (selection.by == Selection::By::kProgram) {
    selection.bindings = bindings(views_out.size());
  } else {
    is_broken_ = is_broken_ || views_out.size() != 1;
  }
  return selection;
}

std::span<const Quantile> CallReader::quantiles() {
  quantiles_.resize(list(2));
  for (Quantile& quantile : quantiles_) {
    quantile.numerator = word();
    quantile.denominator = word();
  }
  return quantiles_;
}

Result<void> CallReader::check() const {
  if (!is_broken_ && at_ == words_.size()) return {};
  return fail(ErrorCode::kCorrupt,
              "The words of a call are not as calls.schema says. Use a module and a script of one version.");
}

std::unexpected<Error> unknown_call(u32 primitive) {
  return fail(ErrorCode::kCorrupt, "There is no primitive {}. Use a module and a script of one version.",
              primitive);
}

}  // namespace shoal::primitives
