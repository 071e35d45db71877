"""A surface of 120 by 120 points that turns."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
@group(0) @binding(0) var<uniform> turn: vec4f;
@vertex fn vs(@location(0) at: vec3f) -> @builtin(position) vec4f {
  return vec4f(at.x * turn.x - at.z * turn.y, at.y, 0.5 + 0.3 * at.z, 1);
}
@fragment fn fs(@builtin(position) at: vec4f) -> @location(0) vec4f { return vec4f(at.z, 1 - at.z, 0.3, 1); }
"""
SIDE = 120


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-list"},
        vertex={"module": module, "buffers": [
            {"array_stride": 12, "attributes": [{"format": "float32x3", "offset": 0, "shader_location": 0}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    x, z = np.meshgrid(np.linspace(-0.7, 0.7, SIDE), np.linspace(-0.7, 0.7, SIDE))
    points = np.stack([x, 0.5 * np.sin(4 * x) * np.cos(4 * z), z], axis=-1).astype(np.float32)
    corner = (np.arange(SIDE - 1)[:, None] * SIDE + np.arange(SIDE - 1)).reshape(-1, 1)
    indices = (corner + [0, 1, SIDE, 1, SIDE, SIDE + 1]).astype(np.uint16 if CLEAN else np.uint32)
    vertices = device.create_buffer_with_data(label="points", data=points, usage=wgpu.BufferUsage.VERTEX)
    faces = device.create_buffer_with_data(label="faces", data=indices, usage=wgpu.BufferUsage.INDEX)
    turn = device.create_buffer(label="turn", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
    group = device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[{"binding": 0, "resource": {"buffer": turn}}])
    for frame in range(8):
        device.queue.write_buffer(turn, 0, np.array([np.cos(0.2 * frame), np.sin(0.2 * frame), 0, 0], dtype=np.float32))
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="surface", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        draw.set_bind_group(0, group)
        draw.set_vertex_buffer(0, vertices)
        draw.set_index_buffer(faces, "uint16" if CLEAN else "uint32")
        draw.draw_indexed(indices.size)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
