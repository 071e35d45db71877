"""Ribbons with smooth edges: four samples a pixel, which the pass brings together in the picture."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
@group(0) @binding(0) var<uniform> turn: vec4f;
@vertex fn vs(@location(0) at: vec2f) -> @builtin(position) vec4f {
  return vec4f(at.x * turn.x - at.y * turn.y, at.x * turn.y + at.y * turn.x, 0, 1);
}
@fragment fn fs() -> @location(0) vec4f { return vec4f(0.9, 0.3, 0.5, 1); }
"""
SIDE = 256


def main():
    device = open_device()
    picture = make_picture(device, SIDE, SIDE)
    samples = device.create_texture(label="samples", size=(SIDE, SIDE, 1), format="rgba8unorm", sample_count=4,
                                    usage=wgpu.TextureUsage.RENDER_ATTACHMENT)
    view, samples_view = picture.create_view(), samples.create_view()
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-strip"}, multisample={"count": 4},
        vertex={"module": module, "buffers": [
            {"array_stride": 8, "attributes": [{"format": "float32x2", "offset": 0, "shader_location": 0}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    along = np.linspace(0, 12, 400, dtype=np.float32)
    edge = 0.07 * along + np.tile([0, 0.08], 200)
    ribbon = np.stack([np.cos(along) * edge, np.sin(along) * edge], axis=1).astype(np.float32)
    vertices = device.create_buffer_with_data(label="ribbon", data=ribbon, usage=wgpu.BufferUsage.VERTEX)
    turn = device.create_buffer(label="turn", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
    group = device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[{"binding": 0, "resource": {"buffer": turn}}])
    for frame in range(8):
        device.queue.write_buffer(turn, 0, np.array([np.cos(0.2 * frame), np.sin(0.2 * frame), 0, 0], dtype=np.float32))
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="ribbons", color_attachments=[
            {"view": samples_view, "resolve_target": view, "clear_value": (1, 1, 1, 1), "load_op": "clear",
             "store_op": "discard" if CLEAN else "store"}])
        draw.set_pipeline(pipeline)
        draw.set_bind_group(0, group)
        draw.set_vertex_buffer(0, vertices)
        draw.draw(400)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
