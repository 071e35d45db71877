// The part of NativeExecutor that makes pipelines in the call, render pipelines above all.
#include "gpu/native/compile_pipeline.h"
#include "gpu/native/error_scope.h"
#include "gpu/native/executor.h"
#include "gpu/native/one_line.h"
#include "gpu/native/string_view.h"

namespace shoal::gpu {
namespace {

template <class To, class From>
To native(From value) {
  return static_cast<To>(value);
}

WGPUBlendComponent native_blend(const BlendComponent& blend) {
  return {native<WGPUBlendOperation>(blend.operation), native<WGPUBlendFactor>(blend.src_factor),
          native<WGPUBlendFactor>(blend.dst_factor)};
}

WGPUStencilFaceState native_face(const StencilFace& face) {
  return {native<WGPUCompareFunction>(face.compare), native<WGPUStencilOperation>(face.fail_op),
          native<WGPUStencilOperation>(face.depth_fail_op), native<WGPUStencilOperation>(face.pass_op)};
}

WGPUDepthStencilState native_depth_stencil(const DepthStencilState& state) {
  WGPUDepthStencilState out = WGPU_DEPTH_STENCIL_STATE_INIT;
  out.format = native<WGPUTextureFormat>(state.format);
  out.depthWriteEnabled = state.depth_write_enabled != 0 ? WGPUOptionalBool_True : WGPUOptionalBool_False;
  out.depthCompare = native<WGPUCompareFunction>(state.depth_compare);
  out.stencilFront = native_face(state.front);
  out.stencilBack = native_face(state.back);
  out.stencilReadMask = state.stencil_read_mask;
  out.stencilWriteMask = state.stencil_write_mask;
  out.depthBias = state.depth_bias;
  out.depthBiasSlopeScale = static_cast<float>(state.depth_bias_slope_scale);
  out.depthBiasClamp = static_cast<float>(state.depth_bias_clamp);
  return out;
}

// webgpu.h's descriptor with everything that it points to.
struct RenderDescriptor {
  RenderDescriptor(std::string_view label, const RenderState& state)
      : constants(native_constants(state.constants)) {
    for (const VertexBufferLayout& buffer : state.buffers) {
      std::vector<WGPUVertexAttribute>& out = attributes.emplace_back();
      for (const VertexAttribute& attribute : buffer.attributes) {
        out.push_back(
            {nullptr, native<WGPUVertexFormat>(attribute.format), attribute.offset_bytes, attribute.location});
      }
      // Undefined is WebGPU's default, or a hole: to wgpu-native that is a buffer without attributes.
      const auto step_mode = buffer.step_mode == VertexStepMode::kUndefined
                                 ? WGPUVertexStepMode_Vertex
                                 : native<WGPUVertexStepMode>(buffer.step_mode);
      buffers.push_back({nullptr, step_mode, buffer.stride_bytes, out.size(), out.data()});
    }
    descriptor = WGPU_RENDER_PIPELINE_DESCRIPTOR_INIT;
    descriptor.label = wgpu_text(label);
    descriptor.vertex.entryPoint = entry_point_of(state.entry_point);
    descriptor.vertex.constantCount = constants.size();
    descriptor.vertex.constants = constants.data();
    descriptor.vertex.bufferCount = buffers.size();
    descriptor.vertex.buffers = buffers.data();
    descriptor.primitive.topology = native<WGPUPrimitiveTopology>(state.topology);
    descriptor.primitive.stripIndexFormat = native<WGPUIndexFormat>(state.strip_index_format);
    descriptor.primitive.frontFace = native<WGPUFrontFace>(state.front_face);
    descriptor.primitive.cullMode = native<WGPUCullMode>(state.cull_mode);
    descriptor.primitive.unclippedDepth = state.unclipped_depth != 0;
    if (!state.depth_stencil.empty()) {
      depth_stencil = native_depth_stencil(state.depth_stencil.front());
      descriptor.depthStencil = &depth_stencil;
    }
    descriptor.multisample.count = state.sample_count;
    descriptor.multisample.mask = state.sample_mask;
    descriptor.multisample.alphaToCoverageEnabled = state.alpha_to_coverage != 0;
    if (!state.fragment.empty()) add_fragment(state.fragment.front());
  }
  RenderDescriptor(const RenderDescriptor&) = delete;

