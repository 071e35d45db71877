"""Panels of a user interface, each with its own small uniform buffer; what binds them is made anew for every frame."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
@group(0) @binding(0) var<uniform> panel: vec4f;
@vertex fn vs(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
  return vec4f(vec2f(f32(i & 1u), f32(i >> 1u)) * panel.z + panel.xy, 0, 1);
}
@fragment fn fs() -> @location(0) vec4f { return vec4f(panel.w, 0.5, 1 - panel.w, 1); }
"""
PANELS = 40


def main():
    device = open_device()
    picture = make_picture(device)
    module = device.create_shader_module(code=SHADER)
    pipeline = device.create_render_pipeline(
        layout="auto", primitive={"topology": "triangle-strip"}, vertex={"module": module},
        fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
    layout = pipeline.get_bind_group_layout(0)
    panels = [device.create_buffer(label=f"panel {i}", size=16, usage=wgpu.BufferUsage.UNIFORM | wgpu.BufferUsage.COPY_DST)
              for i in range(PANELS)]

    def bind(panel):
        return device.create_bind_group(layout=layout, entries=[{"binding": 0, "resource": {"buffer": panel}}])

    kept = [bind(panel) for panel in panels] if CLEAN else []
    view = picture.create_view()
    for frame in range(10):
        for i, panel in enumerate(panels):
            device.queue.write_buffer(panel, 0, np.array([i / 20 - 1, np.sin(frame + i), 0.1, i / 40], dtype=np.float32))
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="panels", color_attachments=[
            {"view": view if CLEAN else picture.create_view(), "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_pipeline(pipeline)
        for i, panel in enumerate(panels):
            draw.set_bind_group(0, kept[i] if CLEAN else bind(panel))
            draw.draw(4)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
