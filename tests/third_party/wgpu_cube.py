"""The cube of wgpu-py's examples: textured, depth-tested, turned by a uniform, drawn into an offscreen canvas."""
import hashlib

import numpy as np
import wgpu
from rendercanvas.offscreen import RenderCanvas

SHADER = """
struct Locals { transform: mat4x4f }
struct Out { @location(0) uv: vec2f, @builtin(position) at: vec4f }
@group(0) @binding(0) var<uniform> locals: Locals;
@group(0) @binding(1) var image: texture_2d<f32>;
@group(0) @binding(2) var near: sampler;
@vertex fn vs_main(@location(0) at: vec4f, @location(1) uv: vec2f) -> Out { return Out(uv, locals.transform * at); }
@fragment fn fs_main(in: Out) -> @location(0) vec4f { return vec4f(vec3f(textureSample(image, near, in.uv).r), 1); }
"""


def main():
    canvas = RenderCanvas(size=(160, 120), pixel_ratio=1)
    device = wgpu.gpu.request_adapter_sync(power_preference="high-performance").request_device_sync()
    context = canvas.get_wgpu_context()
    target = context.get_preferred_format(device.adapter)
    context.configure(device=device, format=target)
    faces = [np.roll([[x, y, 1] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1))], axis, axis=1) * side
             for axis in range(3) for side in (1, -1)]
    uvs = [[0, 0], [1, 0], [1, 1], [0, 1]]
    vertices = np.array([[*at, 1, *uv] for face in faces for at, uv in zip(face, uvs)], dtype=np.float32)
    indices = np.array([[4 * i + j for j in (0, 1, 2, 2, 3, 0)] for i in range(6)], dtype=np.uint32)
    vertex_buffer = device.create_buffer_with_data(data=vertices, usage=wgpu.BufferUsage.VERTEX)
    index_buffer = device.create_buffer_with_data(data=indices, usage=wgpu.BufferUsage.INDEX)
    uniforms = device.create_buffer(size=64, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
    texels = np.random.default_rng(5).integers(0, 255, (64, 64), dtype=np.uint8)
    texture = device.create_texture(size=(64, 64, 1), format="r8unorm", usage=wgpu.TextureUsage.COPY_DST | wgpu.TextureUsage.TEXTURE_BINDING)
    device.queue.write_texture({"texture": texture}, texels, {"bytes_per_row": 64}, (64, 64, 1))
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto",
        vertex={"module": module, "buffers": [{"array_stride": 24, "attributes": [
            {"format": "float32x4", "offset": 0, "shader_location": 0}, {"format": "float32x2", "offset": 16, "shader_location": 1}]}]},
        primitive={"topology": "triangle-list", "cull_mode": "back"},
        fragment={"module": module, "targets": [{"format": target}]})
    group = device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[
        {"binding": 0, "resource": {"buffer": uniforms}}, {"binding": 1, "resource": texture.create_view()},
        {"binding": 2, "resource": device.create_sampler()}])
    turn = [0.0]

    def draw():
        c, s = np.cos(turn[0]), np.sin(turn[0])
        transform = np.array([[0.4 * c, 0, 0.2 * s, 0], [0, 0.4, 0, 0], [-0.4 * s, 0, 0.2 * c, 0], [0, 0, 0.5, 1]], dtype=np.float32)
        device.queue.write_buffer(uniforms, 0, transform)
        encoder = device.create_command_encoder()
        render_pass = encoder.begin_render_pass(color_attachments=[
            {"view": context.get_current_texture().create_view(), "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        render_pass.set_pipeline(pipeline)
        render_pass.set_index_buffer(index_buffer, "uint32")
        render_pass.set_vertex_buffer(0, vertex_buffer)
        render_pass.set_bind_group(0, group)
        render_pass.draw_indexed(36)
        render_pass.end()
        device.queue.submit([encoder.finish()])

    canvas.request_draw(draw)
    digest = hashlib.sha256()
    for frame in range(6):
        turn[0] = 0.3 * frame
        digest.update(np.asarray(canvas.draw()).tobytes())
    print(digest.hexdigest())


main()