  void add_fragment(const FragmentState& state) {
    blends.reserve(state.targets.size());  // targets point to them
    for (const ColorTarget& target : state.targets) {
      WGPUColorTargetState& out = targets.emplace_back();
      out = WGPU_COLOR_TARGET_STATE_INIT;
      out.format = native<WGPUTextureFormat>(target.format);
      out.writeMask = native<WGPUColorWriteMask>(target.write_mask);
      if (!target.blend.empty()) {
        const BlendState& blend = target.blend.front();
        out.blend = &blends.emplace_back(WGPUBlendState{native_blend(blend.color), native_blend(blend.alpha)});
      }
    }
    fragment_constants = native_constants(state.constants);
    fragment = WGPU_FRAGMENT_STATE_INIT;
    fragment.entryPoint = entry_point_of(state.entry_point);
    fragment.constantCount = fragment_constants.size();
    fragment.constants = fragment_constants.data();
    fragment.targetCount = targets.size();
    fragment.targets = targets.data();
    descriptor.fragment = &fragment;
  }

  std::vector<WGPUConstantEntry> constants, fragment_constants;
  std::vector<std::vector<WGPUVertexAttribute>> attributes;
  std::vector<WGPUVertexBufferLayout> buffers;
  std::vector<WGPUBlendState> blends;
  std::vector<WGPUColorTargetState> targets;
  WGPUDepthStencilState depth_stencil;
  WGPUFragmentState fragment;
  WGPURenderPipelineDescriptor descriptor;
};

}  // namespace

WGPUBindGroupLayoutEntry native_layout_entry(const LayoutEntry& entry) {
  WGPUBindGroupLayoutEntry out = WGPU_BIND_GROUP_LAYOUT_ENTRY_INIT;
  out.binding = entry.binding;
  out.visibility = static_cast<WGPUShaderStage>(entry.visibility);
  const auto buffer = [&](WGPUBufferBindingType type) {
    out.buffer.type = type;
    out.buffer.hasDynamicOffset = entry.has_dynamic_offset != 0;
    out.buffer.minBindingSize = entry.min_size_bytes;
  };
  switch (entry.kind) {
    case BindingKind::kUniform: buffer(WGPUBufferBindingType_Uniform); break;
    case BindingKind::kStorage: buffer(WGPUBufferBindingType_Storage); break;
    case BindingKind::kReadOnlyStorage: buffer(WGPUBufferBindingType_ReadOnlyStorage); break;
    case BindingKind::kSampler: out.sampler.type = WGPUSamplerBindingType_Filtering; break;
    case BindingKind::kNonFilteringSampler: out.sampler.type = WGPUSamplerBindingType_NonFiltering; break;
    case BindingKind::kComparisonSampler: out.sampler.type = WGPUSamplerBindingType_Comparison; break;
    case BindingKind::kTexture:
      // Undefined is WebGPU's default, which wgpu-native wants said.
      out.texture.sampleType = entry.sample_type == TextureSampleType::kUndefined
                                   ? WGPUTextureSampleType_Float
                                   : native<WGPUTextureSampleType>(entry.sample_type);
      out.texture.viewDimension = entry.view_dimension == TextureViewDimension::kUndefined
                                      ? WGPUTextureViewDimension_2D
                                      : native<WGPUTextureViewDimension>(entry.view_dimension);
      out.texture.multisampled = entry.multisampled != 0;
      break;
    case BindingKind::kStorageTexture:
      out.storageTexture.access = entry.access == StorageTextureAccess::kUndefined
                                      ? WGPUStorageTextureAccess_WriteOnly
                                      : native<WGPUStorageTextureAccess>(entry.access);
      out.storageTexture.format = native<WGPUTextureFormat>(entry.format);
      out.storageTexture.viewDimension = entry.view_dimension == TextureViewDimension::kUndefined
                                             ? WGPUTextureViewDimension_2D
                                             : native<WGPUTextureViewDimension>(entry.view_dimension);
      break;
  }
  return out;
}

WGPUComputePipeline compile_compute_pipeline(WGPUDevice device, std::string_view label, WGPUPipelineLayout layout,
                                             WGPUShaderModule module, std::string_view entry_point,
                                             std::span<const WGPUConstantEntry> constants) {
  WGPUComputePipelineDescriptor descriptor = WGPU_COMPUTE_PIPELINE_DESCRIPTOR_INIT;
  descriptor.label = wgpu_text(label);
  descriptor.layout = layout;
  descriptor.compute.module = module;
  descriptor.compute.entryPoint = entry_point_of(entry_point);
  descriptor.compute.constantCount = constants.size();
  descriptor.compute.constants = constants.data();
  return wgpuDeviceCreateComputePipeline(device, &descriptor);
}

void NativeExecutor::on(const CreateComputePipeline& command) {
  const auto module = modules_.find(command.module);
  const auto layout = pipeline_layouts_.find(command.layout);
  if (module == modules_.end() || (layout == pipeline_layouts_.end() && command.layout != 0)) {
    const u32 missing = module == modules_.end() ? command.module : command.layout;
    return add_broken(
        command.pipeline, command.label,
        fmt::format("It names {} {}, which is unusable: {}",
                    module == modules_.end() ? "shader module" : "pipeline layout", missing, reason(missing)));
  }
  ErrorScope scope(device_.device());
  WGPUComputePipeline handle = compile_compute_pipeline(
      device_.device(), command.label, layout == pipeline_layouts_.end() ? nullptr : layout->second, module->second,
      command.entry_point, native_constants(command.constants));
  if (const std::string message = scope.take(); !message.empty()) {
    if (handle != nullptr) wgpuComputePipelineRelease(handle);
    return add_broken(command.pipeline, command.label, one_line(message));
  }
  pipelines_[command.pipeline] = handle;
}

// Why it could not be made; empty when it could.
std::string NativeExecutor::make_render_pipeline(u32 id, std::string_view label, const RenderState& state) {
  const auto module = modules_.find(state.module);
  if (module == modules_.end()) {
    return fmt::format("It names shader module {}, which is unusable: {}", state.module, reason(state.module));
  }
  const auto layout = pipeline_layouts_.find(state.layout);
  if (layout == pipeline_layouts_.end() && state.layout != 0) {
    return fmt::format("It names pipeline layout {}, which is unusable: {}", state.layout, reason(state.layout));
  }
  if (state.topology == PrimitiveTopology::kUndefined) return "It has no topology.";
  if (!state.depth_stencil.empty() && state.depth_stencil.front().format == TextureFormat::kUndefined) {
    return "Its depth state has no format.";
  }
  for (const VertexBufferLayout& buffer : state.buffers) {
    for (const VertexAttribute& attribute : buffer.attributes) {
      // webgpu.h has it, wgpu-native 29 ends the process at it.
      if (attribute.format == VertexFormat::kUnorm8x4Bgra) return "wgpu-native has no vertex format unorm8x4-bgra.";
    }
  }
  RenderDescriptor render(label, state);
  render.descriptor.vertex.module = module->second;
  if (layout != pipeline_layouts_.end()) render.descriptor.layout = layout->second;
  if (!state.fragment.empty()) {
    const u32 fragment_module = state.fragment.front().module;
    const auto found = modules_.find(fragment_module);
    if (found == modules_.end()) {
      return fmt::format("It names shader module {}, which is unusable: {}", fragment_module,
                         reason(fragment_module));
    }
    render.fragment.module = found->second;
  }
  ErrorScope scope(device_.device());
  WGPURenderPipeline handle = wgpuDeviceCreateRenderPipeline(device_.device(), &render.descriptor);
  const std::string message = scope.take();
  if (message.empty()) {
    render_pipelines_[id] = handle;
  } else if (handle != nullptr) {
    wgpuRenderPipelineRelease(handle);
  }
  return one_line(message);
}

void NativeExecutor::on(const CreateRenderPipeline& command) {
  std::string message = make_render_pipeline(command.pipeline, command.label, command.state);
  if (!message.empty()) add_broken(command.pipeline, command.label, std::move(message));
}

// In the call: the engine draws with compute pipelines, so only replays of foreign programs come here.
void NativeExecutor::on(const CreateRenderPipelineAsync& command) {
  const std::string message = make_render_pipeline(command.pipeline, command.label, command.state);
  if (message.empty()) return answer(PipelineReady{.pipeline = command.pipeline});
  broken_[command.pipeline] = message;
  answer(PipelineFailed{.pipeline = command.pipeline, .message = message});
}

void NativeExecutor::on(const GetBindGroupLayout& command) {
  const auto compute = pipelines_.find(command.pipeline);
  const auto render = render_pipelines_.find(command.pipeline);
  if (compute == pipelines_.end() && render == render_pipelines_.end()) {
    return add_broken(command.layout, "get_bind_group_layout",
                      fmt::format("Pipeline {} is unusable: {}", command.pipeline, reason(command.pipeline)));
  }
  ErrorScope scope(device_.device());
  WGPUBindGroupLayout handle = compute != pipelines_.end()
                                   ? wgpuComputePipelineGetBindGroupLayout(compute->second, command.index)
                                   : wgpuRenderPipelineGetBindGroupLayout(render->second, command.index);
  if (const std::string message = scope.take(); message.empty()) {
    bind_group_layouts_[command.layout] = handle;
  } else {
    add_broken(command.layout, "get_bind_group_layout", one_line(message));
  }
}

}  // namespace shoal::gpu
