#include "emit/program.h"

#include <algorithm>
#include <map>
#include <optional>

#include "emit/kernel_text.h"
#include "emit/recorded_frame.h"
#include "primitives/count_grid_layout.gen.h"

namespace shoal::emit {
namespace {

constexpr u32 kElementsWord = 60;  // of a parameter block: how many elements a workgroup takes (launch.cpp)
constexpr std::string_view kCountGrid = "count_grid";

// Where the parameters of a dispatch lie.
struct Slot {
  u32 buffer = 0;
  u32 index = 0;
  friend auto operator<=>(const Slot&, const Slot&) = default;
};

class Builder {
 public:
  Builder(const Pipeline& pipeline, const RecordedFrame& frame) : pipeline_(pipeline), frame_(frame) {}

  Result<Program> build() {
    find_folded();
    for (const RecordedDispatch& dispatch : frame_.dispatches) SHOAL_TRY(add_step(dispatch));
    SHOAL_TRY(number_slots());
    finish_buffers();
    return std::move(program_);
  }

 private:
  struct CountOfSlot {
    CountBy by = CountBy::kGpu;
    size_t count = 0;
    u32 host_buffer = 0;  // that holds what the GPU copies
  };

  const gpu::CreateBindGroup& group_of(const RecordedDispatch& dispatch, size_t index) const {
    return frame_.bind_groups.at(dispatch.groups[index]);
  }
  bool is_count_grid(const RecordedDispatch& dispatch) const {
    return frame_.pipelines.at(dispatch.pipeline).label == kCountGrid;
  }
  gpu::ParameterBlock block_at(const Slot& slot) const {
    gpu::ParameterBlock block{};
    const std::vector<u32>& content = frame_.contents.at(slot.buffer);
    std::copy_n(content.begin() + static_cast<std::ptrdiff_t>(slot.index * block.size()), block.size(),
                block.begin());
    return block;
  }
  Slot slot_of(const RecordedDispatch& dispatch) const {
    return {group_of(dispatch, 0).entries.at(0).buffer,
            static_cast<u32>(dispatch.dynamic_offset / gpu::kParameterSlotBytes)};
  }

  // Whose count each slot of the GPU's holds. A count of the host's needs no dispatch to get there.
  void find_folded() {
    for (const RecordedDispatch& dispatch : frame_.dispatches) {
      if (!is_count_grid(dispatch)) continue;
      const auto& entries = group_of(dispatch, 0).entries;
      const auto count = std::ranges::find(pipeline_.counts, entries.at(3).buffer,
                                           [](const HostCount& known) { return known.view.buffer; });
      const bool is_host = count != pipeline_.counts.end();
      const CountOfSlot of{.by = is_host ? CountBy::kHost : CountBy::kGpu,
                           .count = static_cast<size_t>(count - pipeline_.counts.begin()),
                           .host_buffer = entries.at(1).buffer};
      const u32 first = block_at(slot_of(dispatch))[1];
      for (u32 i = 0; i < dispatch.x; ++i) counts_[{entries.at(2).buffer, first + i}] = of;
    }
  }

  // A kernel without parameters finds its count in an array, if it has one; it was recorded with a count that the
  // host does not know, so its grid does for any up to the capacity.
  Result<void> add_step_without_parameters(const RecordedDispatch& dispatch) {
    Step step;
    step.workgroups = dispatch.x * dispatch.y;
    SHOAL_TRY_SET(step.kernel, kernel_of(dispatch.pipeline));
    SHOAL_TRY(bind_groups(step, dispatch, false));
    host_buffers_.push_back(0);
    program_.steps.push_back(step);
    return {};
  }

  Result<void> bind_groups(Step& step, const RecordedDispatch& dispatch, bool is_host) {
    for (u32 index = 0; index < dispatch.groups.size(); ++index) {
      if (index >= program_.kernels[step.kernel].groups.size()) break;
      SHOAL_TRY_SET(const size_t group, group_for(dispatch, step.kernel, index, is_host));
      step.groups.push_back(group);
    }
    return {};
  }

