#include "primitives/arguments.h"

#include <algorithm>

#include "base/text.h"
#include "primitives/launch.h"

namespace shoal::primitives {

Arguments& Arguments::read(std::string_view name, const gpu::View& view, u32 bits_per_element) {
  arguments_.push_back({name, view, false, bits_per_element, 0});
  return *this;
}

Arguments& Arguments::write(std::string_view name, const gpu::View& view, u32 bits_per_element) {
  arguments_.push_back({name, view, true, bits_per_element, 0});
  return *this;
}

Arguments& Arguments::read_bytes(std::string_view name, const gpu::View& view, u64 size_bytes) {
  arguments_.push_back({name, view, false, 0, size_bytes});
  return *this;
}

Arguments& Arguments::write_bytes(std::string_view name, const gpu::View& view, u64 size_bytes) {
  arguments_.push_back({name, view, true, 0, size_bytes});
  return *this;
}

Arguments& Arguments::scratch(const gpu::View& view, u64 size_bytes) {
  if (view.buffer != 0) write_bytes("scratch", view, size_bytes);
  return *this;
}

Arguments& Arguments::require(bool holds, std::string_view sentence) {
  if (!holds && broken_requirement_.empty()) broken_requirement_ = sentence;
  return *this;
}

Result<void> Arguments::check_place(const Argument& argument) const {
  const gpu::Limits& limits = device_.capabilities.limits;
  const gpu::View& view = argument.view;
  if (view.buffer == 0) {
    return fail(ErrorCode::kInvalidArgument, "`{}` of {} names no buffer. Give a view of one.", argument.name,
                primitive_);
  }
  if (view.offset_bytes % limits.min_storage_offset_alignment_bytes != 0) {
    return fail(ErrorCode::kInvalidArgument,
                "`{}` of {} begins at byte {}, which cannot be bound. Let it begin at a multiple of {}.",
                argument.name, primitive_, group_thousands(view.offset_bytes),
                limits.min_storage_offset_alignment_bytes);
  }
  const u64 unit = argument.bits_per_element == 0 ? 4 : 16;
  if (view.size_bytes == 0 || view.size_bytes % unit != 0) {
    return fail(ErrorCode::kInvalidArgument,
                "`{}` of {} has {} bytes. Give it a multiple of {} bytes, above 0; what lies beyond the count is "
                "not used.",
                argument.name, primitive_, group_thousands(view.size_bytes), unit);
  }
  const u64 needed_bytes = argument.bits_per_element == 0
                               ? argument.size_bytes
                               : divide_round_up(u64{count_.elements()} * argument.bits_per_element, u64{8});
  if (view.size_bytes < needed_bytes) {
    return fail(ErrorCode::kInvalidArgument, "`{}` of {} has {} bytes, but {} are needed. Give it as many.",
                argument.name, primitive_, group_thousands(view.size_bytes), group_thousands(needed_bytes));
  }
  if (view.size_bytes > limits.max_storage_binding_size_bytes) {
    return fail(ErrorCode::kUnsupported,
                "`{}` of {} has {} bytes, but {} binds at most {}. Give it in parts, one call for each.",
                argument.name, primitive_, group_thousands(view.size_bytes), quote(device_.capabilities.name),
                group_thousands(limits.max_storage_binding_size_bytes));
  }
  return {};
}

Result<void> Arguments::check_apart(const Argument& a, const Argument& b) const {
  if (a.view.buffer != b.view.buffer || (!a.is_written && !b.is_written)) return {};
  if (a.is_written != b.is_written) {
    return fail(ErrorCode::kInvalidArgument,
                "`{}` and `{}` of {} lie in one buffer, but WebGPU does not let a dispatch read and write one "
                "buffer, wherever in it. Give them two buffers.",
                a.name, b.name, primitive_);
  }
  if (a.view.offset_bytes < b.view.offset_bytes + b.view.size_bytes &&
      b.view.offset_bytes < a.view.offset_bytes + a.view.size_bytes) {
    return fail(ErrorCode::kInvalidArgument,
                "`{}` and `{}` of {} overlap between bytes {} and {} of their buffer. Give them places apart.",
                a.name, b.name, primitive_, group_thousands(std::max(a.view.offset_bytes, b.view.offset_bytes)),
                group_thousands(
                    std::min(a.view.offset_bytes + a.view.size_bytes, b.view.offset_bytes + b.view.size_bytes)));
  }
  return {};
}

Result<u32> Arguments::check() const {
  if (!broken_requirement_.empty()) {
    return fail(ErrorCode::kInvalidArgument, "{} (argument of {})", broken_requirement_, primitive_);
  }
  if (count_.is_on_gpu() && count_.word().offset_bytes % 4 != 0) {
    return fail(ErrorCode::kInvalidArgument,
                "`{}` of {} lies at byte {} of its buffer. Put the word at a multiple of 4.", count_name_,
                primitive_, group_thousands(count_.word().offset_bytes));
  }
  // Kernels add some strips to a position before they compare it with the count.
  constexpr u32 kMostElements = 0xfff00000u;
  u64 most = count_.is_on_gpu() ? kMostElements : count_.elements();
  if (most > kMostElements) {
    return fail(ErrorCode::kUnsupported, "`{}` of {} is {}, more than {}. Split the work into several calls.",
                count_name_, primitive_, group_thousands(most), group_thousands(kMostElements));
  }
  for (size_t i = 0; i < arguments_.size(); ++i) {
    const Argument& argument = arguments_[i];
    SHOAL_TRY(check_place(argument));
    for (size_t k = 0; k < i; ++k) SHOAL_TRY(check_apart(arguments_[k], argument));
    if (count_.is_on_gpu() && argument.bits_per_element != 0) {
      most = std::min(most, argument.view.size_bytes * 8 / argument.bits_per_element);
    }
  }
  if (device_.watch != nullptr) {
    for (const Argument& argument : arguments_) device_.watch->name(primitive_, argument.name, argument.view);
  }
  return static_cast<u32>(most);
}

u32 most_elements(const gpu::Count& count, const gpu::View& view, u32 bits_per_element) {
  if (!count.is_on_gpu()) return count.elements();
  return static_cast<u32>(std::min<u64>(view.size_bytes * 8 / bits_per_element, 0xfff00000u));
}

gpu::View ScratchLayout::add(u64 size_bytes) {
  const gpu::View part{0, size_bytes_, align_up(std::max<u64>(size_bytes, 16), u64{16})};
  size_bytes_ = align_up(size_bytes_ + part.size_bytes, u64{256});
  return part;
}

gpu::View part_of(const gpu::View& scratch, const gpu::View& part) {
  return {scratch.buffer, scratch.offset_bytes + part.offset_bytes, part.size_bytes};
}

void poison(gpu::Frame& frame, const gpu::View& view) {
  gpu::MemoryWatch* watch = frame.device().watch;
  if (watch == nullptr) return;
  const PassScope pass(frame, "poison", view.size_bytes);
  watch->poison(frame, view);
}

gpu::View scratch_for(gpu::Frame& frame, const gpu::View& given, u64 size_bytes) {
  gpu::Device& device = frame.device();
  gpu::View scratch = given;
  if (given.buffer == 0) {
    device.scratch.reserve(device, size_bytes);
    scratch = device.scratch.first(size_bytes);
  }
  poison(frame, {scratch.buffer, scratch.offset_bytes, size_bytes});
  return scratch;
}

}  // namespace shoal::primitives
