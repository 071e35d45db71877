"""An offscreen render as wgpu-py's examples do it: a textured, indexed, depth-tested quad read back from its texture."""
import hashlib

import numpy as np
import wgpu

SIZE = 64
SHADER = """
struct Out { @builtin(position) at: vec4f, @location(0) uv: vec2f }
@group(0) @binding(0) var<uniform> turn: vec4f;
@group(0) @binding(1) var image: texture_2d<f32>;
@group(0) @binding(2) var smooth_sampler: sampler;
@vertex fn vs(@location(0) at: vec4f, @location(1) uv: vec2f) -> Out {
  return Out(vec4f(at.x * turn.x - at.y * turn.y, at.x * turn.y + at.y * turn.x, at.z, 1.0), uv);
}
@fragment fn fs(in: Out) -> @location(0) vec4f { return textureSample(image, smooth_sampler, in.uv); }
"""


def main():
    adapter = wgpu.gpu.request_adapter_sync(power_preference="high-performance")
    device = adapter.request_device_sync(label="triangle")
    vertices = np.array([[-0.7, -0.7, 0.5, 1, 0, 1], [0.7, -0.7, 0.5, 1, 1, 1],
                         [0.7, 0.7, 0.5, 1, 1, 0], [-0.7, 0.7, 0.5, 1, 0, 0]], dtype=np.float32)
    indices = np.array([0, 1, 2, 0, 2, 3], dtype=np.uint32)
    vertex_buffer = device.create_buffer_with_data(data=vertices, usage=wgpu.BufferUsage.VERTEX)
    index_buffer = device.create_buffer_with_data(data=indices, usage=wgpu.BufferUsage.INDEX)
    uniforms = device.create_buffer(size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
    texels = np.random.default_rng(7).integers(0, 255, (16, 16, 4), dtype=np.uint8)
    image = device.create_texture(size=(16, 16, 1), format="rgba8unorm",
                                  usage=wgpu.TextureUsage.TEXTURE_BINDING | wgpu.TextureUsage.COPY_DST)
    device.queue.write_texture({"texture": image}, texels, {"bytes_per_row": 64, "rows_per_image": 16}, (16, 16, 1))
    target = device.create_texture(label="picture", size=(SIZE, SIZE, 1), format="rgba8unorm",
                                   usage=wgpu.TextureUsage.RENDER_ATTACHMENT | wgpu.TextureUsage.COPY_SRC)
    depth = device.create_texture(size=(SIZE, SIZE, 1), format="depth24plus",
                                  usage=wgpu.TextureUsage.RENDER_ATTACHMENT)
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto",
        vertex={"module": module, "buffers": [{"array_stride": 24, "attributes": [
            {"format": "float32x4", "offset": 0, "shader_location": 0},
            {"format": "float32x2", "offset": 16, "shader_location": 1}]}]},
        primitive={"topology": "triangle-list"},
        depth_stencil={"format": "depth24plus", "depth_write_enabled": True, "depth_compare": "less"},
        fragment={"module": module, "targets": [{"format": "rgba8unorm", "blend": {
            "color": {"src_factor": "src-alpha", "dst_factor": "one-minus-src-alpha", "operation": "add"},
            "alpha": {"src_factor": "one", "dst_factor": "zero", "operation": "add"}}}]})
    group = device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[
        {"binding": 0, "resource": {"buffer": uniforms}},
        {"binding": 1, "resource": image.create_view()},
        {"binding": 2, "resource": device.create_sampler(mag_filter="linear", min_filter="linear")}])
    digest = hashlib.sha256()
    for frame in range(4):
        angle = 0.3 * frame
        device.queue.write_buffer(uniforms, 0, np.array([np.cos(angle), np.sin(angle), 0, 0], dtype=np.float32))
        encoder = device.create_command_encoder(label="frame")
        render_pass = encoder.begin_render_pass(
            label="quad",
            color_attachments=[{"view": target.create_view(), "clear_value": (0, 0, 0.2, 1), "load_op": "clear",
                                "store_op": "store"}],
            depth_stencil_attachment={"view": depth.create_view(), "depth_clear_value": 1.0, "depth_load_op": "clear",
                                      "depth_store_op": "discard"})
        render_pass.set_pipeline(pipeline)
        render_pass.set_bind_group(0, group)
        render_pass.set_vertex_buffer(0, vertex_buffer)
        render_pass.set_index_buffer(index_buffer, "uint32")
        render_pass.draw_indexed(6, 1, 0, 0, 0)
        render_pass.end()
        device.queue.submit([encoder.finish()])
        picture = device.queue.read_texture({"texture": target}, {"bytes_per_row": SIZE * 4, "rows_per_image": SIZE},
                                            (SIZE, SIZE, 1))
        digest.update(picture)
    print(digest.hexdigest())


main()