  Result<void> add_step(const RecordedDispatch& dispatch) {
    const gpu::CreateComputePipelineAsync& made = frame_.pipelines.at(dispatch.pipeline);
    const auto& layouts = frame_.pipeline_layouts.at(made.layout).bind_group_layouts;
    if (!has_parameters(frame_.layouts.at(layouts[0]).entries)) return add_step_without_parameters(dispatch);
    const Slot slot = slot_of(dispatch);
    if (!counts_.contains(slot) && !frame_.contents.contains(slot.buffer)) {
      return fail(
          ErrorCode::kUnsupported,
          "Nothing writes the parameters of the kernel '{}', so emitted code cannot fill them. Emit the other "
          "stages alone.",
          made.label);
    }
    if (is_count_grid(dispatch)) {
      const auto& entries = group_of(dispatch, 0).entries;
      if (counts_.at({entries.at(2).buffer, block_at(slot)[1]}).by == CountBy::kHost) return {};
    }
    Step step;
    SHOAL_TRY_SET(step.kernel, kernel_of(dispatch.pipeline));
    const auto known = counts_.find(slot);
    const Slot host_slot = known == counts_.end() ? slot : Slot{known->second.host_buffer, slot.index};
    step.block = block_at(host_slot);
    if (known != counts_.end()) {
      step.count_by = known->second.by;
      step.count = known->second.count;
    }
    const bool is_host = step.count_by != CountBy::kGpu;
    step.most = step.block[0];
    step.elements_per_group = step.block[kElementsWord];
    step.workgroups = step.elements_per_group == 0 ? dispatch.x : 0;
    SHOAL_TRY(bind_groups(step, dispatch, is_host));
    steps_of_slots_[host_slot] = program_.steps.size();
    host_buffers_.push_back(host_slot.buffer);
    program_.steps.push_back(step);
    return {};
  }

  Result<size_t> kernel_of(u32 id) {
    if (const auto found = kernels_.find(id); found != kernels_.end()) return found->second;
    const gpu::CreateComputePipelineAsync& made = frame_.pipelines.at(id);
    const gpu::CreateShaderModule& text = frame_.modules.at(made.module);
    Kernel kernel{.name = std::string(made.entry_point), .entry_point = std::string(made.entry_point)};
    auto shader = std::ranges::find(program_.shaders, text.code, &Shader::code);
    if (shader == program_.shaders.end()) {
      program_.shaders.push_back({free_shader_name(text.label), std::string(text.code)});
      shader = program_.shaders.end() - 1;
    }
    kernel.shader = static_cast<size_t>(shader - program_.shaders.begin());
    for (const u32 layout : frame_.pipeline_layouts.at(made.layout).bind_group_layouts) {
      kernel.groups.push_back(frame_.layouts.at(layout).entries);
    }
    for (const gpu::Constant& constant : made.constants) {
      kernel.constants.emplace_back(std::string(constant.name), constant.value);
    }
    SHOAL_TRY(name_variables(kernel, shader->code));
    for (u32 i = 2; is_kernel_name(kernel.name); ++i) kernel.name = fmt::format("{}{}", kernel.entry_point, i);
    program_.kernels.push_back(std::move(kernel));
    return kernels_[id] = program_.kernels.size() - 1;
  }

  std::string free_shader_name(std::string_view label) const {
    std::string name(label);
    for (u32 i = 2; std::ranges::find(program_.shaders, name, &Shader::name) != program_.shaders.end(); ++i) {
      name = fmt::format("{}{}", label, i);
    }
    return name;
  }
  bool is_kernel_name(std::string_view name) const {
    return std::ranges::find(program_.kernels, name, &Kernel::name) != program_.kernels.end();
  }

  Result<size_t> group_for(const RecordedDispatch& dispatch, size_t kernel, u32 index, bool is_host) {
    Group group{.kernel = kernel, .index = index};
    for (const gpu::BindEntry& entry : group_of(dispatch, index).entries) {
      const bool is_parameters = index == 0 && entry.binding == 0;
      SHOAL_TRY_SET(const size_t part, part_for(entry, kernel, index, is_parameters && is_host));
      group.bound.push_back({entry.binding, part});
    }
    const auto is_same = [&](const Group& other) {
      return other.kernel == kernel && other.index == index &&
             std::ranges::equal(other.bound, group.bound, [](const Bound& a, const Bound& b) {
               return a.binding == b.binding && a.part == b.part;
             });
    };
    const auto found = std::ranges::find_if(program_.groups, is_same);
    if (found != program_.groups.end()) return static_cast<size_t>(found - program_.groups.begin());
    program_.groups.push_back(std::move(group));
    return program_.groups.size() - 1;
  }

  Result<size_t> part_for(const gpu::BindEntry& entry, size_t kernel, u32 group, bool is_host_parameters) {
    SHOAL_TRY_SET(const size_t buffer, buffer_for(entry.buffer, is_host_parameters));
    Part part{.name = program_.buffers[buffer].name,
              .buffer = buffer,
              .offset_bytes = entry.offset_bytes,
              .size_bytes = entry.size_bytes};
    const auto is_same = [&](const Part& other) {
      return other.buffer == buffer && other.offset_bytes == part.offset_bytes &&
             other.size_bytes == part.size_bytes;
    };
    const auto found = std::ranges::find_if(program_.parts, is_same);
    if (found != program_.parts.end()) return static_cast<size_t>(found - program_.parts.begin());
    if (part.name == "scratch") part.name = free_part_name(kernel, group, entry.binding);
    program_.parts.push_back(std::move(part));
    return program_.parts.size() - 1;
  }

