#include "gpu/kernel_cache.h"

#include <algorithm>

#include "base/heap_sort.h"
#include "base/text.h"

namespace shoal::gpu {
namespace {

BindingKind binding_kind(wgsl::BindingKind kind) {
  switch (kind) {
    case wgsl::BindingKind::kStorageRead: return BindingKind::kReadOnlyStorage;
    case wgsl::BindingKind::kStorageReadWrite: return BindingKind::kStorage;
    default: return BindingKind::kUniform;
  }
}

// The whole text, since variants of one kernel share its name, and a template need not outlive its request.
std::string key_of(const KernelRequest& request) {
  std::string constants;
  for (const Constant& constant : request.constants) {
    constants += fmt::format("{} = {}\n", constant.name, constant.value);
  }
  return fmt::format("{}\n{}\n{}\n{}{}\n{}", request.kernel->name, request.entry_point, request.dynamic_group,
                     constants, request.kernel->text, request.program);
}

}  // namespace

Result<std::string> kernel_code(const KernelRequest& request, ShaderTarget target) {
  // One text declares what all slots need: it goes where the first of them is.
  std::vector<wgsl::SlotText> slots;
  for (const std::string_view slot : request.kernel->slots) {
    slots.push_back({slot, slots.empty() ? request.program : std::string_view()});
  }
  SHOAL_TRY_SET(std::string code, wgsl::splice(*request.kernel, slots));
  // Tint needs the directive, naga refuses it.
  if (request.kernel->uses_subgroups && target == ShaderTarget::kTint) code.insert(0, "enable subgroups;\n");
  return code;
}

Result<const Kernel*> KernelCache::get(Recorder& recorder, const KernelRequest& request) {
  std::string key = key_of(request);
  if (const auto found = kernels_.find(key); found != kernels_.end()) return found->second.get();

  const wgsl::KernelTemplate& kernel_template = *request.kernel;
  const auto entry_points = kernel_template.entry_points;
  const auto entry_point = request.entry_point.empty()
                               ? entry_points.begin()
                               : std::ranges::find(entry_points, request.entry_point, &wgsl::EntryPoint::name);
  if (entry_point == entry_points.end()) {
    return fail(ErrorCode::kInvalidArgument, "Kernel {} has no entry point {}. Name one that its file declares.",
                quote(kernel_template.name), quote(request.entry_point));
  }
  SHOAL_TRY_SET(const std::string code, kernel_code(request, target_));

  auto kernel = std::make_unique<Kernel>();
  kernel->name = kernel_template.name;
  std::ranges::copy(entry_point->workgroup_size, kernel->workgroup_size.begin());

  std::vector<std::vector<LayoutEntry>> groups;
  const auto add_binding = [&](const wgsl::Binding& binding) {
    if (groups.size() <= binding.group) groups.resize(binding.group + 1);
    const BindingKind kind = binding_kind(binding.kind);
    const bool is_dynamic = kind == BindingKind::kUniform && binding.group == request.dynamic_group;
    if (kind == BindingKind::kStorage) {
      kernel->written.push_back({binding.group, binding.binding, std::string(binding.name)});
    }
    groups[binding.group].push_back({.binding = binding.binding,
                                     .visibility = ShaderStage::kCompute,
                                     .kind = kind,
                                     .has_dynamic_offset = is_dynamic ? 1u : 0u,
                                     .min_size_bytes = binding.min_size_bytes});
  };
  std::ranges::for_each(kernel_template.bindings, add_binding);
  std::ranges::for_each(request.program_bindings, add_binding);
  for (std::vector<LayoutEntry>& entries : groups) {
    heap_sort(entries, {}, &LayoutEntry::binding);
    const u32 layout = recorder.new_id();
    recorder.say(CreateBindGroupLayout{.layout = layout, .label = kernel->name, .entries = std::move(entries)});
    kernel->bind_group_layouts.push_back(layout);
  }
  const u32 pipeline_layout = recorder.new_id();
  recorder.say(CreatePipelineLayout{
      .layout = pipeline_layout, .label = kernel->name, .bind_group_layouts = kernel->bind_group_layouts});
  const u32 module = recorder.new_id();
  recorder.say(CreateShaderModule{.module = module, .label = kernel->name, .code = code, .trusted = 1});
  kernel->pipeline = recorder.new_id();
  recorder.say(CreateComputePipelineAsync{.pipeline = kernel->pipeline,
                                          .label = kernel->name,
                                          .layout = pipeline_layout,
                                          .module = module,
                                          .entry_point = entry_point->name,
                                          .constants = {request.constants.begin(), request.constants.end()}});
  recorder.say(ReleaseShaderModule{.module = module});
  return kernels_.emplace(std::move(key), std::move(kernel)).first->second.get();
}

void KernelCache::on(const PipelineReady& event) {
  for (auto& [key, kernel] : kernels_) {
    if (kernel->pipeline == event.pipeline) kernel->state = Kernel::State::kReady;
  }
}

void KernelCache::on(const PipelineFailed& event) {
  for (auto& [key, kernel] : kernels_) {
    if (kernel->pipeline != event.pipeline) continue;
    kernel->state = Kernel::State::kFailed;
    kernel->failure = event.message;
  }
}

Result<void> KernelCache::check() const {
  for (const auto& [key, kernel] : kernels_) {
    if (kernel->state == Kernel::State::kFailed) {
      return fail(ErrorCode::kDevice, "The kernel '{}' did not compile: {}", kernel->name, kernel->failure);
    }
  }
  return {};
}

bool KernelCache::is_compiling() const {
  return std::ranges::any_of(kernels_,
                             [](const auto& entry) { return entry.second->state == Kernel::State::kCompiling; });
}

u32 BindGroupCache::get(Recorder& recorder, u32 layout, std::string_view label, std::span<const View> views) {
  std::vector<Group>& groups = by_layout_[layout];
  const auto found =
      std::ranges::find_if(groups, [views](const Group& group) { return std::ranges::equal(group.views, views); });
  if (found != groups.end()) return found->id;
  std::vector<BindEntry> entries;
  for (size_t i = 0; i < views.size(); ++i) {
    entries.push_back({.binding = static_cast<u32>(i),
                       .buffer = views[i].buffer,
                       .offset_bytes = views[i].offset_bytes,
                       .size_bytes = views[i].size_bytes});
  }
  const u32 id = recorder.new_id();
  recorder.say(CreateBindGroup{.bind_group = id, .label = label, .layout = layout, .entries = std::move(entries)});
  groups.push_back({id, {views.begin(), views.end()}});
  return id;
}

std::span<const View> BindGroupCache::views_of(u32 layout, u32 group) const {
  const auto groups = by_layout_.find(layout);
  if (groups == by_layout_.end()) return {};
  const auto found = std::ranges::find(groups->second, group, &Group::id);
  return found == groups->second.end() ? std::span<const View>() : found->views;
}

void BindGroupCache::forget(Recorder& recorder, u32 buffer) {
  for (auto& [layout, groups] : by_layout_) {
    std::erase_if(groups, [&](const Group& group) {
      if (!std::ranges::any_of(group.views, [buffer](const View& view) { return view.buffer == buffer; }))
        return false;
      recorder.say(ReleaseBindGroup{.bind_group = group.id});
      return true;
    });
  }
}

}  // namespace shoal::gpu
