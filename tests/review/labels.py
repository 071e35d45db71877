"""Names of cities on a map. Their quads are laid out anew for each frame and go to the GPU through a staging buffer."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
struct Out { @builtin(position) at: vec4f, @location(0) uv: vec2f }
@vertex fn vs(@location(0) at: vec2f, @location(1) uv: vec2f) -> Out { return Out(vec4f(at, 0, 1), uv); }
@fragment fn fs(in: Out) -> @location(0) vec4f { return vec4f(fract(in.uv * 8), 0.2, 1); }
"""
GLYPHS = 1500


def layout(scroll):
    random = np.random.default_rng(21)
    corner = np.array([[0, 0], [1, 0], [0, 1], [1, 0], [0, 1], [1, 1]], dtype=np.float32)
    places = random.random((GLYPHS, 1, 2), dtype=np.float32) * 2 - 1 + np.array([scroll, 0], dtype=np.float32)
    quads = np.concatenate([places + 0.02 * corner, np.broadcast_to(corner, (GLYPHS, 6, 2))], axis=2)
    return np.ascontiguousarray(quads, dtype=np.float32)


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-list"},
        vertex={"module": module, "buffers": [{"array_stride": 16, "attributes": [
            {"format": "float32x2", "offset": 0, "shader_location": 0},
            {"format": "float32x2", "offset": 8, "shader_location": 1}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    size = GLYPHS * 6 * 16
    quads = device.create_buffer(label="quads", size=size, usage=wgpu.BufferUsage.VERTEX | wgpu.BufferUsage.COPY_DST)
    staging = None
    if not CLEAN:
        staging = device.create_buffer(label="staging", size=size, usage=wgpu.BufferUsage.COPY_SRC | wgpu.BufferUsage.COPY_DST)
    for frame in range(12):
        encoder = device.create_command_encoder()
        if CLEAN:
            device.queue.write_buffer(quads, 0, layout(0.01 * frame))
        else:
            device.queue.write_buffer(staging, 0, layout(0.01 * frame))
            encoder.copy_buffer_to_buffer(staging, 0, quads, 0, size)
        draw = encoder.begin_render_pass(label="labels", color_attachments=[
            {"view": view, "clear_value": (1, 1, 1, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        draw.set_vertex_buffer(0, quads)
        draw.draw(GLYPHS * 6)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
