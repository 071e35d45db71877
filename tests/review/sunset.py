"""A sky that fills the picture with every frame, and hills in front of it."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
@group(0) @binding(0) var<uniform> now: vec4f;
@vertex fn cover(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  let corners = array<vec2f, 3>(vec2f(-1, -1), vec2f(3, -1), vec2f(-1, 3));
  return vec4f(corners[i], 0, 1);
}
@fragment fn sky(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let height = at.y / 512;
  return vec4f(0.9 - 0.4 * height, 0.3 + now.x * height, 0.5, 1);
}
@vertex fn hill(@location(0) at: vec2f) -> @builtin(position) vec4f { return vec4f(at, 0, 1); }
@fragment fn green() -> @location(0) vec4f { return vec4f(0.1, 0.3, 0.1, 1); }
"""
SIDE = 512


def main():
    device = open_device()
    picture = make_picture(device, SIDE, SIDE)
    view = picture.create_view()
    module = device.create_shader_module(code=SHADER)
    sky = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-list"}, vertex={"module": module, "entry_point": "cover"},
        fragment={"module": module, "entry_point": "sky", "targets": [{"format": "rgba8unorm"}]})
    hills = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-strip"},
        vertex={"module": module, "entry_point": "hill", "buffers": [
            {"array_stride": 8, "attributes": [{"format": "float32x2", "offset": 0, "shader_location": 0}]}]},
        fragment={"module": module, "entry_point": "green", "targets": [{"format": "rgba8unorm"}]})
    x = np.repeat(np.linspace(-1, 1, 100), 2)
    line = np.stack([x, np.where(np.arange(200) % 2, -1, 0.2 * np.sin(5 * x) - 0.4)], axis=1).astype(np.float32)
    vertices = device.create_buffer_with_data(label="hills", data=line, usage=wgpu.BufferUsage.VERTEX)
    now = device.create_buffer(label="now", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
    group = device.create_bind_group(layout=sky.get_bind_group_layout(0), entries=[{"binding": 0, "resource": {"buffer": now}}])
    for frame in range(10):
        device.queue.write_buffer(now, 0, np.array([0.05 * frame, 0, 0, 0], dtype=np.float32))
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="evening", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear" if CLEAN else "load", "store_op": "store"}])
        draw.set_pipeline(sky)
        draw.set_bind_group(0, group)
        draw.draw(3)
        draw.set_pipeline(hills)
        draw.set_vertex_buffer(0, vertices)
        draw.draw(200)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
