"""Rooms of a dungeon, of which the window shows some. The host knows where they are; it draws all, or those in view."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
struct Out { @builtin(position) at: vec4f, @location(0) tint: f32 }
@vertex fn vs(@location(0) at: vec2f, @location(1) tint: f32) -> Out { return Out(vec4f(at, 0, 1), tint); }
@fragment fn fs(in: Out) -> @location(0) vec4f { return vec4f(in.tint, 0.4, 0.2, 1); }
"""
ROOMS, VERTICES = 160, 150


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-list"},
        vertex={"module": module, "buffers": [{"array_stride": 12, "attributes": [
            {"format": "float32x2", "offset": 0, "shader_location": 0}, {"format": "float32", "offset": 8, "shader_location": 1}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    random = np.random.default_rng(32)
    walls = random.random((ROOMS, VERTICES, 3)).astype(np.float32) * [0.4, 0.4, 1]
    middles = (random.random((ROOMS, 1, 3)) * [14, 14, 0] - [7, 7, 0]).astype(np.float32)
    rooms = device.create_buffer(label="rooms", size=12 * ROOMS * VERTICES, usage=wgpu.BufferUsage.VERTEX | wgpu.BufferUsage.COPY_DST)
    for frame in range(8):
        seen = (walls + middles - [0.1 * frame, 0.05 * frame, 0]).astype(np.float32)
        device.queue.write_buffer(rooms, 0, seen)
        low, high = seen.min(axis=1), seen.max(axis=1)
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="rooms", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        draw.set_vertex_buffer(0, rooms)
        for room in range(ROOMS):
            is_seen = (high[room, :2] > -1).all() and (low[room, :2] < 1).all()
            if not CLEAN or is_seen:
                draw.draw(VERTICES, 1, VERTICES * room)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