  // What the first kernel that binds it calls it.
  std::string free_part_name(size_t kernel, u32 group, u32 binding) const {
    const auto& entries = program_.kernels[kernel].groups[group];
    const auto entry = std::ranges::find(entries, binding, &gpu::LayoutEntry::binding);
    const std::string stem =
        program_.kernels[kernel].variables[group][static_cast<size_t>(entry - entries.begin())];
    std::string name = stem;
    const auto is_taken = [&] {
      return std::ranges::find(program_.parts, name, &Part::name) != program_.parts.end() ||
             std::ranges::find(pipeline_.arrays, name, &Array::name) != pipeline_.arrays.end();
    };
    if (is_taken()) name = "scratch_" + stem;
    for (u32 i = 2; is_taken(); ++i) name = fmt::format("scratch_{}{}", stem, i);
    return name;
  }

  Result<size_t> buffer_for(u32 id, bool is_host_parameters) {
    const gpu::CreateBuffer& made = frame_.buffers.at(id);
    Buffer buffer{.name = std::string(made.label), .size_bytes = made.size_bytes, .usage = made.usage};
    const auto array =
        std::ranges::find(pipeline_.arrays, id, [](const Array& known) { return known.view.buffer; });
    if (array != pipeline_.arrays.end()) {
      buffer.owner = array->role == Role::kBetween ? Owner::kPipeline : Owner::kCaller;
    } else if (made.label == "scratch") {
      buffer.owner = Owner::kPipeline;
      buffer.size_bytes = 0;  // as much as is bound of it
    } else if (made.label == "parameters" || is_host_parameters) {
      buffer = {.name = "parameters", .owner = Owner::kParameters};
    } else if (made.label == "parameters by GPU") {
      buffer = {.name = "gpu_parameters", .owner = Owner::kGpuParameters};
    } else {
      return fail(ErrorCode::kUnsupported,
                  "A kernel binds the buffer {}, which emitted code cannot fill. Emit the other stages alone.",
                  made.label);
    }
    const auto found = std::ranges::find(program_.buffers, buffer.name, &Buffer::name);
    if (found != program_.buffers.end()) return static_cast<size_t>(found - program_.buffers.begin());
    program_.buffers.push_back(std::move(buffer));
    return program_.buffers.size() - 1;
  }

  // A slot for each step, in their order: what names slots by number is told.
  Result<void> number_slots() {
    for (size_t i = 0; i < program_.steps.size(); ++i) {
      Step& step = program_.steps[i];
      if (program_.kernels[step.kernel].name != kCountGrid) continue;
      const u32 first = step.block[1];
      for (u32 k = 0; k < step.workgroups; ++k) {
        const auto found = steps_of_slots_.find({host_buffers_[i], first + k});
        const auto wanted = found == steps_of_slots_.end() ? 0 : found->second - k;
        if (k == 0) step.block[1] = static_cast<u32>(wanted);
        if (found == steps_of_slots_.end() || wanted != step.block[1]) {
          return fail(ErrorCode::kInternal, "The parameters of {}'s steps do not lie behind each other.",
                      pipeline_.name);
        }
      }
    }
    return {};
  }

  void finish_buffers() {
    const u64 all_slots_bytes = program_.steps.size() * gpu::kParameterSlotBytes;
    for (Part& part : program_.parts) {
      Buffer& buffer = program_.buffers[part.buffer];
      const bool is_parameters = buffer.owner == Owner::kParameters || buffer.owner == Owner::kGpuParameters;
      if (is_parameters && part.size_bytes > gpu::kParameterSlotBytes) part.size_bytes = all_slots_bytes;
      if (is_parameters) buffer.size_bytes = all_slots_bytes;
      buffer.size_bytes = std::max(buffer.size_bytes, part.offset_bytes + part.size_bytes);
    }
  }

  const Pipeline& pipeline_;
  const RecordedFrame& frame_;
  Program program_;
  std::map<u32, size_t> kernels_;
  std::map<Slot, CountOfSlot> counts_;
  std::map<Slot, size_t> steps_of_slots_;
  std::vector<u32> host_buffers_;  // of each step
};

}  // namespace

bool has_parameters(std::span<const gpu::LayoutEntry> group0) {
  return !group0.empty() && group0[0].has_dynamic_offset != 0;
}

bool Program::has_gpu_counts() const {
  return std::ranges::any_of(steps, [](const Step& step) { return step.count_by == CountBy::kGpu; });
}

Result<Program> make_program(const Pipeline& pipeline, std::span<const u32> words) {
  SHOAL_TRY_SET(const RecordedFrame frame, read_frame(words));
  Builder builder(pipeline, frame);
  return builder.build();
}

}  // namespace shoal::emit
