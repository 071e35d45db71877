"""Eight materials that differ in their colour only; each brings its own shader module and pipeline."""
import numpy as np
import wgpu
from headless import CLEAN, end_frame, make_picture, open_device, print_picture

SHADER = """
@group(0) @binding(0) var<uniform> color: vec4f;
@vertex fn vs(@location(0) at: vec2f) -> @builtin(position) vec4f { return vec4f(at * 0.5 + color.xy - 0.5, 0, 1); }
@fragment fn fs(@builtin(position) at: vec4f) -> @location(0) vec4f {
  let light = 0.5 + 0.5 * sin(at.x * 0.1) * cos(at.y * 0.1);
  return vec4f(color.rgb * light, 1);
}
"""


class Material:
    known = {}
    layout = None

    def __init__(self, device, layout, color):
        self.buffer = device.create_buffer_with_data(label="color", data=np.array(color, dtype=np.float32), usage=wgpu.BufferUsage.UNIFORM)
        self.group = device.create_bind_group(layout=layout, entries=[{"binding": 0, "resource": {"buffer": self.buffer}}])
        if not CLEAN or not Material.known:
            module = device.create_shader_module(code=SHADER)
            Material.known["lit"] = device.create_render_pipeline(
                layout=Material.layout,
                primitive={"topology": "triangle-list"},
                vertex={"module": module, "buffers": [
                    {"array_stride": 8, "attributes": [{"format": "float32x2", "offset": 0, "shader_location": 0}]}]},
                fragment={"module": module, "targets": [{"format": "rgba8unorm"}]})
        self.pipeline = Material.known["lit"]


def main():
    device = open_device()
    picture = make_picture(device)
    view = picture.create_view()
    layout = device.create_bind_group_layout(entries=[
        {"binding": 0, "visibility": wgpu.ShaderStage.VERTEX | wgpu.ShaderStage.FRAGMENT, "buffer": {"type": "uniform"}}])
    Material.layout = device.create_pipeline_layout(bind_group_layouts=[layout])
    materials = [Material(device, layout, color) for color in np.random.default_rng(9).random((8, 4))]
    corners = device.create_buffer_with_data(label="corners", data=np.array([0, 0, 1, 0, 0, 1], dtype=np.float32),
                                             usage=wgpu.BufferUsage.VERTEX)
    for _ in range(6):
        encoder = device.create_command_encoder()
        draw = encoder.begin_render_pass(label="materials", color_attachments=[
            {"view": view, "clear_value": (0, 0, 0, 1), "load_op": "clear", "store_op": "store"}])
        draw.set_vertex_buffer(0, corners)
        current = None
        for material in materials:
            if material.pipeline is not current:
                draw.set_pipeline(material.pipeline)
                current = material.pipeline
            draw.set_bind_group(0, material.group)
            draw.draw(3)
        draw.end()
        device.queue.submit([encoder.finish()])
        end_frame(device)
    print_picture(device, picture)


main()
