"""Boxes with a depth buffer. Nothing reads the depth after its pass, and the next frame clears it."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
@group(0) @binding(0) var<uniform> turn: vec4f;
@vertex fn vs(@location(0) at: vec3f) -> @builtin(position) vec4f {
  return vec4f(at.x * turn.x - at.z * turn.y, at.y, 0.5 + 0.4 * (at.x * turn.y + at.z * turn.x), 1);
}
@fragment fn fs(@builtin(position) at: vec4f) -> @location(0) vec4f { return vec4f(at.z, 1 - at.z, 0.3, 1); }
"""
SIDE = 512


def main():
    device = open_device()
    picture = make_picture(device, SIDE, SIDE)
    view = picture.create_view()
    depth = device.create_texture(label="depth", size=(SIDE, SIDE, 1), format="depth32float",
                                  usage=wgpu.TextureUsage.RENDER_ATTACHMENT)
    depth_view = depth.create_view()
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-list"},
        vertex={"module": module, "buffers": [
            {"array_stride": 12, "attributes": [{"format": "float32x3", "offset": 0, "shader_location": 0}]}]},
        depth_stencil={"format": "depth32float", "depth_write_enabled": True, "depth_compare": "less"},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    corners = np.random.default_rng(14).random((90, 3)).astype(np.float32) - 0.5
    vertices = device.create_buffer_with_data(label="boxes", data=corners, usage=wgpu.BufferUsage.VERTEX)
    turn = device.create_buffer(label="turn", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
    group = device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[{"binding": 0, "resource": {"buffer": turn}}])
    for frame in range(8):
        device.queue.write_buffer(turn, 0, np.array([np.cos(0.2 * frame), np.sin(0.2 * frame), 0, 0], dtype=np.float32))
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(
            label="boxes",
            color_attachments=[{"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}],
            depth_stencil_attachment={"view": depth_view, "depth_clear_value": 1.0, "depth_load_op": "clear",
                                      "depth_store_op": "discard" if CLEAN else "store"})
        draw.set_pipeline(pipeline)
        draw.set_bind_group(0, group)
        draw.set_vertex_buffer(0, vertices)
        draw.draw(90)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
