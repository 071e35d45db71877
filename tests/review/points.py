"""Measurements that arrive while they are drawn. The buffer is made for what a day can bring, or grows with them."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
@vertex fn vs(@location(0) at: vec2f) -> @builtin(position) vec4f { return vec4f(at, 0, 1); }
@fragment fn fs() -> @location(0) vec4f { return vec4f(0.3, 0.6, 1, 1); }
"""
A_DAY, BATCH = 2_000_000, 4000


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "point-list"},
        vertex={"module": module, "buffers": [
            {"array_stride": 8, "attributes": [{"format": "float32x2", "offset": 0, "shader_location": 0}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    usage = wgpu.BufferUsage.VERTEX | wgpu.BufferUsage.COPY_DST | wgpu.BufferUsage.COPY_SRC
    room, count = 4 * BATCH if CLEAN else A_DAY, 0
    points = device.create_buffer(label="points", size=8 * room, usage=usage)
    random = np.random.default_rng(29)
    for _ in range(10):
        encoder = device.create_command_encoder()
        if count + BATCH > room:
            larger = device.create_buffer(label="points", size=16 * room, usage=usage)
            encoder.copy_buffer_to_buffer(points, 0, larger, 0, 8 * count)
            device.queue.submit([encoder.finish()])
            encoder = device.create_command_encoder()
            points.destroy()
            points, room = larger, 2 * room
        device.queue.write_buffer(points, 8 * count, random.standard_normal((BATCH, 2)).astype(np.float32) * 0.3)
        count += BATCH
        draw = encoder.begin_render_pass(label="points", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        draw.set_vertex_buffer(0, points)
        draw.draw(count)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
