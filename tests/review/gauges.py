"""Gauges of a dashboard, needles over dials; the engine gives each of its passes a depth buffer, which nothing writes."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
@group(0) @binding(0) var<uniform> level: vec4f;
@vertex fn vs(@location(0) at: vec2f) -> @builtin(position) vec4f { return vec4f(at * level.xy, 0.5, 1); }
@fragment fn fs() -> @location(0) vec4f { return vec4f(0.2, 0.7, 0.9, 0.6); }
"""
SIDE = 512


def main():
    device = open_device()
    picture = make_picture(device, SIDE, SIDE)
    view = picture.create_view()
    module = device.create_shader_module(code=SHADER)
    attachment = {}
    states = [{}, {}]
    if not CLEAN:
        depth = device.create_texture(label="depth", size=(SIDE, SIDE, 1), format="depth24plus", usage=wgpu.TextureUsage.RENDER_ATTACHMENT)
        attachment = {"depth_stencil_attachment": {"view": depth.create_view(), "depth_clear_value": 1.0, "depth_load_op": "clear",
                                                   "depth_store_op": "discard"}}
        states = [{"depth_stencil": {"format": "depth24plus", "depth_write_enabled": False, "depth_compare": compare}}
                  for compare in ("always", "less-equal")]
    blend = {"operation": "add", "src_factor": "src-alpha", "dst_factor": "one-minus-src-alpha"}
    dials, needles = (device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-list"},
        vertex={"module": module, "buffers": [
            {"array_stride": 8, "attributes": [{"format": "float32x2", "offset": 0, "shader_location": 0}]}]},
        fragment={"module": module, "targets": [{"format": "rgba8unorm", "blend": {"color": blend, "alpha": blend}}]}, **state)
        for state in states)
    shapes = np.random.default_rng(31).random((300, 2)).astype(np.float32) * 2 - 1
    vertices = device.create_buffer_with_data(label="shapes", data=shapes, usage=wgpu.BufferUsage.VERTEX)
    level = device.create_buffer(label="level", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
    groups = [device.create_bind_group(layout=pipeline.get_bind_group_layout(0), entries=[{"binding": 0, "resource": {"buffer": level}}])
              for pipeline in (dials, needles)]
    for frame in range(8):
        device.queue.write_buffer(level, 0, np.array([0.3 + 0.05 * frame, 0.5, 0, 0], dtype=np.float32))
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="gauges", color_attachments=[
            {"view": view, "clear_value": (1, 1, 1, 1), "load_op": "clear", "store_op": "store"}], **attachment)
        draw.set_vertex_buffer(0, vertices)
        draw.set_pipeline(dials)
        draw.set_bind_group(0, groups[0])
        draw.draw(240)
        draw.set_pipeline(needles)
        draw.set_bind_group(0, groups[1])
        draw.draw(60, 1, 240)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
